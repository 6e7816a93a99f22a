from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from tests.evidence.reading import ALL, read, written

from secondstory.evidence.importers.ics import ICS
from secondstory.evidence.importers.record import Choices, Kind, Reach

ZONE = """BEGIN:VTIMEZONE
TZID:Shop Time
BEGIN:STANDARD
DTSTART:20251026T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def calendar(*events: str, before: str = "") -> str:
    body = "".join(f"BEGIN:VEVENT\nUID:{number}@kestrel\n{event}\nEND:VEVENT\n" for number, event in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nX-WR-CALNAME:On-call\n{before}{body}END:VCALENDAR\n".replace("\n", "\r\n")


MEETING = "SUMMARY:Hand-over\nDTSTART;TZID=Europe/Berlin:20260304T150000\nDTEND;TZID=Europe/Berlin:20260304T154500"


def test_a_meeting_is_one_record_in_utc(tmp_path: Path) -> None:
    more = "\nORGANIZER;CN=Bo:mailto:bo@kestrel.example\nATTENDEE;CN=Ana:mailto:ana@kestrel.example\nLOCATION:Room 2"
    (record,), problems = read(written(tmp_path, "c.ics", calendar(MEETING + more)))
    assert problems == []
    assert (record.at, record.kind) == (datetime(2026, 3, 4, 14, tzinfo=UTC), Kind.MEETING)
    assert (record.author, record.place) == ("Bo", "On-call")
    assert record.text == "Hand-over (45 min; Room 2)"
    assert b"CN=Ana" in record.original


def test_a_zone_of_the_calendars_own_is_used(tmp_path: Path) -> None:
    event = "SUMMARY:x\nDTSTART;TZID=Shop Time:20260304T150000"
    (record,), _ = read(written(tmp_path, "c.ics", calendar(event, before=ZONE)))
    assert record.at == datetime(2026, 3, 4, 14, tzinfo=UTC)


def test_a_floating_time_is_in_the_chosen_zone_or_said_to_be_utc(tmp_path: Path) -> None:
    path = written(tmp_path, "c.ics", calendar("SUMMARY:x\nDTSTART:20260304T150000"))
    (record,), problems = read(path)
    assert (record.at.hour, len(problems)) == (15, 1)
    (record,), problems = read(path, Choices(zone=timezone(timedelta(hours=1))))
    assert (record.at.hour, problems) == (14, [])


def test_a_series_and_a_whole_day_are_noted(tmp_path: Path) -> None:
    events = (MEETING + "\nRRULE:FREQ=WEEKLY", "SUMMARY:Sale\nDTSTART;VALUE=DATE:20260304\nSTATUS:CANCELLED")
    (series, day), _ = read(written(tmp_path, "c.ics", calendar(*events)), Choices(zone=UTC))
    assert "one of a series" in series.text
    assert day.text == "Cancelled: Sale (all day)"


def test_what_goes_wrong_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    backwards = "SUMMARY:back\nDTSTART:20260304T150000Z\nDTEND:20260304T140000Z"
    events = (backwards, "SUMMARY:none", "SUMMARY:old\nDTSTART:19700101T000000Z", "SUMMARY:bad\nDTSTART:noon", MEETING)
    records, problems = read(written(tmp_path, "c.ics", calendar(*events)))
    assert [record.text.split(" (")[0] for record in records] == ["back", "Hand-over"]
    assert [problem.what.split(";")[0] for problem in problems] == [
        "it ends before it begins",
        "an event without a beginning",
        "a time in the year 1970 is not believable",
        "not a readable event",
    ]


def test_a_cut_off_calendar_gives_its_good_part(tmp_path: Path) -> None:
    content = calendar(MEETING, MEETING)
    records, problems = read(written(tmp_path, "c.ics", content[: content.rindex("DTEND")]))
    assert (len(records), [problem.what for problem in problems]) == (1, ["cut off"])


def test_private_events_are_taken_only_when_named(tmp_path: Path) -> None:
    path = written(tmp_path, "c.ics", calendar(MEETING, MEETING + "\nCLASS:PRIVATE"))
    records, _ = read(path)
    assert [record.reach for record in records] == [Reach.PUBLIC]
    assert {place.name for place in ICS.places(path, ALL)} == {"On-call", "On-call · private"}
    records, _ = read(path, Choices(places=frozenset({"On-call · private"})))
    assert [record.reach for record in records] == [Reach.PRIVATE]
