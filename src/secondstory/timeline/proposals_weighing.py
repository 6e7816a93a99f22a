"""Weighs candidates against the review: its own words, its times, and what came first."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, Self

from secondstory.timeline.proposals_cues import listed, words_of

if TYPE_CHECKING:
    from secondstory.timeline.proposals_reading import Candidate

HOUR = 3600.0
DAY = 24 * HOUR
PIN = 10 * 60.0
NAMES_IT = "names the problem"
FIRST = "first mention"
SPOKEN = frozenset({"message", "issue"})
SAYING_IT = frozenset({"symptom", "call for help", "hypothesis", "finding"})
ENDINGS = ("ations", "ation", "ings", "ing", "ers", "er", "ed", "es", "s")
USUAL = listed("common") | listed("usual")
SHORTEST = 3
SHORTEST_STEM = 4
TERM_WEIGHT = 2.2
MOST_TERMS = 1.5
FLOOR = 0.35
OUTSIDE = 0.3
LONG = 14 * DAY
JOINT = re.compile(r"[-/_.]")


class Times(Protocol):
    """The times of a review."""

    @property
    def started_at(self) -> datetime | None: ...
    @property
    def detected_at(self) -> datetime | None: ...
    @property
    def mitigated_at(self) -> datetime | None: ...
    @property
    def resolved_at(self) -> datetime | None: ...
    @property
    def window(self) -> tuple[datetime | None, datetime | None]: ...


def stem(word: str) -> str:
    """The word without its most common endings, so that `launches` meets `launch`."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=65536)
def stems(word: str) -> tuple[str, ...]:
    """The stem of a word, and of its parts if it is joined of several."""
    parts = JOINT.split(word)
    return (stem(word), *map(stem, parts)) if len(parts) > 1 else (stem(word),)


@dataclass(slots=True)
class Terms:
    """The review's own words, and in how many lines each was met: a rare one says more."""

    wanted: frozenset[str]
    met: Counter[str] = field(default_factory=Counter)
    lines: int = 0

    @classmethod
    def of(cls, title: str, summary: str, services: Sequence[str]) -> Self:
        """The words of title, summary and services that can tell one review from another."""
        words = (
            piece for word in words_of(" ".join((title, summary, *services))) for piece in (word, *JOINT.split(word))
        )
        return cls(
            frozenset(
                stem(word) for word in words if len(word) >= SHORTEST and word not in USUAL and not word.isdigit()
            )
        )

    def count(self, words: Iterable[str]) -> frozenset[str]:
        """Which of the review's words a line holds."""
        self.lines += 1
        met = self.wanted.intersection(piece for word in words for piece in stems(word))
        if met:
            self.met.update(met)
        return met

    def weight(self, term: str) -> float:
        """Between 0 (in every line) and 1 (in this one only)."""
        return math.log((1 + self.lines) / (1 + self.met[term])) / math.log(1 + max(self.lines, 1))

    def weigh(self, candidate: Candidate) -> None:
        """Worth more for naming what the review is about."""
        total = min(MOST_TERMS, sum(self.weight(term) for term in sorted(candidate.terms)))
        if total > 0:
            candidate.add(TERM_WEIGHT * total, NAMES_IT)


@dataclass(slots=True, frozen=True)
class Timing:
    """How close a line is to the times of the review, as far as they are known."""

    begin: float | None
    end: float | None
    since: float | None
    until: float | None
    pins: tuple[tuple[float, str], ...]
    fade: float

    @classmethod
    def of(cls, times: Times) -> Self:
        """Without a known end, a day is taken; without a known start there is nothing to be close to."""
        stamps = [at.timestamp() if at else None for at in (times.started_at, times.detected_at)]
        begin = next((stamp for stamp in stamps if stamp is not None), None)
        known = times.resolved_at or times.mitigated_at
        end = known.timestamp() if known else begin + DAY if begin is not None else None
        names = (
            (times.started_at, "close to the start"),
            (times.detected_at, "close to the detection"),
            (times.mitigated_at, "close to the mitigation"),
            (times.resolved_at, "close to the end"),
        )
        since, until = (at.timestamp() if at else None for at in times.window)
        return cls(
            begin=begin if begin is not None else end,
            end=end,
            since=since,
            until=until,
            pins=tuple((at.timestamp(), name) for at, name in names if at and (at.hour or at.minute)),
            fade=6 * HOUR if known else 12 * HOUR,
        )

    def closeness(self, time: float, lead: float) -> float:
        """1 inside the review's time (and `lead` before it), falling off faster before than after: repairs take days."""
        if self.begin is None or self.end is None:
            return 1.0
        before, after = max(self.begin - lead - time, 0.0), max(time - self.end, 0.0)
        return FLOOR * math.exp(-(before + after) / LONG) + (1 - FLOOR) * math.exp(-(before + after / 2) / self.fade)

    def weigh(self, candidate: Candidate) -> None:
        """Worth less far from the review's times, a little more right at one of them."""
        if candidate.time is None:
            return
        candidate.score *= self.closeness(candidate.time, 3 * HOUR if candidate.change else HOUR)
        for stamp, name in self.pins:
            if abs(candidate.time - stamp) <= PIN:
                candidate.add(0.4, name)
        outside = (self.since and candidate.time < self.since) or (self.until and candidate.time > self.until)
        if outside:
            candidate.hold_back(OUTSIDE, "outside the chosen time")


def mark_firsts(candidates: Sequence[Candidate], timing: Timing) -> None:
    """The first time somebody says the problem, and the first alert, are where a story begins."""
    said = _first(
        candidates, timing, lambda one: one.word in SAYING_IT and "symptom" in one.reasons and one.kind in SPOKEN
    )
    if said:
        said.reasons.append(said.word)
        said.word = FIRST
        said.score += 2.4
    alert = _first(candidates, timing, lambda one: one.kind == "alert")
    if alert:
        alert.add(1.0, "first of the alerts")


def _first(candidates: Sequence[Candidate], timing: Timing, fits: Callable[[Candidate], bool]) -> Candidate | None:
    """The earliest fitting one; one that names the problem, or came once it had begun, is preferred."""
    found = [one for one in candidates if one.time is not None and one.damp > OUTSIDE and fits(one)]
    begun = [one for one in found if timing.begin is None or (one.time or 0) >= timing.begin - HOUR]
    return min(begun or found, key=lambda one: (one.time or 0, one.number), default=None)
