from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondstory.timeline.rules import ABOUT, BETWEEN, EXACT, Row, problems, tidied
from secondstory.timeline.tables import read, read_time, table

VIENNA = ZoneInfo("Europe/Vienna")
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.text("|\\\n<br>*_`[]&;~ a", max_size=20)
times = st.datetimes(datetime(1972, 1, 2), datetime(2099, 12, 30)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@st.composite
def rows(draw: st.DrawFn) -> Row:
    at = draw(times)
    row = Row(
        at=at,
        what=draw(words),
        when=draw(st.sampled_from([EXACT, ABOUT, BETWEEN])),
        until=at + timedelta(seconds=draw(st.integers(1, 90_000))),
        information=draw(words),
        decision=draw(words),
        lane=draw(words),
        perspective=draw(words),
        pivot=draw(st.booleans()),
    )
    return tidied(row)


@given(
    st.lists(rows().filter(lambda row: not problems(row)), max_size=5),
    st.sampled_from(["UTC", "Europe/Vienna", "Asia/Kolkata", "Africa/Monrovia"]),
)
def test_out_and_in_again_is_the_same_timeline(timeline: list[Row], zone: str) -> None:
    there = read(table(timeline, ZoneInfo(zone)), UTC)
    assert there.rows == timeline
    assert there.unread == []


def test_a_table_has_the_four_columns_and_says_how_exact_a_time_is() -> None:
    at = datetime(2026, 3, 9, 13, 5, tzinfo=UTC)
    text = table(
        [
            Row(at=at, what="Alert", information="Latency 2 s"),
            Row(at=at, what="Talk", when=ABOUT),
            Row(at=at, what="Deploy", when=BETWEEN, until=at + timedelta(minutes=10), decision="Roll back | wait"),
        ],
        VIENNA,
    )
    assert text.splitlines() == [
        "| Time | Event | Information available | Decision or action |",
        "| --- | --- | --- | --- |",
        "| 2026-03-09 14:05 +01:00 | Alert | Latency 2 s |  |",
        "| about 2026-03-09 14:05 +01:00 | Talk |  |  |",
        r"| between 2026-03-09 14:05 +01:00 and 2026-03-09 14:15 +01:00 | Deploy |  | Roll back \| wait |",
    ]


def test_a_table_written_by_hand_takes_its_day_from_the_row_above() -> None:
    found = read(
        "# Timeline\n\n| Time | What happened |\n|---|---|\n| 23:50 | First |\n| 2026-03-10 00:10 | Second |\n| 00:20 | Third |",
        VIENNA,
        date(2026, 3, 9),
    )
    assert [(row.at.astimezone(VIENNA).isoformat(timespec="minutes"), row.what) for row in found.rows] == [
        ("2026-03-09T23:50+01:00", "First"),
        ("2026-03-10T00:10+01:00", "Second"),
        ("2026-03-10T00:20+01:00", "Third"),
    ]


def test_a_line_that_cannot_be_read_is_named() -> None:
    found = read(
        "| Time | Event |\n|---|---|\n| soon | First |\n| 1970-01-01 00:00 | Second |\n| 2026-03-09 14:05 | |", UTC
    )
    assert found.unread == [(3, "no_time"), (4, "impossible"), (5, "empty")]


@pytest.mark.parametrize("cell", ["", "25:00", "2026-02-30 14:05", "between 14:05", "14:05 CET"])
def test_what_is_no_time_is_not_guessed(cell: str) -> None:
    assert read_time(cell, UTC, date(2026, 3, 9)) is None
