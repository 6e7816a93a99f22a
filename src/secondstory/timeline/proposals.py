"""Ranks lines of evidence as proposals for moments, each explained in a word. Pure rules: no model, no network, no Django.

What a line says, when it came and how it meets the review's own words decide; who wrote it never does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heapreplace

from secondstory.timeline.proposals_cues import all_words
from secondstory.timeline.proposals_folding import fold
from secondstory.timeline.proposals_reading import KIND_WORDS, Candidate, Reader, undone
from secondstory.timeline.proposals_weighing import FIRST, NAMES_IT, Terms, Timing, mark_firsts

LEAST = 1.0
SAME_WORD = 0.97
SAME_KEY = 0.75


@dataclass(slots=True, frozen=True)
class Line:
    """One line of evidence, as much of it as ranking needs."""

    number: int
    at: datetime | None
    author: str
    text: str
    place: str
    kind: str
    service: str = ""
    files: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True)
class Context:
    """What is known about the review so far; any time may be missing."""

    title: str
    kind: str = "incident"
    summary: str = ""
    services: tuple[str, ...] = ()
    started_at: datetime | None = None
    detected_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    window: tuple[datetime | None, datetime | None] = (None, None)


@dataclass(slots=True, frozen=True)
class Proposal:
    """A line worth a moment: `word` says why, `also` are lines that say the same and may back the same moment."""

    number: int
    score: float
    word: str
    reasons: tuple[str, ...]
    also: tuple[int, ...] = ()


def words() -> tuple[str, ...]:
    """Every word a proposal can be explained with, for translation and filters."""
    return tuple(sorted({*all_words(), *KIND_WORDS.values(), FIRST, NAMES_IT}))


def propose(lines: Iterable[Line], context: Context, limit: int = 50) -> list[Proposal]:
    """The `limit` most telling lines, best first. Reads `lines` once and keeps no text."""
    terms = Terms.of(context.title, context.summary, context.services)
    reader = Reader(terms, context.services)
    candidates = [candidate for line in lines if (candidate := reader.read(line))]
    _finish(candidates, terms, Timing.of(context))
    kept = [candidate for candidate in fold(candidates) if candidate.score >= LEAST]
    return [_proposal(candidate, score) for candidate, score in _spread(kept, limit)]


def _finish(candidates: Sequence[Candidate], terms: Terms, timing: Timing) -> None:
    gone = undone(candidates)
    for candidate in candidates:
        if candidate.key in gone and candidate.change:
            candidate.add(1.2, "rolled back later")
        terms.weigh(candidate)
    mark_firsts(candidates, timing)
    for candidate in candidates:
        timing.weigh(candidate)
        candidate.score *= candidate.damp


def _spread(candidates: list[Candidate], limit: int) -> list[tuple[Candidate, float]]:
    """Greedy choice in which what was already chosen makes its like worth a little less."""
    waiting = [(-candidate.score, candidate.number, candidate) for candidate in candidates]
    heapify(waiting)
    seen: dict[object, int] = {}
    chosen: list[tuple[Candidate, float]] = []
    while waiting and len(chosen) < limit:
        candidate = waiting[0][2]
        score = candidate.score * SAME_WORD ** seen.get(candidate.word, 0) * SAME_KEY ** seen.get(candidate.key, 0)
        if score < -waiting[0][0]:
            heapreplace(waiting, (-score, candidate.number, candidate))
            continue
        heappop(waiting)
        chosen.append((candidate, score))
        for like in (candidate.word, candidate.key):
            seen[like] = seen.get(like, 0) + 1
    return chosen


def _proposal(candidate: Candidate, score: float) -> Proposal:
    reasons = tuple(dict.fromkeys(reason for reason in candidate.reasons if reason != candidate.word))
    return Proposal(candidate.number, round(score, 4), candidate.word, reasons, tuple(candidate.also))
