"""IRC logs and server admin logs. Nicks and machines are invented."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from secondstory.evidence.importers.day_headings import day_in, day_in_name, labelled_day
from secondstory.evidence.importers.record import Choices, Problem, Record, Refused, digest_of
from secondstory.evidence.importers.registry import recognise

ANCHOR = Choices(anchor=date(2031, 3, 3))


def read(path: Path, text: str, choices: Choices = ANCHOR) -> tuple[list[tuple[str, str, str]], list[str]]:
    path.write_text(text)
    got = list(recognise(path).read(path, choices))
    records = [g for g in got if isinstance(g, Record)]
    assert len({digest_of(r) for r in records}) == len(records)
    return (
        [(f"{r.at:%m-%d %H:%M:%S}".removesuffix(":00"), r.author, r.text) for r in records],
        [g.what for g in got if isinstance(g, Problem)],
    )


@pytest.mark.parametrize(
    "line",
    [
        "[16:07] <ana> queue is full",
        "16:07 <ana> queue is full",
        "16:07:00 <@ana> queue is full",
        "[16:07:00] <+ana> queue is full",
        "2031-03-03 16:07:00 <ana> queue is full",
        "[2031-03-03 16:07:00] <ana> queue is full",
        "2031-03-03T16:07:00 <ana> queue is full",
        "16:07 < ana> queue is full",
    ],
)
def test_the_usual_ways_to_write_a_line_of_irc(tmp_path: Path, line: str) -> None:
    records, _ = read(tmp_path / "ops.log", f"{line}\n{line.replace('ana', 'bo')}\n")
    assert records == [("03-03 16:07", "ana", "queue is full"), ("03-03 16:07", "bo", "queue is full")]


def test_comings_and_goings_and_actions_are_records_too(tmp_path: Path) -> None:
    text = "=== bo has joined\n[16:07] <ana> hello\n[16:08] * ana waves\n=== bo has left\n16:09 -!- cleo has joined\n"
    records, problems = read(tmp_path / "ops.log", text)
    assert records == [
        ("03-03 16:07", "", "bo has joined"),
        ("03-03 16:07", "ana", "hello"),
        ("03-03 16:08", "ana", "ana waves"),
        ("03-03 16:08", "", "bo has left"),
        ("03-03 16:09", "", "-!- cleo has joined"),
    ]
    assert problems == ["its times have no zone; taken as UTC"]


def test_after_midnight_it_is_the_next_day(tmp_path: Path) -> None:
    records, _ = read(tmp_path / "ops.log", "[23:58] <ana> a\n[00:03] <bo> b\n[00:02] <bo> late\n[09:00] <ana> c\n")
    assert [when for when, *_ in records] == ["03-03 23:58", "03-04 00:03", "03-04 00:02", "03-04 09:00"]


@pytest.mark.parametrize(
    "heading", ["--- Day changed Tue Mar 04 2031", "2031-03-04", "--- 4 March 2031 ---", "Tuesday, March 4th"]
)
def test_a_day_between_the_lines_is_believed(tmp_path: Path, heading: str) -> None:
    records, _ = read(tmp_path / "ops.log", f"[16:07] <ana> a\n{heading}\n[16:06] <bo> b\n")
    assert [when for when, *_ in records] == ["03-03 16:07", "03-04 16:06"]


def test_a_log_named_after_its_day_needs_no_other_date(tmp_path: Path) -> None:
    records, _ = read(tmp_path / "ops-2031-03-05.log", "[16:07] <ana> a\n[16:08] <bo> b\n", Choices())
    assert [when for when, *_ in records] == ["03-05 16:07", "03-05 16:08"]


def test_times_of_day_without_any_day_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no time and no anchor"):
        read(tmp_path / "ops.log", "[16:07] <ana> a\n[16:08] <bo> b\n", Choices())


def test_the_chosen_zone_is_used_and_nothing_is_assumed(tmp_path: Path) -> None:
    choices = Choices(anchor=date(2031, 7, 3), zone=ZoneInfo("Europe/Vienna"))
    records, problems = read(tmp_path / "ops.log", "[16:07] <ana> a\n[16:08] <bo> b\n", choices)
    assert [when for when, *_ in records] == ["07-03 14:07", "07-03 14:08"]
    assert problems == []


def test_an_impossible_time_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    records, problems = read(tmp_path / "ops.log", "[16:07] <ana> a\n[25:99] <bo> hush\n[16:08] <bo> b\n")
    assert [text for *_, text in records] == ["a", "b"]
    assert problems == ["its times have no zone; taken as UTC", "no such time of day"]


def test_years_that_cannot_be_are_reported(tmp_path: Path) -> None:
    text = "1970-01-01 00:00:01 <ana> a\n2031-03-03 16:07:00 <ana> b\n2100-01-01 00:00:00 <ana> c\n"
    records, problems = read(tmp_path / "ops.log", text)
    assert [text for *_, text in records] == ["b"]
    assert len([p for p in problems if "not believable" in p]) == 2


def test_equal_lines_of_one_minute_are_all_kept(tmp_path: Path) -> None:
    records, _ = read(tmp_path / "ops.log", "[16:07] <ana> +1\n[16:07] <ana> +1\n[16:07] <ana> +1\n")
    assert len(records) == 3


SAL = """---
title: Admin log
---

