"""Who stands in a lane at a time is told nothing that was not to be read there by then: no word, nor when there was one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest
from tests.cast import HAPPENED, make_review
from tests.clients import client_of
from tests.privacy.leak import none_of, walked
from tests.privacy.rows import system
from tests.privacy.told import everything_told
from tests.privacy.world import World

from secondstory.evidence.models import Evidence
from secondstory.replay.asking import written
from secondstory.replay.reading import PAGE
from secondstory.reviews.models import Review
from secondstory.timeline.models import Lane, LanePlace

pytestmark = pytest.mark.django_db
THERE, THEN, LATER, HIDDEN = "puffincanary", timedelta(hours=2), timedelta(hours=3), "lemurcanary"
# Where each line came in, how far that reaches, and how many minutes after what happened the first of them did.
NOT_TO_BE_READ = {
    "in a place for a few": ("between-two", "direct", 20, None),
    "where the lane never read": ("shut", "public", 40, None),
    "after the lane left": ("rota", "public", 60, None),
    "shown to nobody before later": ("open", "public", 80, LATER),
    "of later": ("open", "public", 140, None),
}


@pytest.fixture
def lane(world: World) -> Lane:
    """A lane that reads one public place always, another until somebody left it, and never a third."""
    review = make_review(world.cast, "Stood in")
    lane = Lane(review=review, name="on-call engineer")
    lane.save()
    LanePlace(review=review, lane=lane, place="shut", reads=False).save()
    LanePlace(review=review, lane=lane, place="rota", until=HAPPENED + timedelta(minutes=60)).save()
    rows = [_line(review, "open", "public", minute, THERE) for minute in range(3)]
    rows += [_line(review, "rota", "public", minute, THERE) for minute in range(3, 6)]
    # More than a page of each: what is left over a page would be told as a time.
    for place, reach, minute, shown in NOT_TO_BE_READ.values():
        seconds = (minute + second / 60 for second in range(1, PAGE + 3))
        rows += [_line(review, place, reach, at, HIDDEN, shown and HAPPENED + shown) for at in seconds]
    for number, row in enumerate(rows, 1):
        row.number, row.digest = number, f"{number}".encode()
    system(Evidence).bulk_create(rows)
    return lane


def _line(
    review: Review, place: str, reach: str, minute: float, text: str, seen_from: datetime | None = None
) -> Evidence:
    at = HAPPENED + timedelta(minutes=minute)
    line = Evidence(review=review, number=0, format="slack", kind="message", at=at, place=place, reach=reach, text=text)
    line.seen_from = seen_from
    return line


def _answers(world: World, lane: Lane) -> Iterator[tuple[str, str, str]]:
    address = f"/reviews/{lane.review_id}/replay/{lane.pk}"
    for who in ("ana", "bo", "gil"):
        client = client_of(world.people()[who])
        for place in (address, f"/api{address}"):
            told = client.get(place, {"at": written(HAPPENED + THEN)})
            yield who, place, unquote(everything_told(told))


def test_nothing_is_told_of_a_line_that_could_not_be_read_there_by_then(world: World, lane: Lane) -> None:
    hidden = {written(row.at) for row in system(Evidence).filter(review=lane.review, text=HIDDEN)}
    wrong, found = [], []
    for who, address, told in _answers(world, lane):
        wrong += [f"{address} told {who} {HIDDEN}"] if HIDDEN in told else []
        wrong += [f"{address} told {who} that there was a line at {at}" for at in hidden if at in told]
        walked.tried(
            f"{address.replace(lane.review_id, '').replace(lane.pk, '')} at a time", who, "all", {HIDDEN: ()}, 0
        )
        found.append(told.count(THERE))
    none_of(wrong)
    assert set(found) == {6}
