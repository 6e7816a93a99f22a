"""What a moment may be, how lines of evidence become one, and what differs between two versions. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from difflib import SequenceMatcher
from hashlib import blake2b

EXACT, ABOUT, BETWEEN = "exact", "about", "between"
# Clocks that were never set say 1970, typing errors say 2106; neither is when something happened.
EARLIEST = datetime(1972, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
LONGEST = 20_000
LONGEST_NAME = 60
LONGEST_HOW = 200
# The highest number that a line of evidence can have: what the database keeps it in ends there.
HIGHEST_NUMBER = 2_147_483_647
TAKEN_FROM_A_LINE = 2_000
MOST_COMPARISONS = 1_000_000
RUN = 8
# Commits and releases say the essential in their first line; the rest is a click away.
HEADED = frozenset({"commit", "release", "change"})
SYSTEMS = frozenset({"alert", "recovery", "deploy", "pipeline", "release", "log", "status"})


@dataclass(frozen=True, slots=True)
class Row:
    """The words and times of a moment. `lane` is the lane's name."""

    at: datetime
    what: str
    when: str = EXACT
    until: datetime | None = None
    information: str = ""
    decision: str = ""
    lane: str = ""
    perspective: str = ""
    pivot: bool = False


def mark_of(versions: Iterable[tuple[str, int]]) -> str:
    """A mark of a timeline as it stands, from each standing moment's id and version: one change, another mark."""
    said = ",".join(f"{moment}:{version}" for moment, version in sorted(versions))
    return blake2b(said.encode(), digest_size=16).hexdigest()


class Refused(Exception):
    """A row that cannot stand; `problems` are pairs of a field and a code that wording.py puts into words."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("the row cannot stand")
        self.problems = tuple(problems)


def problems_of_learning(at: datetime, moment: Row) -> list[tuple[str, str]]:
    """What is wrong with a time at which a lane learned of a moment."""
    if not EARLIEST <= at < LATEST:
        return [("at", "impossible")]
    return [("at", "learned_before")] if moment.when != ABOUT and at < moment.at else []


def problems_of_words(words: str) -> list[tuple[str, str]]:
    """What is wrong with somebody's account of how a moment differs."""
    if not words:
        return [("words", "no_words")]
    return [("words", "too_long")] if len(words) > LONGEST else []


def tidy(text: str) -> str:
    """Text as it is stored: plain line ends, nothing invisible at either end, no NUL."""
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def tidied(row: Row) -> Row:
    """The row as it is stored: whole seconds in UTC, an end only where there is one."""
    return replace(
        row,
        at=to_the_second(row.at),
        until=to_the_second(row.until) if row.until and row.when == BETWEEN else None,
        what=tidy(row.what),
        information=tidy(row.information),
        decision=tidy(row.decision),
        lane=" ".join(tidy(row.lane).split()),
        perspective=" ".join(tidy(row.perspective).split()),
    )


def to_the_second(at: datetime) -> datetime:
    """A time as it is stored."""
    try:
        return at.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        # The first or last day there is, elsewhere: `problems` says that it cannot be meant.
        return at.replace(tzinfo=UTC, microsecond=0)


def problems(row: Row) -> list[tuple[str, str]]:
    """What is wrong with a tidied row."""
    found = []
    if not row.what:
        found.append(("what", "empty"))
    found += [(name, "too_long") for name in ("what", "information", "decision") if len(getattr(row, name)) > LONGEST]
    found += [(name, "name_too_long") for name in ("lane", "perspective") if len(getattr(row, name)) > LONGEST_NAME]
    if not EARLIEST <= row.at < LATEST:
        found.append(("at", "impossible"))
    return found + _problems_of_the_end(row)


def _problems_of_the_end(row: Row) -> list[tuple[str, str]]:
    if row.when != BETWEEN:
        return []
    if row.until is None:
        return [("until", "no_end")]
    if not EARLIEST <= row.until < LATEST:
        return [("until", "impossible")]
    return [("until", "end_before_start")] if row.until <= row.at else []


