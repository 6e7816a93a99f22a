"""The lanes of a timeline: whose side of it a moment shows."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from secondstory.reviews.frame import Workshop, workshop
from secondstory.timeline import lane_changes, wording
from secondstory.timeline.forms import LaneForm
from secondstory.timeline.models import Lane
from secondstory.timeline.rules import Refused


@login_required
@require_http_methods(["GET", "POST"])
def lanes(request: HttpRequest, review_id: str) -> HttpResponse:
    """All lanes in their order; POST adds one."""
    shop = workshop(request, review_id, "timeline")
    form = LaneForm(request.POST or None, auto_id="new-lane-%s")
    if request.method == "POST" and form.is_valid():
        lane_changes.add_lane(shop.review, request.user, form.cleaned_data["name"], form.cleaned_data["kind"])
        return redirect("lanes", shop.review.pk)
    return _page(request, shop, form)


@login_required
@require_POST
def lane(request: HttpRequest, review_id: str, lane_id: str) -> HttpResponse:
    """Renames a lane, moves it up or down, or removes it."""
    shop = workshop(request, review_id, "timeline")
    found = get_object_or_404(Lane.objects.visible_to(request.user), review=shop.review, pk=lane_id)
    if step := {"up": -1, "down": 1}.get(request.POST.get("move", "")):
        _move(request, shop, found, step)
    elif request.POST.get("remove"):
        _remove(request, found)
    else:
        return _rename(request, shop, found)
    return redirect("lanes", shop.review.pk)


def _move(request: HttpRequest, shop: Workshop, found: Lane, step: int) -> None:
    ids = list(Lane.objects.visible_to(request.user).filter(review=shop.review).values_list("pk", flat=True))
    here = ids.index(found.pk)
    there = min(max(here + step, 0), len(ids) - 1)
    ids[here], ids[there] = ids[there], ids[here]
    lane_changes.order_lanes(shop.review, request.user, ids)


def _remove(request: HttpRequest, found: Lane) -> None:
    try:
        lane_changes.remove_lane(found.pk, request.user)
    except lane_changes.InUse:
        messages.error(request, _("Moments stand in this lane. Move them to another first."))


def _rename(request: HttpRequest, shop: Workshop, found: Lane) -> HttpResponse:
    form = LaneForm(request.POST)
    try:
        if form.is_valid():
            lane_changes.change_lane(found.pk, request.user, form.cleaned_data["name"], form.cleaned_data["kind"])
            return redirect("lanes", shop.review.pk)
    except Refused as refused:
        for _field, code in refused.problems:
            form.add_error("name", wording.problem(code))
    messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return _page(request, shop, LaneForm(auto_id="new-lane-%s"), status=422)


def _page(request: HttpRequest, shop: Workshop, form: LaneForm, status: int = 200) -> HttpResponse:
    rows = Lane.objects.visible_to(request.user).filter(review=shop.review)
    context = {"lanes": rows, "form": form, "kinds": Lane.Kind.choices}
    return render(request, "timeline/lanes.html", shop.context | context, status=status)
