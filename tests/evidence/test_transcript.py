from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.evidence.reading import importer_of, read, written

from secondstory.evidence.importers.record import Choices, Kind, Refused

BEGAN = datetime(2026, 3, 4, 14, 0, tzinfo=UTC)
STARTED = Choices(anchor=BEGAN)
VTT = """WEBVTT

NOTE made by the meeting program

1
00:00:03.000 --> 00:00:05.500
Ana Roe: The queue is full again.

2
00:00:06.000 --> 00:00:08.000
Ana Roe: Since about noon.

3
00:01:10.250 --> 00:01:12.000
<v Bo Lind>Rolling back <i>now</i>: the new worker.</v>
"""
SRT = """1
00:00:03,000 --> 00:00:05,500
Ana: The queue is full.

2
01:00:06,000 --> 01:00:08,000
and still is
on two lines
"""


def test_each_turn_is_a_record_at_its_moment(tmp_path: Path) -> None:
    (ana, bo), problems = read(written(tmp_path, "call.vtt", VTT), STARTED)
    assert problems == []
    assert (ana.at, ana.author) == (BEGAN + timedelta(seconds=3), "Ana Roe")
    assert ana.text == "The queue is full again. Since about noon."
    assert (bo.at, bo.author) == (BEGAN + timedelta(seconds=70.25), "Bo Lind")
    assert bo.text == "Rolling back now: the new worker."
    assert (bo.kind, bo.place) == (Kind.MESSAGE, "Call · call")


def test_subrip_is_read_too(tmp_path: Path) -> None:
    path = written(tmp_path, "call.srt", SRT)
    assert importer_of(path).name == "transcript"
    (first, second), _ = read(path, STARTED)
    assert (first.author, first.text) == ("Ana", "The queue is full.")
    assert (second.at, second.text) == (BEGAN + timedelta(hours=1, seconds=6), "and still is on two lines")


@pytest.mark.parametrize(
    ("name", "zone", "began"),
    [
        ("GMT20260304-140000_Recording.transcript.vtt", None, BEGAN),
        ("Review 2026-03-04 15-00.vtt", timezone(timedelta(hours=1)), BEGAN),
    ],
)
def test_the_file_name_may_tell_when_the_call_began(
    tmp_path: Path, name: str, zone: timezone | None, began: datetime
) -> None:
    records, problems = read(written(tmp_path, name, VTT), Choices(zone=zone))
    assert (records[0].at, problems) == (began + timedelta(seconds=3), [])


def test_else_the_day_named_is_taken_and_said_or_it_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "call.vtt", VTT)
    records, (problem,) = read(path, Choices(anchor=date(2026, 3, 4)))
    assert records[0].at == datetime(2026, 3, 4, 0, 0, 3, tzinfo=UTC)
    assert "start of the day" in problem.what
    with pytest.raises(Refused, match="no time in it, and no date was given"):
        read(path)


def test_what_goes_wrong_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    content = "WEBVTT\n\n00:00:09.000 --> 00:00:05.000\nAna: back\n\n0:9 --> x\nlost\n\n00:01:00.000 --> 00:01:01.000\nBo: on\n"
    records, problems = read(written(tmp_path, "call.vtt", content), STARTED)
    assert [record.text for record in records] == ["back", "on"]
    assert [problem.where for problem in problems] == ["call.vtt line 6", "call.vtt line 3"]


def test_a_sentence_with_a_colon_has_no_speaker(tmp_path: Path) -> None:
    content = "WEBVTT\n\n00:01.000 --> 00:02.000\nHere is the thing: it fell over\n"
    (record,), _ = read(written(tmp_path, "call.vtt", content), STARTED)
    assert (record.author, record.text) == ("", "Here is the thing: it fell over")