@dataclass(frozen=True, slots=True)
class Line:
    """A line of evidence, as much of it as becoming a moment needs."""

    at: datetime
    kind: str
    text: str
    author: str = ""
    service: str = ""


def moment_of(lines: Sequence[Line], roles: dict[str, str]) -> Row:
    """One row of one or several lines, in their order in time. `roles` tells what an author is called here."""
    lines = sorted(lines, key=lambda line: line.at)
    words = list(dict.fromkeys(filter(None, (words_of(line) for line in lines))))
    return tidied(Row(at=lines[0].at, what=cut("\n".join(words), LONGEST), lane=lane_of(lines, roles)))


def words_of(line: Line) -> str:
    """What a line says, ready to be read in a timeline."""
    text = tidy(line.text)
    if line.kind in HEADED:
        text = text.partition("\n")[0].strip()
    text = re.sub(r"[ \t]+\n", "\n", text)
    return cut(re.sub(r"\n{3,}", "\n\n", text), TAKEN_FROM_A_LINE)


def without(text: str, quote: str, instead: str) -> str:
    """Text with every run of words that it shares with a quote taken out: all of a short quote, eight words of a long one."""
    words, quoted = re.findall(r"\S+", text), re.findall(r"\S+", quote)
    spaces = re.split(r"\S+", text)
    least = min(RUN, len(quoted))
    if not quoted or len(words) * len(quoted) > 10 * MOST_COMPARISONS:
        return text.replace(quote, instead) if quote else text
    for block in reversed(SequenceMatcher(None, words, quoted, autojunk=False).get_matching_blocks()):
        if block.size >= least:
            words[block.a : block.a + block.size] = [instead]
            spaces[block.a + 1 : block.a + block.size] = []
    return "".join(space + word for space, word in zip(spaces, [*words, ""], strict=True))


def cut(text: str, most: int) -> str:
    """At most so many characters, ending at a word."""
    return text if len(text) <= most else text[: most - 1].rsplit(None, 1)[0] + "…"


def lane_of(lines: Iterable[Line], roles: dict[str, str]) -> str:
    """The system that spoke, or the role of whoever did; nothing when it is not known."""
    for line in lines:
        if line.kind in SYSTEMS and line.service:
            return line.service[:LONGEST_NAME]
        if role := roles.get(line.author):
            return role
    return ""


def differences(before: str, after: str) -> list[tuple[str, str]]:
    """What was kept, taken out and put in, word by word: pairs of "same", "out" or "in" and the words."""
    old, new = re.findall(r"\s*\S+", before), re.findall(r"\s*\S+", after)
    if len(old) * len(new) > MOST_COMPARISONS:
        return [("out", before), ("in", after)]
    parts: list[tuple[str, str]] = []
    for change, from_, to, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if change == "equal":
            parts.append(("same", "".join(old[from_:to])))
            continue
        parts += [("out", "".join(old[from_:to]))] if to > from_ else []
        parts += [("in", "".join(new[first:last]))] if last > first else []
    return parts


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time in which a lane could read a place, up to but not including its end; None is open."""

    since: datetime | None = None
    until: datetime | None = None


ALWAYS = (Window(),)
NEVER: tuple[Window, ...] = ()


def windows_for(place: str, said: Mapping[str, tuple[Window, ...]], *, public: bool) -> tuple[Window, ...]:
    """When a lane could read a place: as was said of it; else public places always, and others never."""
    return said.get(place, ALWAYS if public else NEVER)


def readable_from(at: datetime, windows: Iterable[Window]) -> datetime | None:
    """When a lane could first read what stood in a place since `at`; None if it never could.

    Whoever comes to a place later reads what stands there already; whoever has left still knows what they read.
    """
    first = ((max(at, window.since) if window.since else at, window.until) for window in windows)
    return min((known for known, until in first if until is None or known < until), default=None)


def problem_of_window(since: datetime | None, until: datetime | None) -> str:
    """What is wrong with a stretch of time; nothing if it can stand."""
    if since is None and until is None:
        return "no_window"
    if any(each and not EARLIEST <= each < LATEST for each in (since, until)):
        return "impossible"
    return "end_before_start" if since and until and until <= since else ""
