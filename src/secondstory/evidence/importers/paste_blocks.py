"""Pasted lines gathered into messages: who, when, what, and which lines are the chat program's own furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from secondstory.evidence.importers.chat_clock import ChatClock
from secondstory.evidence.importers.chat_lines import Begun, begun, by_nobody, day_told, is_name, said_in_between
from secondstory.evidence.importers.day_headings import day_in
from secondstory.evidence.importers.lines import Line
from secondstory.evidence.importers.paste_survey import Section, Survey, unheaded
from secondstory.evidence.importers.record import Kind, Problem, Reach, Record, Refused, storable
from secondstory.evidence.importers.times import BadTime, bad_time

_EDITED = re.compile(r"\s*\(edited\)\s*$|^Edited$", re.IGNORECASE)
_REACTIONS = re.compile(
    r"^(?::[\w+'-]+:\s*\d*\s*)+$|^(?:[\u2190-\u2bff\U0001f000-\U0001faff][\ufe0f\u200d]?\s*\d*\s*)+$"
)
_COUNT = re.compile(r"^\d{1,3}$")
_FURNITURE = re.compile(
    r"^(?:last reply\b.*|view thread|view newer replies|new|new messages|collapse|see more|see less|saved for later.*"
    r"|pinned by .*|also sent to the channel|has context menu|replied to a thread:?|add reaction|app"
    r"|\d+ (?:like|heart|laugh|surprised|sad|angry|reaction)s?(?: reactions?)?\.?|(?:like|heart|laugh|surprised|sad|angry) \d+|jump to (?:latest|date))$",
    re.IGNORECASE,
)
_REPLIES = re.compile(r"^(?P<n>\d{1,4}) repl(?:y|ies)(?P<more>.*)$", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>\s*$", re.IGNORECASE)
_ANNOUNCED = re.compile(r"(?i)(?:\w+ )?(?:alerts?|alarms?|recover\w*|down|up|resolved|firing|critical)\b")
_SOON = timedelta(minutes=5)
_ALARM = re.compile(r"(?i)alarm|alert|watchdog|pagerduty|opsgenie|monitor(?!ing)")


@dataclass(slots=True)
class _Block:
    """One message while its lines come in."""

    at: datetime
    who: str
    maybe: str
    lines: list[Line]
    said: list[str]
    edited: bool = False
    thread: str = ""
    reacting: bool = False
    went_on: bool = False
    link: str = ""

    def key(self) -> str:
        """What its thread is called."""
        return f"{self.at.isoformat()} {self.who}"


@dataclass(slots=True)
class Blocks:
    """Reads the lines of one paste in order. Holds one message, and the last speaker."""

    place: str
    seen: Survey
    clock: ChatClock
    _block: _Block | None = None
    _last_who: str = ""
    _last_at: datetime | None = None
    _thread: str = ""
    _left: int = 0
    _section: Section = field(default_factory=Section)
    _before: str = ""
    _yesterday: bool = False
    _name: Line | None = None
    _name_stood_alone: bool = True

    def read(self, found: Iterator[Line | Problem]) -> Iterator[Record | Problem]:
        """A record for each message, a Problem for each that has no possible time."""
        for line in found:
            if isinstance(line, Problem):
                yield line
                continue
            heading = self._section.look(line.text)
            if self.seen.sections and not self._section.inside:
                yield from self._close()
            else:
                yield from self._line(line, heading=heading)
            self._before = line.text.strip()
        yield from self._close()

    def _line(self, line: Line, *, heading: bool) -> Iterator[Record | Problem]:
        whole = line.text.replace("\xa0", " ")
        if "<" in whole:
            whole = _BREAK.sub("", whole)
        text = whole.strip()
        day = day_in(text, self.clock.day)
        if text.lower() in {"today", "yesterday"}:
            yield from self._close()
            self._next_day(text.lower())
            return
        if day or heading:
            yield from self._close()
            timed = None if day else begun(unheaded(whole), self.seen.speakers)
            if day:
                self.clock.begin_day(day)
            elif timed:
                yield from self._begin(by_nobody(timed), line)
            return
        found = begun(whole, self.seen.speakers, loose=self.seen.loose)
        if found:
            yield from self._begin(found, line)
        elif self._block and text and (between := said_in_between(text, self.seen.speakers)):
            yield from self._interject(between, line)
        else:
            self._go_on(text, line)

    def _next_day(self, divider: str) -> None:
        """A paste that begins with yesterday begins on the chosen day; today is the day after."""
        if divider == "today" and self._yesterday and self.clock.day:
            self.clock.begin_day(self.clock.day + timedelta(days=1))
        self._yesterday = divider == "yesterday"

    def _begin(self, found: Begun, line: Line) -> Iterator[Record | Problem]:
        bare = not (found.who or found.text or found.named_first)
        name = self._pop_name(line, found) if bare else None
        yield from self._close()
        try:
            at = self.clock.moment(found.time, found.half, found.zone, day_told(found.day, self.clock.day))
        except BadTime as error:
            yield bad_time(f"{self.place} line {line.number}", error)
            return
        except Refused as refused:
            yield Problem(f"{self.place} line {line.number}", refused.what, refused.do)
            return
        who = name.text.strip().removesuffix("APP").strip() if name else found.who
        went_on = not who and not found.maybe and self._same_speaker(found, at, bare=bare)
        who = self._last_who if went_on else who
        text, edited = _without_edited(found.text)
        self._block = _Block(at, who, found.maybe, [*([name] if name else []), line], [text] if text else [], edited)
        self._block.went_on, self._block.link = went_on, found.link
        self._enter_thread()
        if found.who or name:
            self._last_who = who
        if who:
            self._last_at = at

    def _same_speaker(self, found: Begun, at: datetime, *, bare: bool) -> bool:
        """Chat programs copy a time alone before the next words of the same speaker.

        Where people wrote 13.57 by hand, the program's own times are the ones with a colon.
        """
        if bare:
            return ":" in found.time or not self.seen.dots
        soon = self._last_at is not None and at - self._last_at <= _SOON
        return soon and self.seen.dots_by_hand and ":" in found.time and not _ANNOUNCED.match(found.text)

    def _interject(self, between: tuple[str, str], line: Line) -> Iterator[Record | Problem]:
        """Another speaker within the same minute."""
        at = self._block.at if self._block else None
        yield from self._close()
        if at is not None:
            text, edited = _without_edited(between[1])
            self._block = _Block(at, between[0], "", [line], [text] if text else [], edited)
            self._enter_thread()

    def _go_on(self, text: str, line: Line) -> None:
        block = self._block
        self._name_stood_alone = not self._before
        if block is None:
            self._name = line if text and is_name(text) else None
            return
        block.lines.append(line)
        replies = _REPLIES.match(text)
        if replies:
            self._open_thread(block, replies)
        elif _FURNITURE.match(text):
            self._left = 0 if text.lower().startswith("last reply") else self._left
        elif block.said and (_REACTIONS.match(text) or (block.reacting and _COUNT.match(text))):
            block.reacting = True
        else:
            text, edited = _without_edited(text)
            block.edited = block.edited or edited
            block.reacting = False
            block.said.append(text)

    def _open_thread(self, block: _Block, replies: re.Match[str]) -> None:
        block.thread = block.thread or block.key()
        # "Last reply today" beside the count: the replies themselves were not copied.
        self._thread, self._left = block.thread, 0 if replies["more"].strip() else int(replies["n"])

    def _enter_thread(self) -> None:
        if self._block and self._left > 0:
            self._left -= 1
            self._block.thread = self._thread

    def _pop_name(self, line: Line, found: Begun) -> Line | None:
        """The line above a bare time, when it is a name standing by itself."""
        if self._block is None:
            name, self._name = self._name, None
            return name
        indented = line.text[:1].isspace() or bool(found.half)
        said = self._block.said
        name_like = bool(said) and said[-1] == self._before.removesuffix("APP").strip() and is_name(self._before)
        if not name_like or not (indented or self._name_stood_alone) or len(self._block.lines) < 2:  # noqa: PLR2004 - its own and the name's
            return None
        said.pop()
        return self._block.lines.pop()

    def _close(self) -> Iterator[Record]:
        block, self._block, self._name = self._block, None, None
        if block is None:
            return
        while block.said and not block.said[-1]:
            block.said.pop()
        who, text = block.who, "\n".join(block.said).strip()
        if block.went_on and _ANNOUNCED.match(text):
            who = ""
        if block.maybe and block.said[1:]:
            who, text = block.maybe.strip("*_: "), "\n".join(block.said[1:]).strip()
            self._last_who = who
        yield Record(
            at=block.at,
            author=storable(who),
            text=storable(text),
            place=self.place,
            kind=Kind.ALERT if _ALARM.search(who) else Kind.MESSAGE,
            original=b"".join(line.raw for line in block.lines),
            reach=Reach.PUBLIC,
            thread=storable(block.thread),
            edited=block.edited,
            link=block.link,
        )


def _without_edited(text: str) -> tuple[str, bool]:
    bare = _EDITED.sub("", text) if "dited" in text.lower() else text
    return bare, bare != text