## 2031-03-04

* 18:44 ana|away: restarted db-1
* 18:44 ana|away: restarted db-1
* 4:24 Bo Nightshift: cleared the queue
and refilled it
* 17:12: cleo: rolled back
* 22:01-22:46: many small edits

## 2031-03-03
* ~19:45 dov : <b>drained</b> node-2 https://example.org/x: y

All times are in **UTC**.
"""


def test_an_admin_log_gives_every_entry_with_its_day(tmp_path: Path) -> None:
    records, problems = read(tmp_path / "admin.md", SAL, Choices())
    assert records == [
        ("03-04 18:44", "ana|away", "restarted db-1"),
        ("03-04 18:44", "ana|away", "restarted db-1"),
        ("03-04 04:24", "Bo Nightshift", "cleared the queue\nand refilled it"),
        ("03-04 17:12", "cleo", "rolled back"),
        ("03-04 22:01", "", "many small edits"),
        ("03-03 19:45", "dov", "<b>drained</b> node-2 https://example.org/x: y"),
    ]
    assert problems == ["its times have no zone; taken as UTC"]


def test_a_wiki_heading_tells_the_day_too(tmp_path: Path) -> None:
    records, _ = read(tmp_path / "admin.txt", "== 2031-03-04 ==\n* 18:44 ana: a\n* 18:40 bo: b\n", Choices())
    assert [when for when, *_ in records] == ["03-04 18:44", "03-04 18:40"]


def test_entries_before_any_day_are_reported(tmp_path: Path) -> None:
    records, problems = read(
        tmp_path / "admin.md", "* 10:00 ana: early\n## 2031-03-03\n* 18:44 ana: a\n* 18:45 bo: b\n", Choices()
    )
    assert [text for *_, text in records] == ["a", "b"]
    assert any("no time and no anchor" in p for p in problems)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("15 November 2031", date(2031, 11, 15)),
        ("### Saturday 2 September 2031", date(2031, 9, 2)),
        ("**Monday, March 3rd, 2031**", date(2031, 3, 3)),
        ("--- 2031-03-03 ---", date(2031, 3, 3)),
        ("3.3.2031", date(2031, 3, 3)),
        ("Friday, December 30th", date(2030, 12, 30)),
        ("2 January", date(2031, 1, 2)),
        ("15 November 2031 was a long day", None),
        ("31 February 2031", None),
        ("March", None),
        ("[Saturday 2 September](#saturday)", None),
    ],
)
def test_days_are_read_as_people_write_them(line: str, day: date | None) -> None:
    assert day_in(line, date(2031, 1, 10)) == day


def test_days_in_names_and_labels() -> None:
    assert day_in_name("ops_20310303.log") == day_in_name("2031-03-03_09.raw.txt") == date(2031, 3, 3)
    assert day_in_name("build-123456789.log") is None
    assert labelled_day("**Incident from:** 2031-03-03") == date(2031, 3, 3)
    assert labelled_day("we saw 2031-03-03 in the log") is None
    assert datetime(2031, 3, 3, tzinfo=UTC).date() == day_in("2031-03-03")
