"""Calendars (iCalendar): meetings with their zones. A series is one record with a note; changed dates of it are their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any

from icalendar import Calendar, Component, Event

from secondstory.evidence.importers.containers import size_of
from secondstory.evidence.importers.deliveries import refused_if_empty, text_of, titled
from secondstory.evidence.importers.lines import Line, lines
from secondstory.evidence.importers.record import Choices, Kind, Problem, Reach, Record
from secondstory.evidence.importers.streamed import Streamed
from secondstory.evidence.importers.times import BadTime, bad_time, believable, zone_assumed

_WANTED = ("BEGIN:VEVENT", "BEGIN:VTIMEZONE")
_ENDS = {"BEGIN:VEVENT": "END:VEVENT", "BEGIN:VTIMEZONE": "END:VTIMEZONE"}
_HIDDEN = frozenset({"PRIVATE", "CONFIDENTIAL"})


class Ics(Streamed):
    """One record an event."""

    name = "ics"
    title = "calendars (ICS)"

    def recognises(self, path: Path, head: bytes) -> int:
        """By the first line of every calendar."""
        return 97 if not path.is_dir() and text_of(head[:200]).lstrip().upper().startswith("BEGIN:VCALENDAR") else 0

    def everything(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        size_of(path)
        reading = _Reading(path, choices.zone, path.stem)
        with path.open("rb") as stream:
            yield from refused_if_empty(_records(lines(stream, path.name), reading))
        if reading.floating and choices.zone is None:
            yield zone_assumed(path.name)


@dataclass(slots=True)
class _Reading:
    path: Path
    zone: tzinfo | None
    calendar: str
    zones: list[bytes] = field(default_factory=list)
    floating: bool = False


@dataclass(slots=True, frozen=True)
class _Block:
    begins: str
    raw: bytes
    number: int


def _records(found: Iterator[Line | Problem], reading: _Reading) -> Iterator[Record | Problem]:
    for block in _blocks(found, reading):
        if isinstance(block, Problem):
            yield block
        elif block.begins == "BEGIN:VTIMEZONE":
            reading.zones.append(block.raw)
        else:
            yield from _event(block, reading)


def _blocks(found: Iterator[Line | Problem], reading: _Reading) -> Iterator[_Block | Problem]:
    """Events and time zones as they stand in the file; one at a time is held."""
    held: list[bytes] = []
    begins, number = "", 0
    for line in found:
        if isinstance(line, Problem):
            yield line
            continue
        text = line.text.strip().upper()
        if not begins and text.startswith("X-WR-CALNAME:"):
            reading.calendar = line.text.partition(":")[2].strip() or reading.calendar
        if not begins and text in _WANTED:
            begins, number = text, line.number
        if begins:
            held.append(line.raw if line.raw.endswith(b"\n") else line.raw + b"\r\n")
        if begins and text == _ENDS[begins]:
            yield _Block(begins, b"".join(held), number)
            held, begins = [], ""
    if begins:
        yield Problem(f"{reading.path.name} line {number}", "cut off", "export it again to get the rest")


def _event(block: _Block, reading: _Reading) -> Iterator[Record | Problem]:
    where = f"{reading.path.name} line {block.number}"
    try:
        event = next(iter(_parsed(block.raw, reading.zones).walk("VEVENT")))
        begins, ends = _bounds(event)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, StopIteration):
        yield Problem(where, "not a readable event", "left out")
        return
    if begins is None:
        yield Problem(where, "an event without a beginning", "left out")
        return
    try:
        at = believable(_utc(begins, reading))
    except (BadTime, OverflowError) as error:
        yield bad_time(where, error if isinstance(error, BadTime) else BadTime("not a time"))
        return
    end = _utc(ends, reading) if ends is not None else None
    if end is not None and end < at:
        yield Problem(where, "it ends before it begins; only its beginning was taken", "correct the times that matter")
        end = None
    yield _record(event, block.raw, reading, at=at, end=end, all_day=not isinstance(begins, datetime))


def _parsed(raw: bytes, zones: list[bytes]) -> Component:
    """Only an event that names a zone needs a calendar around it."""
    if b"TZID" not in raw:
        return Event.from_ical(raw)
    return Calendar.from_ical(b"BEGIN:VCALENDAR\r\n" + b"".join(zones) + raw + b"END:VCALENDAR\r\n")


def _bounds(event: Component) -> tuple[date | None, date | None]:
    begins = event.decoded("DTSTART", None)
    ends = event.decoded("DTEND", None)
    if not isinstance(begins, date | None) or not isinstance(ends, date | None):
        raise TypeError
    lasts = event.decoded("DURATION", None)
    if ends is None and isinstance(lasts, timedelta) and begins is not None:
        ends = begins + lasts
    return begins, ends


def _utc(told: date, reading: _Reading) -> datetime:
    at = told if isinstance(told, datetime) else datetime.combine(told, time.min)
    if at.tzinfo is None:
        reading.floating = True
        at = at.replace(tzinfo=reading.zone or UTC)
    return at.astimezone(UTC)


def _record(
    event: Component, raw: bytes, reading: _Reading, *, at: datetime, end: datetime | None, all_day: bool
) -> Record:
    hidden = str(event.get("CLASS", "")).upper() in _HIDDEN
    return Record(
        at=at,
        author=_person(event.get("ORGANIZER")),
        text=_text(event, at, end, all_day=all_day),
        place=f"{reading.calendar} · private" if hidden else reading.calendar,
        kind=Kind.MEETING,
        original=raw,
        reach=Reach.PRIVATE if hidden else Reach.PUBLIC,
        thread=str(event.get("UID", "")),
        link=_web(str(event.get("URL", ""))),
    )


def _web(address: str) -> str:
    return address if address.startswith(("https://", "http://")) else ""


def _person(address: Any) -> str:
    if address is None:
        return ""
    named = str(getattr(address, "params", {}).get("CN", ""))
    return named or str(address).partition(":")[2] or str(address)


def _text(event: Component, at: datetime, end: datetime | None, *, all_day: bool) -> str:
    notes = [
        "all day" if all_day else f"{(end - at) // timedelta(minutes=1)} min" if end else "",
        str(event.get("LOCATION", "")).strip(),
        "one of a series that repeats; only this date is here" if event.get("RRULE") or event.get("RDATE") else "",
    ]
    called_off = "Cancelled: " if str(event.get("STATUS", "")).upper() == "CANCELLED" else ""
    summary = str(event.get("SUMMARY", "")).strip() or "(no title)"
    more = "; ".join(filter(None, notes))
    # Who was invited stands in the original alone: the text is read by guests, who know nobody by name.
    return titled(called_off + summary + (f" ({more})" if more else ""), str(event.get("DESCRIPTION", "")).strip())


ICS = Ics()
