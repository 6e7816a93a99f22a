"""The page on which participants say when a lane learned of a moment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from secondstory.reviews.frame import workshop
from secondstory.timeline import learned_changes, wording
from secondstory.timeline.forms import LearnedForm
from secondstory.timeline.models import Learned
from secondstory.timeline.rules import Refused
from secondstory.timeline.views import lanes_of, moment_here, zone_note


@login_required
@require_http_methods(["GET", "POST"])
def learned(request: HttpRequest, review_id: str, moment_id: str) -> HttpResponse:
    """Which lanes learned of a moment, and when; POST says it of one."""
    shop = workshop(request, review_id, "timeline")
    moment = moment_here(request, shop, moment_id)
    form = LearnedForm(request.POST or None, initial={"at": moment.at})
    if request.method == "POST" and form.is_valid() and _said(request, moment_id, form):
        return redirect(reverse("timeline", args=[shop.review.pk]) + f"#m-{moment.pk}")
    context = {
        "moment": moment,
        "rows": Learned.objects.visible_to(request.user).filter(moment=moment).select_related("lane"),
        "form": form,
        "lanes": lanes_of(shop, request.user),
        "zone": zone_note(shop),
    }
    return render(request, "timeline/learned.html", shop.context | context, status=422 if form.errors else 200)


def _said(request: HttpRequest, moment_id: str, form: LearnedForm) -> bool:
    given: dict[str, Any] = form.cleaned_data
    try:
        learned_changes.learn(moment_id, request.user, given["lane"], given["at"], given["how"])
    except Refused as refused:
        for name, code in refused.problems:
            form.add_error(name, wording.problem(code))
        return False
    messages.success(request, _("Saved."))
    return True


@login_required
@require_POST
def remove(request: HttpRequest, review_id: str, moment_id: str, learned_id: str) -> HttpResponse:
    """Takes off that a lane learned of the moment."""
    shop = workshop(request, review_id, "timeline")
    moment = moment_here(request, shop, moment_id)
    rows = Learned.objects.visible_to(request.user).filter(moment=moment)
    learned_changes.unlearn(get_object_or_404(rows, pk=learned_id).pk, request.user)
    messages.success(request, _("Taken off. The moment's history keeps what was said."))
    return redirect("moment_learned", shop.review.pk, moment.pk)
