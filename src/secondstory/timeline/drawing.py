"""What the lanes show: moments in their lanes, key times, and the time between visible and learned. Read as one person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from secondstory.reviews.models import KeyTime, Review
from secondstory.reviews.rules import KEY_TIMES
from secondstory.timeline.besides import Besides, besides_of
from secondstory.timeline.models import Lane, Moment
from secondstory.timeline.offers import differing
from secondstory.timeline.rules import cut

LONGEST_TOLD = 160


@dataclass(frozen=True, slots=True)
class Gap:
    """A lane learned of a moment some time after it could be seen somewhere."""

    lane: str
    name: str
    since: datetime
    at: datetime
    how: str

    @property
    def lasted(self) -> bool:
        """Long enough to be told in minutes."""
        return self.at - self.since >= timedelta(minutes=1)


@dataclass(slots=True)
class Mark:
    """A moment in its lane."""

    moment: Moment
    gaps: list[Gap] = field(default_factory=list)
    differs: bool = False


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """A key time that is known."""

    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Drawing:
    """The lanes of one review, in the order in which they are drawn."""

    lanes: list[Lane]
    marks: list[Mark]
    times: list[KeyPoint]


def drawing_of(review: Review, person: Any) -> Drawing:
    """Everything but the evidence. Five queries."""
    lanes = list(Lane.objects.visible_to(person).filter(review=review))
    found = {lane.name: lane for lane in lanes}
    moments = list(Moment.objects.visible_to(person).standing().filter(review=review))
    besides = besides_of(review, person, {})
    elsewhere = differing(review, person)
    marks = [_mark(each, besides[each.pk], found, elsewhere) for each in moments]
    return Drawing(lanes, marks, _times(review, person))


def _mark(moment: Moment, besides: Besides, lanes: dict[str, Lane], elsewhere: Collection[str]) -> Mark:
    since = min((source.visible_since for source in besides.sources), default=moment.at)
    gaps = [
        Gap(lanes[knew.lane].pk, knew.lane, min(since, knew.at), knew.at, knew.how)
        for knew in besides.learned
        if knew.lane in lanes
    ]
    return Mark(moment, gaps, bool(besides.voices) or moment.pk in elsewhere)


def _times(review: Review, person: Any) -> list[KeyPoint]:
    rows = KeyTime.objects.visible_to(person).filter(review=review, name__in=KEY_TIMES[review.kind])
    return [KeyPoint(str(KeyTime.Name(row.name).label), row.at) for row in rows.order_by("at")]


def as_json(drawing: Drawing) -> dict[str, Any]:
    """The same for the island; times in milliseconds."""
    return {
        "lanes": [{"id": lane.pk, "name": lane.name, "kind": lane.kind} for lane in drawing.lanes],
        "moments": [_moment(mark) for mark in drawing.marks],
        "gaps": [_gap(mark.moment, gap) for mark in drawing.marks for gap in mark.gaps],
        "times": [{"name": each.name, "at": _ms(each.at)} for each in drawing.times],
    }


def _moment(mark: Mark) -> dict[str, Any]:
    moment = mark.moment
    return {
        "id": moment.pk,
        "lane": moment.lane_id or "",
        "at": _ms(moment.at),
        "until": _ms(moment.until) if moment.until else None,
        "when": moment.when,
        "what": cut(moment.what, LONGEST_TOLD),
        "pivot": moment.pivot,
        "differs": mark.differs,
    }


def _gap(moment: Moment, gap: Gap) -> dict[str, Any]:
    return {"moment": moment.pk, "lane": gap.lane, "since": _ms(gap.since), "at": _ms(gap.at), "how": gap.how}


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1_000)
