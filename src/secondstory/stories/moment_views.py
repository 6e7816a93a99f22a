"""From one's own account to a moment of the timeline: in words for everybody, with the passage beside it or without."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from secondstory.reviews.frame import Workshop, workshop
from secondstory.reviews.rules import Refused
from secondstory.stories import beside_changes
from secondstory.stories.models import Part, Perspective
from secondstory.stories.reading import own_parts, said_to_few, told
from secondstory.stories.rules import BESIDE, passages_of
from secondstory.timeline.forms import MomentForm, filled
from secondstory.timeline.rules import Row
from secondstory.timeline.views import lanes_of, zone_note


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, review_id: str, told_id: str) -> HttpResponse:
    """The passages of a part of one's own, and the form of a moment; words that few may read stop with a question."""
    here = workshop(request, review_id, "story")
    part = get_object_or_404(own_parts(here.review, request.user), pk=told_id)
    lanes = lanes_of(here, request.user)
    if request.method != "POST":
        row = Row(at=here.review.happened_at, what="", lane=here.part.role_label)
        return _page(request, here, part, filled(row, prefix="moment", lanes=lanes))
    form = MomentForm(request.POST, prefix="moment", lanes=lanes)
    if not form.is_valid():
        return _page(request, here, part, form, status=422)
    if request.POST.get("sure") != "yes" and _repeats(here, request.user, form.row):
        return _page(request, here, part, form, status=422, asks=True)
    return _made(request, here, part, form)


def _made(request: HttpRequest, here: Workshop, part: Part, form: MomentForm) -> HttpResponse:
    passage, kind = request.POST.get("passage", ""), request.POST.get("kind", "")
    try:
        moment = beside_changes.make_moment(part.pk, form.row, by=request.user, kind=kind, words=passage)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, here, part, form, status=422)
    messages.success(request, _("Added to the timeline."))
    return redirect(reverse("timeline", args=[here.review.pk]) + f"#m-{moment.pk}")


def _repeats(here: Workshop, author: Any, row: Row) -> bool:
    return said_to_few(here.review, author, f"{row.what}\n{row.information}\n{row.decision}")


def _page(
    request: HttpRequest, here: Workshop, part: Part, form: MomentForm, status: int = 200, *, asks: bool = False
) -> HttpResponse:
    (each,) = told([part])
    context = {
        "told": each,
        "passages": passages_of(each.words),
        "kinds": Perspective.Kind.choices,
        "kind": request.POST.get("kind") or (part.name if part.name in BESIDE else "did"),
        "typed": request.POST,
        "form": form,
        "zone": zone_note(here),
        "asks": asks,
    }
    return render(request, "stories/moment.html", here.context | context, status=status)
