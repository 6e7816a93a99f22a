"""The rule for lines of evidence, and that the database is asked for exactly what it says."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from tests.cast import HAPPENED, Cast
from tests.timeline.evidence import line

from secondstory.evidence.models import Evidence
from secondstory.replay.reading import readable, stand_of
from secondstory.replay.rules import Line, line_at, line_known
from secondstory.reviews.models import Review
from secondstory.timeline import lane_changes
from secondstory.timeline.models import LanePlace
from secondstory.timeline.rules import Window


def at(minutes: float) -> datetime:
    return HAPPENED + timedelta(minutes=minutes)


def of(row: Evidence) -> Line:
    return Line(row.at, row.place, row.reach, row.kind, row.author, row.text, seen_from=row.seen_from)


def test_a_line_says_nothing_before_it_was_known() -> None:
    late = Line(at(2), "#ops", "private", "message", "ana", "slow", seen_from=at(5))
    said = {"#ops": (Window(at(9), None),)}
    assert line_at(late, said, at(8)) is None
    shown = line_at(late, said, at(9))
    assert shown
    assert (shown.at, shown.text) == (at(2), "slow")
    assert line_at(late, {}, at(90)) is None


@pytest.mark.parametrize("seed", range(12))
def test_the_database_is_asked_for_what_the_rule_says(cast: Cast, review: Review, seed: int) -> None:
    chance = random.Random(seed)
    lane = lane_changes.add_lane(review, cast.bo, "on-call engineer")
    places = ["#a", "#b", "#c"]
    for _ in range(30):
        own = chance.randint(0, 20)
        seen_from = at(own + chance.randint(0, 5)) if chance.random() < 0.4 else None
        reach = chance.choice(["public", "private"])
        line(review, "x", at(own), place=chance.choice(places), reach=reach, seen_from=seen_from)
    for place in places[: chance.randint(0, 3)]:
        since, until = sorted(chance.sample(range(25), 2))
        reads = chance.random() < 0.8
        fields = {"since": at(since), "until": chance.choice([None, at(until)])} if reads else {}
        LanePlace(review=review, lane=lane, place=place, reads=reads, **fields).save()
    stand = stand_of(lane, cast.ana)
    rows = list(Evidence.objects.visible_to(cast.ana).filter(review=review))
    for minute in range(-1, 30, 3):
        told = {row.number for row in readable(stand, cast.ana, at(minute))}
        known = {row.number: line_known(of(row), stand.said) for row in rows}
        assert told == {number for number, time in known.items() if time and time <= at(minute)}
