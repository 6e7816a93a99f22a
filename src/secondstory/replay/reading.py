"""What a lane could see at a time, read with the eyes of whoever looks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from secondstory.evidence.importers.edits import last_edit
from secondstory.evidence.models import Evidence
from secondstory.evidence.telling import as_told_to
from secondstory.replay.accounts import accounts_of
from secondstory.replay.rules import (
    PUBLIC,
    Account,
    Line,
    SeenLine,
    SeenMoment,
    Told,
    account_at,
    decision_points,
    line_at,
    moment_at,
    to_stand_at,
)
from secondstory.timeline.models import Lane, Learned, Moment
from secondstory.timeline.place_reading import said_of, windows_of
from secondstory.timeline.rules import Window

PAGE = 60
INSTANT = timedelta(microseconds=1)
Said = Mapping[str, tuple[Window, ...]]


@dataclass(frozen=True, slots=True)
class Stand:
    """All there is about a lane, the later included. It stays on this side of `seen`."""

    lane: Lane
    said: Said
    moments: list[Told]
    accounts: list[Account]


@dataclass(frozen=True, slots=True)
class Seen:
    """What was available at a time, oldest first, and where the lines before these end."""

    at: datetime
    lines: list[SeenLine]
    earlier: datetime | None
    moments: list[SeenMoment]
    accounts: list[Account]
    deciding: bool


def stand_of(lane: Lane, person: Any) -> Stand:
    """A lane with its places, moments and accounts, as this person may read them."""
    moments = _moments(lane, person)
    return Stand(lane, windows_of(said_of(lane, person)), list(moments.values()), accounts_of(lane, person, moments))


def seen(stand: Stand, person: Any, at: datetime, before: datetime | None = None) -> Seen:
    """What was available in this lane at a time; of the lines those up to `before`, when it is given."""
    lines, earlier = _lines(stand, person, at, before)
    moments = [shown for each in stand.moments if (shown := moment_at(each, at))]
    return Seen(
        at=at,
        lines=lines,
        earlier=earlier,
        moments=sorted(moments, key=lambda moment: (moment.known, moment.at)),
        accounts=seen_accounts(stand, at),
        deciding=at in {to_stand_at(point) for point in decision_points(stand.moments)},
    )


def seen_accounts(stand: Stand, at: datetime) -> list[Account]:
    """The passages that were the lane's by a time."""
    return [shown for each in stand.accounts if (shown := account_at(each, at))]


def readable(stand: Stand, person: Any, at: datetime) -> Any:
    """The lines that the lane could have read by a time: the same rule as `line_known`, asked of the database."""
    found = Q(reach=PUBLIC) & ~Q(place__in=list(stand.said)) & stood_by(at)
    for place, windows in stand.said.items():
        for window in windows:
            if window.since is None or window.since <= at:
                end = at if window.until is None else min(at, window.until - INSTANT)
                found |= Q(place=place) & stood_by(end)
    return lines_of(stand, person).filter(found)


def stood_by(at: datetime) -> Q:
    """Lines that could be seen in their place by a time."""
    return Q(at__lte=at) & (Q(seen_from=None) | Q(seen_from__lte=at))


def lines_of(stand: Stand, person: Any) -> Any:
    """Every line of the lane's review."""
    return Evidence.objects.visible_to(person).filter(review_id=stand.lane.review_id)


def _lines(stand: Stand, person: Any, at: datetime, before: datetime | None) -> tuple[list[SeenLine], datetime | None]:
    rows = readable(stand, person, at)
    if before:
        rows = rows.filter(at__lte=before)
    found = list(rows.order_by("-at", "-number").defer("link", "digest", "thread", "service")[: PAGE + 1])
    earlier = found[-1].at if len(found) > PAGE else None
    # Lines of one instant stay together: the page before begins at a time, never at a number.
    shown = [row for row in found if row.at != earlier] or found[:PAGE]
    lines = [(row, line) for row in reversed(shown) if (line := line_at(_line(row), stand.said, at))]
    # What was readable is told by its place and its payload; only then are both said as this person may know them.
    as_told_to(person, stand.lane.review, [row for row, _line in lines])
    return [replace(line, author=line.author and row.author, place=row.place) for row, line in lines], earlier


def _line(row: Evidence) -> Line:
    return Line(
        at=row.at,
        place=row.place,
        reach=row.reach,
        kind=row.kind,
        author=row.author,
        text=row.text,
        seen_from=row.seen_from,
        edited=last_edit(row.format, row.payload),
        struck=row.struck_at is not None,
        snapshot=row.format == "pagerduty" and _is_snapshot(row.payload),
    )


def _is_snapshot(payload: str) -> bool:
    """Whether a line about an incident was made from the incident as it stood later."""
    try:
        given = json.loads(payload)
    except ValueError:
        return True
    return isinstance(given, dict) and given.get("type") == "incident"


def _moments(lane: Lane, person: Any) -> dict[str, Told]:
    learned = {each.moment_id: each for each in Learned.objects.visible_to(person).filter(lane=lane)}
    rows = Moment.objects.visible_to(person).standing().filter(review_id=lane.review_id)
    return {row.pk: _told(row, row.lane_id == lane.pk, learned.get(row.pk)) for row in rows}


def _told(row: Moment, own: bool, learned: Learned | None) -> Told:  # noqa: FBT001 - one caller
    return Told(
        at=row.at,
        when=row.when,
        until=row.until,
        what=row.what,
        information=row.information,
        decision=row.decision,
        pivot=row.pivot,
        own=own,
        learned=learned.at if learned else None,
        how=learned.how if learned else "",
    )
