"""Reading evidence a page at a time. Nothing here counts everything: a review may hold a million lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q

from secondstory.evidence.models import Evidence, Import
from secondstory.evidence.rules import window_around
from secondstory.evidence.telling import as_told_to
from secondstory.people.models import is_member
from secondstory.reviews.models import KeyTime, Review
from secondstory.reviews.rules import zone_named

PAGE = 50
# A rare word is looked for in so many lines at a time; then the page says how far it got.
LOOKED_THROUGH = 20_000
AROUND = 12
LIST_FIELDS = ("payload", "link", "digest")


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of lines in their order, where the pages before and after begin, and how far was looked."""

    rows: list[Evidence]
    earlier: str
    later: str
    stopped_at: datetime | None = None


def zone_of(review: Review) -> ZoneInfo:
    """The time zone of the event."""
    return zone_named(review.zone)


def default_window(review: Review, person: Any) -> tuple[datetime, datetime]:
    """Two hours either side of everything known about when it happened."""
    times = KeyTime.objects.visible_to(person).filter(review=review).values_list("at", flat=True)
    return window_around([review.happened_at, *times])


def places_of(review: Review, person: Any) -> list[str]:
    """The places evidence came from, as the imports noted them."""
    found = (
        Import.objects.visible_to(person).filter(review=review, state=Import.State.DONE).values_list("found", flat=True)
    )
    return sorted({place["name"] for each in found for place in each.get("places", []) if place["name"]})


def lines(review: Review, person: Any, given: Mapping[str, Any], cursor: str = "") -> Lines:
    """One page. `cursor` is "after:ADDRESS" or "before:ADDRESS", an address being a time and a number."""
    backwards, edge = _edge(cursor)
    order = ("-at", "-number") if backwards else ("at", "number")
    rows = _in_time(Evidence.objects.visible_to(person).filter(review=review), given).order_by(*order)
    # Handles are nothing a guest is told, and direct messages stand under them: to be found by one would tell it.
    if is_member(person) and given.get("place"):
        rows = rows.filter(place=given["place"])
    if edge:
        rows = rows.filter(_beyond(edge, backwards=backwards))
    stop = _stop(rows, given)
    if stop:
        rows = rows.filter(~_beyond(stop, backwards=backwards))
    found = _filtered(rows, given, by_handle=is_member(person)).defer(*LIST_FIELDS)[: PAGE + 1]
    return _page(as_told_to(person, review, found), cursor, stop, backwards=backwards)


def _page(found: list[Evidence], cursor: str, stop: tuple[datetime, int] | None, *, backwards: bool) -> Lines:
    more = len(found) > PAGE
    shown = found[:PAGE]
    if backwards:
        shown.reverse()
    edge_on = _address(shown[-1] if not backwards else shown[0]) if more else _written(stop) if stop else ""
    first = _address(shown[0]) if shown else ""
    last = _address(shown[-1]) if shown else ""
    stopped = stop[0] if stop and not more else None
    if backwards:
        return Lines(shown, f"before:{edge_on}" if edge_on else "", f"after:{last}" if last else "", stopped)
    earlier = f"before:{first}" if cursor and first else ""
    return Lines(shown, earlier, f"after:{edge_on}" if edge_on else "", stopped)


def _stop(rows: Any, given: Mapping[str, Any]) -> tuple[datetime, int] | None:
    """The last line to look at, when a filter could otherwise read a million lines to find three."""
    if not (given.get("q") or given.get("kind")):
        return None
    last: tuple[datetime, int] | None = rows.values_list("at", "number")[LOOKED_THROUGH : LOOKED_THROUGH + 1].first()
    return last


def _in_time(rows: Any, given: Mapping[str, Any]) -> Any:
    if given.get("since"):
        rows = rows.filter(at__gte=given["since"])
    if given.get("until"):
        rows = rows.filter(at__lte=given["until"])
    return rows


def _filtered(rows: Any, given: Mapping[str, Any], *, by_handle: bool) -> Any:
    if given.get("kind"):
        rows = rows.filter(kind=given["kind"])
    if given.get("q"):
        wanted = Q(text__icontains=given["q"])
        rows = rows.filter(wanted | Q(author__icontains=given["q"]) if by_handle else wanted)
    return rows


def _beyond(edge: tuple[datetime, int], *, backwards: bool) -> Q:
    """Strictly past an address. The plain bound on the time comes first: it is what the index can use."""
    at, number = edge
    if backwards:
        return Q(at__lte=at) & (Q(at__lt=at) | Q(number__lt=number))
    return Q(at__gte=at) & (Q(at__gt=at) | Q(number__gt=number))


def _address(row: Evidence) -> str:
    return _written((row.at, row.number))


def _written(edge: tuple[datetime, int]) -> str:
    return f"{edge[0].astimezone(UTC):%Y%m%dT%H%M%S.%f}-{edge[1]}"


def _edge(cursor: str) -> tuple[bool, tuple[datetime, int] | None]:
    way, _, address = cursor.partition(":")
    at, _, number = address.partition("-")
    try:
        edge = datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(number)
    except ValueError:
        return False, None
    return way == "before", edge


def around(line: Evidence, person: Any) -> tuple[list[Evidence], list[Evidence]]:
    """What stands before and after a line, from every place at once."""
    rows = Evidence.objects.visible_to(person).filter(review_id=line.review_id).defer(*LIST_FIELDS)
    edge = (line.at, line.number)
    before = list(rows.filter(_beyond(edge, backwards=True)).order_by("-at", "-number")[:AROUND])
    after = list(rows.filter(_beyond(edge, backwards=False)).order_by("at", "number")[:AROUND])
    return as_told_to(person, line.review, before[::-1]), as_told_to(person, line.review, after)
