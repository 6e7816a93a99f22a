"""Plain logs: lines that begin with a time. Lines without one belong to the record before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from secondstory.evidence.importers.clock import SAY_A_DATE
from secondstory.evidence.importers.containers import head_of, size_of
from secondstory.evidence.importers.deliveries import refused_if_empty, text_of
from secondstory.evidence.importers.lines import Line, lines
from secondstory.evidence.importers.record import Choices, Kind, Problem, Record, Refused
from secondstory.evidence.importers.repeats import numbered
from secondstory.evidence.importers.stamps import Dating, Reader, dated_reader, readers_for
from secondstory.evidence.importers.streamed import Streamed
from secondstory.evidence.importers.times import BadTime, bad_time, believable, zone_assumed

SAMPLE = 200
LONGEST_RECORD = 1_000_000
SURE, BARE = 50, 15
# After so many lines without a known time, one that begins with another shape of date is looked for.
PATIENCE = 3
_PROGRAM = re.compile(r" ?\S+ (?P<service>[\w./@()-]{1,80})(?:\[\d+\])?: ")
_PROCESS = re.compile(r" (?:\S+ )?(?P<service>[\w./@()-]{1,80})\[[\w.]+\]: ")
_FULL_DATE = re.compile(r"\b(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b")


class PlainLog(Streamed):
    """One record a line with a time, its continuation lines included."""

    name = "plain_log"
    title = "plain logs"

    def recognises(self, path: Path, head: bytes) -> int:
        """A log when enough of its lines begin with a time."""
        if path.is_dir() or head[:1] == b"{" or head[:2] in {b"<!", b"<h", b"<?"}:
            return 0
        sample = _sample(head)
        begun = [line for line in sample if not line[0].isspace()]
        readers = readers_for(sample)
        share = sum(1 for line in begun if any(reader.pattern.match(line) for reader in readers)) / max(len(begun), 1)
        enough = 0.05 if path.suffix == ".log" else 0.3
        if not readers or share < enough:
            return 0
        return BARE if all(reader.shape.lacks == "day" for reader in readers) else SURE

    def everything(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        size_of(path)
        head = head_of(path)
        readers = readers_for(_sample(head))
        dating = Dating(choices.anchor, choices.zone)
        if any(reader.shape.lacks for reader in readers) and dating.anchor is None:
            dating.anchor = _year_told(head, readers)
            yield Problem(
                path.name,
                f"its times name no year; taken from {dating.anchor}, which the log mentions",
                "name the date if it is another",
            )
        with path.open("rb") as stream:
            yield from refused_if_empty(numbered(_Reading(path, readers, dating).records(lines(stream, path.name))))
        if dating.without_zone and choices.zone is None:
            yield zone_assumed(path.name)


def _sample(head: bytes) -> list[str]:
    return [line for line in text_of(head).splitlines()[:SAMPLE] if line.strip()]


def _year_told(head: bytes, readers: list[Reader]) -> date:
    """A full date in the head tells the year of times that lack it; a day without a date is told by nothing."""
    told = _FULL_DATE.search(text_of(head))
    lacking = next(reader.shape.lacks for reader in readers if reader.shape.lacks)
    if told is None or lacking == "day":
        raise Refused(f"its times name no {lacking}, and no date was given", SAY_A_DATE)
    return date.fromisoformat(told[0])


@dataclass(slots=True)
class _Open:
    """A record whose continuation lines may still come."""

    at: datetime
    service: str
    text: list[str]
    raw: list[bytes]
    size: int = 0


@dataclass(slots=True)
class _Reading:
    path: Path
    readers: list[Reader]
    dating: Dating
    open: _Open | None = None
    lost: list[int] = field(default_factory=list)
    lost_count: int = 0
    untimed: int = 0

    def records(self, found: Iterator[Line | Problem]) -> Iterator[Record | Problem]:
        for line in found:
            if isinstance(line, Problem):
                yield line
            else:
                yield from self._line(line)
        if self.open:
            yield self._closed(self.open)
        if self.lost_count:
            where = f"{self.path.name} lines {self.lost[0]} to {self.lost[-1]}"
            yield Problem(where, f"{self.lost_count} lines without a time before them", "left out")

    def _line(self, line: Line) -> Iterator[Record | Problem]:
        if line.text and not line.text[0].isspace():
            for reader in self.readers:
                if found := reader.pattern.match(line.text):
                    self.untimed = 0
                    yield from self._begin(line, reader, found)
                    return
            self.untimed += 1
            if self.untimed > PATIENCE and (late := dated_reader(line.text)):
                self.readers.append(late)
                yield from self._line(line)
                return
        self._continue(line)
        if self.open and self.open.size > LONGEST_RECORD:
            yield self._closed(self.open)
            self.open = None

    def _begin(self, line: Line, reader: Reader, found: re.Match[str]) -> Iterator[Record | Problem]:
        if self.open:
            yield self._closed(self.open)
            self.open = None
        try:
            at = believable(reader.at(found, self.dating))
        except BadTime as error:
            yield bad_time(f"{self.path.name} line {line.number}", error)
            return
        self.dating.last = at
        text = line.text[found.end() :] if reader.shape.leads else line.text
        service = found.groupdict().get("service") or ""
        pattern = _PROGRAM if reader.shape.name.startswith("syslog") else _PROCESS
        if not service and (program := pattern.match(text)):
            service = program["service"]
        self.open = _Open(at, service, [text.strip()], [line.raw])

    def _continue(self, line: Line) -> None:
        if self.open:
            self.open.text.append(line.text)
            self.open.raw.append(line.raw)
            self.open.size += len(line.raw)
        elif line.text.strip():
            self.lost_count += 1
            self.lost = [self.lost[0] if self.lost else line.number, line.number]

    def _closed(self, one: _Open) -> Record:
        return Record(
            at=one.at,
            author="",
            text="\n".join(one.text).rstrip(),
            place=self.path.stem,
            kind=Kind.LOG,
            original=b"".join(one.raw),
            service=one.service,
        )


PLAIN_LOG = PlainLog()
