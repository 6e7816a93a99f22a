"""The lanes drawn: a page whose table says the same, its numbers, and what the drawing reads."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from secondstory.reviews.frame import review_here, workshop
from secondstory.timeline import crowding, drawing
from secondstory.timeline.views import by_htmx, zone_note

MOST_ROWS = 60


@login_required
@require_GET
def lanes_drawn(request: HttpRequest, review_id: str) -> HttpResponse:
    """Moments in their lanes; with `part=table` the table alone."""
    shop = workshop(request, review_id, "timeline")
    context = {"drawing": drawing.drawing_of(shop.review, request.user), "zone": zone_note(shop)}
    part = by_htmx(request) and request.GET.get("part") == "table"
    template = "timeline/_lanes_table.html" if part else "timeline/lanes_drawn.html"
    return render(request, template, shop.context | context)


@login_required
@require_GET
def lanes_evidence(request: HttpRequest, review_id: str) -> HttpResponse:
    """How much evidence lies where in time, in numbers."""
    shop = workshop(request, review_id, "timeline")
    context = {"crowd": crowding.crowd_of(shop.review, request.user, most=MOST_ROWS)}
    template = "timeline/_lanes_evidence.html" if by_htmx(request) else "timeline/lanes_evidence.html"
    return render(request, template, shop.context | context)


@login_required
@require_GET
def lanes_data(request: HttpRequest, review_id: str) -> JsonResponse:
    """What the drawing shows; with `since` and `until` (milliseconds) the evidence of that time alone."""
    review = review_here(request.user, review_id)
    if "since" in request.GET or "until" in request.GET:
        since, until = (_time(request.GET.get(name, "")) for name in ("since", "until"))
        return JsonResponse({"evidence": crowding.as_json(crowding.crowd_of(review, request.user, since, until))})
    told = drawing.as_json(drawing.drawing_of(review, request.user))
    return JsonResponse(told | {"evidence": crowding.as_json(crowding.crowd_of(review, request.user))})


def _time(ms: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(ms) / 1_000, tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Http404 from error
