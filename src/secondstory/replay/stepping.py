"""Where a step leads. The page never says beforehand: it would tell when something will happen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Min, Q

from secondstory.replay.reading import Stand, lines_of, stood_by
from secondstory.replay.rules import PUBLIC, decision_points, moment_known, times_of, to_stand_at

MINUTES = {"minute": 1, "ten": 10, "back": -1, "back-ten": -10}
STEPS = (*MINUTES, "next", "decision", "decision-before")


def beginning(stand: Stand, happened: datetime) -> datetime:
    """Where to stand first: when it happened, or at the lane's first moment if that was earlier."""
    known = (moment_known(moment) for moment in stand.moments if moment.own)
    return to_stand_at(min((happened, *(each for each in known if each))))


def step(stand: Stand, person: Any, at: datetime, way: str) -> datetime | None:
    """The time a step leads to; None when nothing lies that way."""
    if way in MINUTES:
        return _moved(at, MINUTES[way])
    if way == "next":
        return _first(times_of(stand.moments, stand.accounts) | _times_of_lines(stand, person, at), at)
    points = [to_stand_at(point) for point in decision_points(stand.moments)]
    if way == "decision":
        return min((point for point in points if point > at), default=None)
    return max((point for point in points if point < at), default=None)


def _moved(at: datetime, minutes: int) -> datetime | None:
    try:
        return at + timedelta(minutes=minutes)
    except OverflowError:
        return None


def _first(times: Iterable[datetime], at: datetime) -> datetime | None:
    return min((to_stand_at(time) for time in times if time > at), default=None)


def _times_of_lines(stand: Stand, person: Any, at: datetime) -> set[datetime]:
    """The first times after `at` at which a line became readable: in places as usual, and in each that was said."""
    lines = lines_of(stand, person)
    times = _after(lines.filter(reach=PUBLIC).exclude(place__in=list(stand.said)), at)
    for place, windows in stand.said.items():
        for window in windows:
            here = lines.filter(place=place)
            times |= {time for time in _after(here, max(at, window.since or at)) if _within(time, window.until)}
            opens = window.since
            if opens and opens > at and here.filter(stood_by(opens)).exists():
                times.add(opens)
    return times


def _within(time: datetime, until: datetime | None) -> bool:
    return until is None or time < until


def _after(rows: Any, at: datetime) -> set[datetime]:
    prompt = rows.filter(Q(seen_from=None) | Q(seen_from__lte=F("at")), at__gt=at)
    first = prompt.order_by("at", "number").values_list("at", flat=True).first()
    late = rows.filter(seen_from__gt=at, at__lt=F("seen_from")).aggregate(first=Min("seen_from"))["first"]
    return {time for time in (first, late) if time}
