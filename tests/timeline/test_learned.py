"""When a lane learned of a moment."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone
from tests.cast import HAPPENED, Cast

from secondstory.reviews.models import Review
from secondstory.timeline import changes, lane_changes, learned_changes
from secondstory.timeline.models import Lane, Learned, Moment, MomentChange
from secondstory.timeline.reading import history_of
from secondstory.timeline.rules import ABOUT, LONGEST_HOW, Refused, Row

LATER = HAPPENED + timedelta(minutes=35)


@pytest.fixture
def moment(cast: Cast, review: Review) -> Moment:
    return changes.add(review, cast.ana, Row(at=HAPPENED, what="Checkout answers slowly"))


def learned(person: Any) -> list[tuple[str, Any, str]]:
    rows = Learned.objects.visible_to(person).select_related("lane")
    return [(row.lane.name, row.at, row.how) for row in rows]


def test_a_lane_learns_of_a_moment_once_and_the_last_word_counts(cast: Cast, moment: Moment) -> None:
    learned_changes.learn(moment.pk, cast.ana, " Support  desk ", LATER, "a customer called")
    again = learned_changes.learn(moment.pk, cast.cleo, "Support desk", LATER - timedelta(minutes=5))
    assert learned(cast.gil) == [("Support desk", LATER - timedelta(minutes=5), "")]
    learned_changes.unlearn(again.pk, cast.bo)
    assert not learned(cast.gil)


def test_it_stands_in_the_moments_history_and_makes_another_version(cast: Cast, moment: Moment) -> None:
    learned_changes.learn(moment.pk, cast.ana, "Support", LATER, "a customer called")
    learned_changes.learn(moment.pk, cast.ana, "Support", LATER, "a customer called")
    moment.refresh_from_db()
    assert moment.version == 2
    step = MomentChange.objects.visible_to(cast.ana).first()
    assert step
    assert (step.what, step.before) == ("learned", {})
    assert step.after["learned"] == "Support: 2026-03-09T14:40:00+00:00 (a customer called)"


def test_the_history_shows_the_time_in_the_viewers_zone(cast: Cast, moment: Moment) -> None:
    learned_changes.learn(moment.pk, cast.ana, "Support", LATER.replace(microsecond=500_000), "a customer called")
    with timezone.override("Asia/Tokyo"):
        [(_, parts)] = history_of(moment, cast.ana)[0].fields
    assert parts == [("in", "Support: 2026-03-09 23:40:00 JST (a customer called)")]


@pytest.mark.parametrize("who", ["dov", "eve", "nobody"])
def test_for_everybody_else_it_is_absent(cast: Cast, moment: Moment, who: str) -> None:
    person, row = getattr(cast, who), learned_changes.learn(moment.pk, cast.ana, "Support", LATER)
    assert not learned(person)
    for deed in (
        lambda: learned_changes.learn(moment.pk, person, "Support", LATER),
        lambda: learned_changes.unlearn(row.pk, person),
    ):
        with pytest.raises(Http404):
            deed()


@pytest.mark.parametrize(
    ("lane", "at", "how"),
    [
        ("", LATER, ""),
        ("x" * 61, LATER, ""),
        ("Support", LATER, "x" * (LONGEST_HOW + 1)),
        ("Support", HAPPENED - timedelta(seconds=1), ""),
        ("Support", HAPPENED.replace(year=2106), ""),
    ],
)
def test_what_cannot_be_is_refused_and_makes_no_lane(cast: Cast, moment: Moment, lane: str, at: Any, how: str) -> None:
    with pytest.raises(Refused):
        learned_changes.learn(moment.pk, cast.ana, lane, at, how)
    assert not Lane.objects.visible_to(cast.ana).exists()


def test_of_a_moment_that_was_about_then_one_may_have_learned_a_little_earlier(cast: Cast, review: Review) -> None:
    about = changes.add(review, cast.ana, Row(at=HAPPENED, what="It got slow", when=ABOUT))
    learned_changes.learn(about.pk, cast.ana, "Support", HAPPENED - timedelta(minutes=2))
    assert learned(cast.ana)


def test_a_lane_that_learned_something_cannot_be_removed(cast: Cast, moment: Moment) -> None:
    row = learned_changes.learn(moment.pk, cast.ana, "Support", LATER)
    with pytest.raises(lane_changes.InUse):
        lane_changes.remove_lane(row.lane_id, cast.ana)
    learned_changes.unlearn(row.pk, cast.ana)
    lane_changes.remove_lane(row.lane_id, cast.ana)
