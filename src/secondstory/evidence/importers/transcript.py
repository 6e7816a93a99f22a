"""Transcripts of calls (WebVTT, SubRip): one record each time somebody takes the word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from secondstory.evidence.importers.clock import NO_TIME, SAY_A_DATE, Clock, exact_anchor, in_utc
from secondstory.evidence.importers.containers import size_of
from secondstory.evidence.importers.deliveries import refused_if_empty, text_of
from secondstory.evidence.importers.lines import Line, lines
from secondstory.evidence.importers.record import Choices, Kind, Problem, Record, Refused
from secondstory.evidence.importers.streamed import Streamed
from secondstory.evidence.importers.times import BadTime, bad_time, believable

# Words of one speaker that follow closely are one turn, up to a length that can still be read at a glance.
PAUSE = timedelta(seconds=10)
LONGEST_TURN = 1_500
_STAMP = r"(?:(\d{1,3}):)?(\d\d):(\d\d)[.,](\d{1,3})"
_CUE = re.compile(rf"^\s*{_STAMP}\s+-->\s+{_STAMP}(?:\s.*)?$")
_VOICE = re.compile(r"<v(?:\.[\w.]+)?\s+([^>]{1,120})>")
_TAG = re.compile(r"</?[a-z][^>]{0,200}>", re.IGNORECASE)
# Up to four words that begin as names do; a sentence with a colon in it does not.
_SPEAKER = re.compile(r"^([^\W\d_a-z][\w.'-]{0,30}(?: [^\W\d_a-z][\w.'-]{0,30}| \([^)]{1,30}\)){0,3})\s*:\s+(?=\S)")
_ZOOM = re.compile(r"GMT(\d{8})-(\d{6})")
_IN_NAME = re.compile(r"(20\d\d)-?(\d\d)-?(\d\d)[ _T-]*(?:[a-z]{2,4} )?(\d\d)[.:_-]?(\d\d)(?:[.:_-]?(\d\d))?")
_BLOCKS = ("NOTE", "STYLE", "REGION", "WEBVTT")


class Transcript(Streamed):
    """What was said in a call, by whom, from the moment the call began."""

    name = "transcript"
    title = "call transcripts (VTT, SRT)"

    def recognises(self, path: Path, head: bytes) -> int:
        """By the first word of WebVTT, or by a numbered cue."""
        if path.is_dir():
            return 0
        text = text_of(head[:4096])
        if text.startswith("WEBVTT"):
            return 98
        first = [line for line in text.splitlines() if line.strip()][:2]
        numbered = len(first) > 1 and first[0].strip().isdigit()
        return 90 if numbered and _CUE.match(first[1]) else 0

    def everything(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        size_of(path)
        clock = Clock(choices)
        began = _beginning(path, choices, clock)
        with path.open("rb") as stream:
            yield from refused_if_empty(_records(_turns(_cues(lines(stream, path.name), path.name)), path, began))
        yield from clock.assumptions(path.name)


@dataclass(slots=True)
class _Cue:
    """What is shown at once, with its lines while they come in."""

    begins: timedelta
    ends: timedelta
    number: int
    speaker: str = ""
    said: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    def take(self, line: Line) -> None:
        self.raw.append(line.raw)
        text = line.text.strip()
        if voice := _VOICE.search(text):
            self.speaker = voice[1].strip()
        text = _TAG.sub("", text).strip()
        if not self.speaker and not self.said and (named := _SPEAKER.match(text)):
            self.speaker = named[1]
            text = text[named.end() :]
        if text:
            self.said.append(text)


def _beginning(path: Path, choices: Choices, clock: Clock) -> datetime:
    """When the call began: as its file name says, as somebody said, else the start of the day one named."""
    if zoom := _ZOOM.search(path.stem):
        return datetime.strptime(zoom[1] + zoom[2], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    told = exact_anchor(choices) or _in_name(path.stem, clock) or clock.day()
    if told is None:
        raise Refused(NO_TIME, SAY_A_DATE)
    return told


def _in_name(stem: str, clock: Clock) -> datetime | None:
    found = _IN_NAME.search(stem)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        at = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 its zone follows
    except ValueError:
        return None
    clock.without_zone += 1
    return in_utc(at, clock.zone)


def _cues(found: Iterator[Line | Problem], name: str) -> Iterator[_Cue | Problem]:
    cue: _Cue | None = None
    for line in found:
        if isinstance(line, Problem):
            yield line
        elif times := _CUE.match(line.text):
            if cue:
                yield cue
            cue = _Cue(_offset(times.groups()[:4]), _offset(times.groups()[4:]), line.number, raw=[line.raw])
        elif not line.text.strip():
            if cue:
                yield cue
            cue = None
        elif cue:
            cue.take(line)
        elif "-->" in line.text:
            yield Problem(f"{name} line {line.number}", "a time that cannot be read", "left out")
    if cue:
        yield cue


def _offset(parts: tuple[str | None, ...]) -> timedelta:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    fraction = rest * 10 ** (3 - len(parts[3] or ""))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds, milliseconds=fraction)


def _turns(found: Iterator[_Cue | Problem]) -> Iterator[_Cue | Problem]:
    """Cues of one speaker that follow closely, put together."""
    turn: _Cue | None = None
    for cue in found:
        if isinstance(cue, Problem):
            yield cue
        elif turn and _goes_on(turn, cue):
            turn = replace(turn, ends=cue.ends, said=[*turn.said, *cue.said], raw=[*turn.raw, *cue.raw])
        else:
            if turn:
                yield turn
            turn = cue
    if turn:
        yield turn


def _goes_on(turn: _Cue, cue: _Cue) -> bool:
    close = timedelta(0) <= cue.begins - turn.ends <= PAUSE
    return close and cue.speaker in {"", turn.speaker} and sum(map(len, turn.said)) < LONGEST_TURN


def _records(found: Iterator[_Cue | Problem], path: Path, began: datetime) -> Iterator[Record | Problem]:
    for turn in found:
        if isinstance(turn, Problem):
            yield turn
            continue
        where = f"{path.name} line {turn.number}"
        if turn.ends < turn.begins:
            yield Problem(
                where, "it ends before it begins; only its beginning was taken", "correct the times that matter"
            )
        try:
            at = believable(began + turn.begins)
        except (BadTime, OverflowError):
            yield bad_time(where, BadTime("not a time"))
            continue
        if turn.said:
            yield Record(
                at=at,
                author=turn.speaker,
                text=" ".join(turn.said),
                place=f"Call · {path.stem}",
                kind=Kind.MESSAGE,
                original=b"".join(turn.raw),
            )


TRANSCRIPT = Transcript()
