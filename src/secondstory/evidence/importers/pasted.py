"""Chat pasted as text, or a write-up that holds some: Slack, Teams, initials and times, nicks in brackets."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from secondstory.evidence.importers.chat_clock import ChatClock, no_day, zone_called
from secondstory.evidence.importers.chat_lines import begun, day_told
from secondstory.evidence.importers.day_headings import day_in_name
from secondstory.evidence.importers.json_window import encoding_of
from secondstory.evidence.importers.lines import Line, lines
from secondstory.evidence.importers.paste_blocks import Blocks
from secondstory.evidence.importers.paste_survey import Survey, survey, unheaded
from secondstory.evidence.importers.record import Choices, Place, Problem, Reach, Record
from secondstory.evidence.importers.repeats import numbered
from secondstory.evidence.importers.times import zone_assumed

_TEXT = {".txt", ".md", ".markdown", ".text", ".qmd", ".rst", ""}
_SPOKEN_SHARE = 0.3
_FEWEST = 2
_SHORT = 4
# Who speaks and how is plain long before this; what is longer is a log and need not be read twice.
_LOOKED_AT = 20_000


class Pasted:
    """Each speaker's words with their time; times of day need a date, in the text or chosen."""

    name = "pasted"
    title = "Pasted chat (text or Markdown)"

    def recognises(self, path: Path, head: bytes) -> int:
        if path.is_dir() or (b"\0" in head and encoding_of(head)[0] == "utf-8"):
            return 0
        if head.lstrip()[:1] in {b"{", b"["} and path.suffix == ".json":
            return 0
        seen = survey(_only_lines(io.BytesIO(head), path.name), None)
        if seen.times < _FEWEST and not (seen.times and seen.filled <= _SHORT):
            return 0
        known = path.suffix.lower() in _TEXT
        if seen.spoken >= _SPOKEN_SHARE * seen.times and known:
            return 62 if seen.sections or seen.spoken >= _FEWEST or seen.filled <= _SHORT else 40
        return 40 if seen.sections and known else 12

    def places(self, path: Path, choices: Choices) -> Iterator[Place]:  # noqa: ARG002 - what was pasted is one place
        yield Place(path.stem, Reach.PUBLIC)

    def read(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        with path.open("rb") as stream:
            seen = survey(islice(_only_lines(stream, path.name), _LOOKED_AT), choices.anchor)
        clock = ChatClock(choices, choices.anchor or seen.labelled or day_in_name(path.name), path.name)
        clock.half_days = seen.half_days
        if clock.zone is None and seen.zone:
            clock.zone, clock.zone_told = zone_called(seen.zone), True
        if clock.day is None and seen.first_day is None and not _dated(path):
            raise no_day(path.name)
        with path.open("rb") as stream:
            yield from _told(lines(stream, path.name), path, seen, clock, choices)


PASTED = Pasted()


def _only_lines(stream: io.BufferedIOBase | io.BytesIO, name: str) -> Iterator[Line]:
    return (line for line in lines(stream, name) if isinstance(line, Line))  # type: ignore[arg-type]


def _dated(path: Path) -> bool:
    """Whether a day stands beside the first time that is told."""
    with path.open("rb") as stream:
        for line in _only_lines(stream, path.name):
            found = begun(unheaded(line.text))
            if found:
                return day_told(found.day, None) is not None
    return False


def _told(
    found: Iterator[Line | Problem], path: Path, seen: Survey, clock: ChatClock, choices: Choices
) -> Iterator[Record | Problem]:
    said = False
    for one in numbered(Blocks(path.stem, seen, clock).read(found)):
        if isinstance(one, Problem):
            yield one
            continue
        if not clock.zone_told and not said:
            said = True
            yield zone_assumed(path.name)
        if choices.takes(one.place, one.reach, one.at):
            yield one
