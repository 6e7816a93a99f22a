"""IRC logs, as the usual programs write them: a time, a nick in angle brackets, what was said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from secondstory.evidence.importers.chat_clock import ChatClock, no_day
from secondstory.evidence.importers.day_headings import day_in, day_in_name
from secondstory.evidence.importers.lines import Line, lines
from secondstory.evidence.importers.record import Choices, Kind, Place, Problem, Reach, Record, Refused, storable
from secondstory.evidence.importers.repeats import numbered
from secondstory.evidence.importers.times import BadTime, bad_time, zone_assumed

_TIME = r"(?:(?P<date>\d{4}-\d\d-\d\d)[ T])?(?P<time>\d{1,2}:\d\d(?::\d\d)?)"
_AT = rf"^(?:\[{_TIME.replace('date', 'date1').replace('<time', '<time1')}\]|{_TIME})\s+"
_SAID = re.compile(_AT + r"(?:<\s?(?P<nick>[^<>\s][^<>]{0,63})>|[*•]\s+(?P<doer>\S+))\s?(?P<text>.*)$")
_EVENT = re.compile(_AT + r"(?P<text>(?:-!-|\*\*\*|===|-->|<--|--|-\S+-)\s.*)$")
_BARE_EVENT = re.compile(r"^(?:===|\*\*\*|-!-|-->|<--)\s+(?P<text>.*)$")
_DAY_CHANGE = re.compile(r"^-{2,3}\s*(?P<day>(?:log opened|day changed|log closed).*)$", re.IGNORECASE)
_SAMPLE = 300
_SHARE = 0.4


class IrcLog:
    """Everything said and every coming and going."""

    name = "irc"
    title = "IRC log"

    def recognises(self, path: Path, head: bytes) -> int:
        if path.is_dir() or b"<" not in head:
            return 0
        sample = [line for line in head.decode("utf-8", "replace").splitlines()[:_SAMPLE] if line.strip()]
        said = sum(1 for line in sample if _SAID.match(line))
        known = said + sum(1 for line in sample if _EVENT.match(line) or _BARE_EVENT.match(line))
        return 78 if said and known >= _SHARE * len(sample) else 0

    def places(self, path: Path, choices: Choices) -> Iterator[Place]:  # noqa: ARG002 - one log is one place
        yield Place(path.stem, Reach.PUBLIC)

    def read(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        with path.open("rb") as stream:
            yield from numbered(_Log(path, choices).read(lines(stream, path.name)))


IRC = IrcLog()


class _Log:
    def __init__(self, path: Path, choices: Choices) -> None:
        self._name = path.name
        self._place = path.stem
        self._choices = choices
        self._clock = ChatClock(choices, choices.anchor or day_in_name(path.name), path.name)
        self._at: datetime | None = None
        self._early: list[tuple[Line, str]] = []
        self._said_zone = False
        self._begun = False

    def read(self, found: Iterator[Line | Problem]) -> Iterator[Record | Problem]:
        for line in found:
            if isinstance(line, Problem):
                yield line
            elif line.text.strip():
                yield from self._line(line)

    def _line(self, line: Line) -> Iterator[Record | Problem]:
        match = _SAID.match(line.text) or _EVENT.match(line.text)
        if match:
            yield from self._timed(line, match)
            return
        changed = _DAY_CHANGE.match(line.text)
        day = day_in(changed["day"] if changed else line.text, self._clock.day)
        if day:
            self._clock.begin_day(day)
            return
        bare = _BARE_EVENT.match(line.text)
        yield from self._untimed(line, bare["text"] if bare else line.text)

    def _timed(self, line: Line, match: re.Match[str]) -> Iterator[Record | Problem]:
        try:
            self._at = self._moment(match)
        except BadTime as error:
            yield bad_time(f"{self._name} line {line.number}", error)
            return
        except Refused as refused:
            # Nothing was told yet: the whole log has no day. Later, it is this line that has none.
            if not self._begun:
                raise
            yield Problem(f"{self._name} line {line.number}", refused.what, refused.do)
            return
        self._begun = True
        if not self._clock.zone_told and not self._said_zone:
            self._said_zone = True
            yield zone_assumed(self._name)
        for early, text in self._early:
            yield from self._record(early, "", text)
        self._early.clear()
        parts = match.groupdict()
        yield from self._record(line, parts.get("nick") or parts.get("doer") or "", self._text(parts))

    def _text(self, parts: dict[str, str | None]) -> str:
        text = parts["text"] or ""
        return f"{parts['doer']} {text}" if parts.get("doer") else text

    def _moment(self, match: re.Match[str]) -> datetime:
        told = match["date1"] or match["date"]
        try:
            day = date.fromisoformat(told) if told else None
        except ValueError:
            raise BadTime("no such day") from None
        return self._clock.moment(match["time1"] or match["time"], day=day)

    def _untimed(self, line: Line, text: str) -> Iterator[Record]:
        """Somebody came or went, or a line went on: it belongs to the time before, at the very start to the one after."""
        if self._at is None:
            self._early.append((line, text))
            if len(self._early) > _SAMPLE:
                raise no_day(self._name)
        else:
            yield from self._record(line, "", text)

    def _record(self, line: Line, author: str, text: str) -> Iterator[Record]:
        if self._at is not None and self._choices.takes(self._place, Reach.PUBLIC, self._at):
            yield Record(
                at=self._at,
                author=storable(author.lstrip("@+ ")),
                text=storable(text),
                place=self._place,
                kind=Kind.MESSAGE,
                original=line.raw,
            )
