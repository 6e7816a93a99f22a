from __future__ import annotations

from datetime import UTC, datetime, timedelta

from secondstory.timeline.density import COARSE, FINE, MOST_BARS, bars, slots, window

NOON = int(datetime(2026, 3, 9, 12, tzinfo=UTC).timestamp())


def counted(*minutes: int) -> dict[str, int]:
    return {str((NOON + minute * 60) // FINE): 1 for minute in minutes}


def test_no_evidence_has_no_bars() -> None:
    assert bars({}) == []


def test_a_short_story_has_bars_of_five_minutes_without_holes() -> None:
    shown = bars(counted(0, 10))
    assert [(bar.since.minute, bar.lines, bar.level) for bar in shown] == [(0, 1, 8), (5, 0, 0), (10, 1, 8)]


def test_a_long_story_has_longer_bars_and_never_more_than_fit() -> None:
    for days in (1, 10, 100, 1000):
        shown = bars(counted(0, days * 24 * 60))
        assert 2 <= len(shown) <= MOST_BARS
        assert sum(bar.lines for bar in shown) == 2


def test_only_the_stretch_asked_for_is_shown() -> None:
    since = datetime(2026, 3, 9, 12, 5, tzinfo=UTC)
    shown = bars(counted(0, 5, 30), FINE, since, since + timedelta(minutes=5))
    assert [bar.since for bar in shown] == [since]


def test_a_short_bar_leads_to_the_hour_around_it_and_from_there_to_itself() -> None:
    bar = bars(counted(0))[0]
    since, until = window(bar, timedelta(hours=5))
    assert until - since == timedelta(hours=1)
    assert since < bar.since < bar.until < until
    assert window(bar, timedelta(hours=1)) == (bar.since, bar.until)


def test_too_many_slots_are_kept_by_the_hour() -> None:
    few, many = {1: 2, 13: 1}, dict.fromkeys(range(0, 24_000, 12), 1)
    assert slots(few) == (FINE, {"1": 2, "13": 1})
    slot, counts = slots(many)
    assert slot == COARSE
    assert counts == {str(hour): 1 for hour in range(2_000)}
