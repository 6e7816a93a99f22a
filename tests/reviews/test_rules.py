from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secondstory.reviews.models import KeyTime, Review
from secondstory.reviews.rules import KEY_TIMES, is_likely, out_of_order

START = datetime(2026, 3, 9, 14, 5, tzinfo=UTC)


def at(**minutes: int) -> dict[str, datetime]:
    return {name: START + timedelta(minutes=after) for name, after in minutes.items()}


def test_unknown_times_contradict_nothing() -> None:
    assert out_of_order("incident", {}) == []
    assert out_of_order("incident", at(resolved=0)) == []


def test_resolved_before_it_started_is_pointed_out() -> None:
    assert out_of_order("incident", at(started=10, resolved=0)) == [("started", "resolved")]


def test_each_time_is_held_against_the_ones_before_it() -> None:
    wrong = out_of_order("near_miss", at(started=0, detected=12, mitigated=11, resolved=11))
    assert wrong == [("detected", "mitigated"), ("detected", "resolved")]


def test_what_was_promised_for_a_day_stands_in_no_order() -> None:
    assert out_of_order("delivery", at(promised=9999, first_sign=1, delivered=2)) == []


@given(st.sampled_from(sorted(KEY_TIMES)), st.data())
@settings(deadline=None)
def test_times_in_their_order_are_never_pointed_out(kind: str, data: st.DataObject) -> None:
    names = KEY_TIMES[kind]
    minutes = sorted(data.draw(st.lists(st.integers(0, 10_000), min_size=len(names), max_size=len(names))))
    assert out_of_order(kind, at(**dict(zip(names, minutes, strict=True)))) == []


def test_every_kind_has_key_times_with_names() -> None:
    assert set(KEY_TIMES) == set(Review.Kind.values)
    assert {name for names in KEY_TIMES.values() for name in names} == set(KeyTime.Name.values)


@pytest.mark.parametrize(("year", "likely"), [(1970, False), (1989, False), (2019, True), (2027, True), (2100, False)])
def test_years_of_broken_clocks_are_not_likely(year: int, likely: bool) -> None:
    assert is_likely(datetime(year, 1, 1, tzinfo=UTC), START) is likely
