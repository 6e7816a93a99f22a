"""Laying a passage beside a moment, and what people say of the passages that stand there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secondstory.reviews.frame import workshop
from secondstory.reviews.rules import Refused
from secondstory.stories import beside_changes
from secondstory.stories.beside_reading import beside_of
from secondstory.stories.forms import OtherwiseForm
from secondstory.stories.models import Contrast, Part, Perspective
from secondstory.stories.reading import told
from secondstory.stories.rules import BESIDE, passages_of
from secondstory.timeline.models import Moment


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lay(request: HttpRequest, review_id: str, told_id: str) -> HttpResponse:
    """The author lays a passage beside a moment; the facilitator asks the author for it."""
    here = workshop(request, review_id, "stories")
    rows = Part.objects.visible_to(request.user).filter(review=here.review).select_related("text", "author")
    part = get_object_or_404(rows, pk=told_id)
    own = part.author_id == request.user.pk
    if request.method == "POST" and (done := _laid(request, part, own=own)):
        return done
    (each,) = told([part])
    moments = Moment.objects.visible_to(request.user).standing().filter(review=here.review)
    context = {
        "told": each,
        "own": own,
        "passages": passages_of(each.words),
        "moments": moments,
        "kinds": Perspective.Kind.choices,
        "kind": request.POST.get("kind") or (part.name if part.name in BESIDE else "did"),
        "who": here.context["names"].get(part.author_id, ""),
        "typed": request.POST,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "stories/lay.html", here.context | context, status=status)


@login_required
@never_cache
@require_safe
def accounts(request: HttpRequest, review_id: str, moment_id: str) -> HttpResponse:
    """One moment with every passage beside it that this person may read; with `part=beside` those alone."""
    here = workshop(request, review_id, "timeline")
    moment = get_object_or_404(Moment.objects.visible_to(request.user).standing(), review=here.review, pk=moment_id)
    laid = beside_of(here.review, request.user, [moment.pk]).get(moment.pk)
    template = "stories/_accounts.html" if request.GET.get("part") == "beside" else "stories/accounts.html"
    context = {"moment": moment, "laid": laid, "marks": Contrast.Mark.choices, "form": OtherwiseForm()}
    return render(request, template, here.context | context)


@login_required
@require_POST
def answer(request: HttpRequest, review_id: str, perspective_id: str) -> HttpResponse:
    """The author's yes or no; a no takes the passage back, before or after."""
    here = workshop(request, review_id, "stories")
    beside = _visible(request, here.review, perspective_id)
    if request.POST.get("answer") == "yes":
        beside_changes.agree(beside.pk, by=request.user)
    else:
        beside_changes.take_back(beside.pk, by=request.user)
    return redirect("accounts", here.review.pk, beside.moment_id)


@login_required
@require_POST
def contrast(request: HttpRequest, review_id: str, perspective_id: str) -> HttpResponse:
    """What somebody says of two passages."""
    here = workshop(request, review_id, "stories")
    beside = _visible(request, here.review, perspective_id)
    try:
        other, says = request.POST.get("other", ""), request.POST.get("mark", "")
        beside_changes.mark(beside.pk, other, by=request.user, says=says)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("accounts", here.review.pk, beside.moment_id)


@login_required
@require_POST
def otherwise(request: HttpRequest, review_id: str, perspective_id: str) -> HttpResponse:
    """When and how it was learned that it was otherwise."""
    here = workshop(request, review_id, "stories")
    beside = _visible(request, here.review, perspective_id)
    form = OtherwiseForm(request.POST)
    if "remove" in request.POST:
        beside_changes.found_otherwise(beside.pk, by=request.user, at=None, how="")
    elif not form.is_valid():
        messages.error(request, _("Say when it was learned, and how."))
    else:
        _found(request, beside, form)
    return redirect("accounts", here.review.pk, beside.moment_id)


def _found(request: HttpRequest, beside: Perspective, form: OtherwiseForm) -> None:
    try:
        beside_changes.found_otherwise(beside.pk, by=request.user, **form.cleaned_data)
    except Refused as refused:
        messages.error(request, str(refused))


def _visible(request: HttpRequest, review: Any, perspective_id: str) -> Perspective:
    rows = Perspective.objects.visible_to(request.user).filter(review=review)
    return get_object_or_404(rows, pk=perspective_id)


def _laid(request: HttpRequest, part: Part, *, own: bool) -> HttpResponse | None:
    given = request.POST
    words = given.get("words", "").strip() or given.get("passage", "")
    change = beside_changes.lay if own else beside_changes.ask_for
    try:
        change(part.pk, given.get("moment", ""), by=request.user, kind=given.get("kind", ""), words=words)
    except Refused as refused:
        messages.error(request, str(refused))
        return None
    if not own:
        messages.success(request, _("Asked. It stands there once its author agrees."))
        return redirect("stories", part.review_id)
    return redirect(reverse("timeline", args=[part.review_id]) + f"#m-{given.get('moment', '')}")
