"""Which places a lane could read: what was said of it, and what its own lines suggest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min

from secondstory.evidence.models import Evidence, Import
from secondstory.people.models import is_member
from secondstory.reviews.models import Participation, ParticipationRows, Review
from secondstory.timeline.models import Lane, LanePlace, Ranking
from secondstory.timeline.ranking_changes import fresh
from secondstory.timeline.rules import NEVER, Window

PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Place:
    """A place that evidence came from, and whether everybody could read it."""

    name: str
    public: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """That a lane could read a place from its own first line there."""

    place: str
    since: datetime


def stood_for(lane: Lane, person: Any) -> ParticipationRows:
    """Whom a lane stands for: those who are called as it is. A system or a team stands for nobody by itself."""
    return Participation.objects.visible_to(person).filter(review_id=lane.review_id, role_label=lane.name)


def said_of(lane: Lane, person: Any) -> list[LanePlace]:
    """What was said of a lane's places, as this person may read it."""
    return list(LanePlace.objects.visible_to(person).filter(lane=lane))


def windows_of(rows: Iterable[LanePlace]) -> dict[str, tuple[Window, ...]]:
    """The stretches of time by place; a place that could never be read has none."""
    windows: dict[str, tuple[Window, ...]] = {}
    for row in rows:
        more = (Window(row.since, row.until),) if row.reads else NEVER
        windows[row.place] = windows.get(row.place, NEVER) + more
    return windows


def places_of(review: Review, person: Any) -> list[Place]:
    """The places of a review's evidence, those that not everybody could read first."""
    sources = Import.objects.visible_to(person).filter(review=review, state=Import.State.DONE)
    reaches: dict[str, bool] = {}
    for found in sources.values_list("found", flat=True):
        for each in found.get("places", []):
            reaches[each["name"]] = reaches.get(each["name"], True) and each["reach"] == PUBLIC
    for name in _ranked(review, person):
        if name not in reaches:
            reaches[name] = not _hidden(review, person).filter(place=name).exists()
    return sorted((Place(name, public) for name, public in reaches.items() if name), key=_order)


def _ranked(review: Review, person: Any) -> list[str]:
    """Places that were noticed when the evidence was last read through. A guest is told none: some are handles."""
    fresh(review)
    rankings: Any = Ranking.objects.visible_to(person).filter(review=review)
    return list(rankings.values_list("places", flat=True).first() or []) if is_member(person) else []


def suggested(lane: Lane, person: Any) -> list[Suggestion]:
    """Places that not everybody could read, where those whom this lane stands for wrote, and nothing was said yet."""
    handles = _handles(lane, person)
    hidden = [place.name for place in places_of(lane.review, person) if not place.public]
    if not (handles and hidden):
        return []
    said = {row.place for row in said_of(lane, person)}
    lines = _hidden(lane.review, person).filter(place__in=[name for name in hidden if name not in said])
    first = lines.filter(author__in=handles).values("place").annotate(first=Min("at")).order_by("place")
    return [Suggestion(each["place"], each["first"]) for each in first]


def _order(place: Place) -> tuple[bool, str]:
    return place.public, place.name.casefold()


def _hidden(review: Review, person: Any) -> Any:
    return Evidence.objects.visible_to(person).filter(review=review).exclude(reach=PUBLIC)


def _handles(lane: Lane, person: Any) -> set[str]:
    parts = stood_for(lane, person).select_related("person")
    bare = {handle.lstrip("@") for part in parts for handle in part.person.handles}
    return {way for name in bare for way in (name, name.lower(), f"@{name}", f"@{name.lower()}")}
