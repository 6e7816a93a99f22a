"""A first look over pasted text: where its timeline is, who speaks, from which day, and whether it is chat at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from secondstory.evidence.importers.chat_lines import Begun, begun
from secondstory.evidence.importers.day_headings import day_in, labelled_day
from secondstory.evidence.importers.lines import Line
from secondstory.evidence.importers.not_names import NOT_INITIALS

HEADING = re.compile(r"^(?P<level>#{1,6})\s+(?P<title>.*?)\s*#*$")
_TIMELINE = re.compile(
    r"(?i)time[\s-]?line|chronolog|sequence of events|what happened|log of events|\bchat\b|as it happened"
)
_SAID_WITH_COLON = re.compile(r"^(?P<who>[A-Z]{2,4}):\s+\S")
_ZONE_SAID = re.compile(
    r"(?i)\btimes?(?:stamps)?\b(?: \w+){0,3}? ?(?:in|are|\(|:)\s?\W{0,3}(?P<zone>UTC[+-]\d{1,2}|GMT[+-]\d{1,2}|UTC|GMT|BST|CES?T|E[SD]T|P[SD]T)\b"
)
_INITIALS = re.compile(r"[A-Z]{2,4}(?:\W+(?:and\s)?[A-Z]{2,4})*")
_FEWEST = 2
_OFTEN = 3
_FENCE = re.compile(r"^\s*(?:```|~~~)[^`]*$")


@dataclass(slots=True)
class Survey:
    """What the first look found."""

    sections: bool = False
    speakers: set[str] = field(default_factory=set)
    half_days: bool = False
    first_day: date | None = None
    labelled: date | None = None
    zone: str = ""
    times: int = 0
    spoken: int = 0
    filled: int = 0
    full_names: int = 0
    dots: int = 0
    colons: int = 0

    @property
    def loose(self) -> bool:
        """Whether names stand before times with one space between, again and again."""
        return self.full_names >= _FEWEST

    @property
    def dots_by_hand(self) -> bool:
        """Whether whoever wrote the speakers wrote 13.57, so that 13:58 is what the program copied along."""
        return self.dots >= _OFTEN and not self.colons


def survey(text: Iterable[Line], near: date | None) -> Survey:
    """Looks once over all lines; remembers names and counts only."""
    seen = Survey()
    everything, inside = Survey(), Survey()
    section = Section()
    for line in text:
        seen.labelled = seen.labelled or labelled_day(line.text)
        section.look(line.text)
        seen.sections = seen.sections or section.inside
        seen.zone = seen.zone or zone_said(line.text)
        found = begun(unheaded(line.text), loose=True)
        for part in (everything, inside) if section.inside else (everything,):
            _look(line.text, found, part, near or seen.labelled)
    chosen = inside if seen.sections and inside.times else everything
    chosen.sections = chosen is inside
    chosen.labelled, chosen.zone = seen.labelled, seen.zone
    return chosen


def unheaded(text: str) -> str:
    """A line without the marks of a heading: some write "### 14:29" and then what happened."""
    match = HEADING.match(text) if text.startswith("#") else None
    return match["title"] if match else text


def zone_said(text: str) -> str:
    """The zone of "All times in CET" or "Time (UTC)", or nothing."""
    match = _ZONE_SAID.search(text) if "ime" in text else None
    return match["zone"].upper() if match else ""


class Section:
    """Whether the lines looked at lie under a heading that promises a timeline."""

    def __init__(self) -> None:
        self._level = 0
        self._fenced = False

    @property
    def inside(self) -> bool:
        """Whether the last line lies in it."""
        return self._level > 0

    def look(self, text: str) -> bool:
        """Takes in one line; True when it is a heading."""
        if not text.lstrip().startswith(("#", "`", "~")):
            return False
        if _FENCE.match(text):
            self._fenced = not self._fenced
            return False
        match = None if self._fenced else HEADING.match(text)
        if match is None:
            return False
        level = len(match["level"])
        if _TIMELINE.search(match["title"]):
            self._level = self._level or level
        elif self._level and level <= self._level and day_in(match["title"], date(2000, 1, 1)) is None:
            self._level = 0
        return True


def _look(text: str, found: Begun | None, seen: Survey, near: date | None) -> None:
    if not text.strip():
        return
    seen.filled += 1
    if found:
        seen.times += 1
        seen.full_names += found.loosely
        seen.dots += bool(found.who) and ":" not in found.time
        seen.colons += bool(found.who) and ":" in found.time
        seen.half_days = seen.half_days or bool(found.half)
        seen.spoken += bool(found.who or found.maybe)
        seen.speakers.update(names_in(found))
        return
    if seen.first_day is None and seen.times == 0:
        seen.first_day = day_in(text, near)
    said = _SAID_WITH_COLON.match(text)
    if said and said["who"] not in NOT_INITIALS:
        seen.speakers.add(said["who"])


def names_in(found: Begun) -> Iterator[str]:
    """The speakers of a beginning, one by one."""
    if found.who and _INITIALS.fullmatch(found.who):
        yield from re.findall(r"[A-Z]{2,4}", found.who)
    elif found.who:
        yield found.who
