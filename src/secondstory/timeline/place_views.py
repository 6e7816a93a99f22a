"""Which channels and other places a lane could read, and from when."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from secondstory.reviews.frame import Workshop, workshop
from secondstory.timeline import place_changes
from secondstory.timeline.forms import PlaceForm
from secondstory.timeline.models import Lane
from secondstory.timeline.place_reading import Place, places_of, said_of, suggested
from secondstory.timeline.views import zone_note


@login_required
@require_http_methods(["GET", "POST"])
def places(request: HttpRequest, review_id: str, lane_id: str) -> HttpResponse:
    """What was said of a lane's places; POST says more or takes something back."""
    shop = workshop(request, review_id, "timeline")
    lane = get_object_or_404(
        Lane.objects.visible_to(request.user).select_related("review"), review=shop.review, pk=lane_id
    )
    known = places_of(shop.review, request.user)
    if request.method != "POST":
        return _page(request, shop, lane, known, PlaceForm(places=known))
    if "remove" in request.POST:
        _take_back(request, lane, request.POST["remove"])
    elif "take" in request.POST:
        place_changes.take_suggestions(lane.pk, request.user)
    else:
        form = PlaceForm(request.POST, places=known)
        if not form.is_valid():
            return _page(request, shop, lane, known, form, status=422)
        _say(request, lane, form)
    return redirect("lane_places", shop.review.pk, lane.pk)


def _take_back(request: HttpRequest, lane: Lane, row_id: str) -> None:
    if row_id not in {row.pk for row in said_of(lane, request.user)}:
        raise Http404
    place_changes.unsay(row_id, request.user)


def _say(request: HttpRequest, lane: Lane, form: PlaceForm) -> None:
    given = form.cleaned_data
    if given["could"] == "between":
        place_changes.between(lane.pk, request.user, given["place"], given["since"], given["until"])
    else:
        (place_changes.always if given["could"] == "always" else place_changes.never)(
            lane.pk, request.user, given["place"]
        )


def _page(
    request: HttpRequest, shop: Workshop, lane: Lane, known: list[Place], form: PlaceForm, status: int = 200
) -> HttpResponse:
    said = said_of(lane, request.user)
    context = {
        "lane": lane,
        "form": form,
        "said": said,
        "suggested": suggested(lane, request.user),
        "usual": [place for place in known if place.name not in {row.place for row in said}],
        "zone": zone_note(shop),
    }
    return render(request, "timeline/places.html", shop.context | context, status=status)
