"""Server admin logs: a wiki page with a heading for each day and a bullet for each entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from secondstory.evidence.importers.chat_clock import ChatClock
from secondstory.evidence.importers.day_headings import day_in
from secondstory.evidence.importers.lines import Line, lines
from secondstory.evidence.importers.record import Choices, Kind, Place, Problem, Reach, Record, Refused, storable
from secondstory.evidence.importers.repeats import numbered
from secondstory.evidence.importers.times import BadTime, bad_time, zone_assumed

_ENTRY = re.compile(
    r"^\*+\s*~?(?P<time>\d{1,2}:\d\d(?::\d\d)?)(?!\d)(?:\s?[-\u2013]\s?\d{1,2}:\d\d)?:?\s+(?P<rest>\S.*)$"
)
_NICK = re.compile(r"^(?P<nick>[^\s:](?:[^:\n]{0,38}[^\s:])?) ?:\s(?P<text>.*)$")
_HEADING = re.compile(r"^(?:#{1,6}\s|={2,6}|\*\*|--)")
_UTC_SAID = re.compile(r"(?i)\btimes?\b.{0,30}\b(?:UTC|GMT)\b")
_FEWEST = 2
_MOST_WORDS = 3


class AdminLog:
    """Every entry, in the order of the page; days are often newest first."""

    name = "sal"
    title = "Server admin log (wiki page)"

    def recognises(self, path: Path, head: bytes) -> int:
        if path.is_dir():
            return 0
        days = entries = 0
        for line in head.decode("utf-8", "replace").splitlines():
            days += bool(_HEADING.match(line) and day_in(line, date(2000, 1, 1)))
            entries += bool(_ENTRY.match(line))
        return 80 if days and entries >= _FEWEST else 0

    def places(self, path: Path, choices: Choices) -> Iterator[Place]:  # noqa: ARG002 - one page is one place
        yield Place(path.stem, Reach.PUBLIC)

    def read(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        with path.open("rb") as stream:
            yield from numbered(_entries(lines(stream, path.name), path, choices))


SAL = AdminLog()


def _entries(found: Iterator[Line | Problem], path: Path, choices: Choices) -> Iterator[Record | Problem]:
    clock = ChatClock(choices, choices.anchor, path.name)
    clock.forward = False
    told = False
    pending: list[Line] = []
    for line in found:
        if isinstance(line, Problem):
            yield line
            continue
        if _UTC_SAID.search(line.text):
            clock.zone_told = True
        if _ENTRY.match(line.text):
            if not told and not clock.zone_told:
                yield zone_assumed(path.name)
            told = True
            yield from _record(pending, clock, path.stem, choices)
            pending = [line]
        elif _ends(line.text):
            yield from _record(pending, clock, path.stem, choices)
            pending = []
            day = day_in(line.text, clock.day or choices.anchor) if _HEADING.match(line.text) else None
            if day:
                clock.begin_day(day)
        elif pending:
            pending.append(line)
    yield from _record(pending, clock, path.stem, choices)


def _ends(text: str) -> bool:
    """A blank line or a heading ends an entry; anything else goes on with it."""
    return not text.strip() or text.startswith("#") or bool(_HEADING.match(text) and day_in(text, date(2000, 1, 1)))


def _record(entry: list[Line], clock: ChatClock, place: str, choices: Choices) -> Iterator[Record | Problem]:
    if not entry:
        return
    match = _ENTRY.match(entry[0].text)
    where = f"{place} line {entry[0].number}"
    try:
        at = clock.moment(match["time"]) if match else None
    except BadTime as error:
        yield bad_time(where, error)
        return
    except Refused as refused:
        yield Problem(where, refused.what, refused.do)
        return
    if match is None or at is None or not choices.takes(place, Reach.PUBLIC, at):
        return
    nick, text = _nick_and_text(match["rest"])
    yield Record(
        at=at,
        author=storable(nick),
        text=storable("\n".join([text, *(line.text for line in entry[1:])])),
        place=place,
        kind=Kind.LOG,
        original=b"".join(line.raw for line in entry),
    )


def _nick_and_text(rest: str) -> tuple[str, str]:
    match = _NICK.match(rest)
    if match and len(match["nick"].split()) <= _MOST_WORDS and "//" not in match["nick"]:
        return match["nick"], match["text"]
    return "", rest
