"""Reads one line of evidence into a candidate: which cues it holds, what makes it noise, what it is a copy of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from secondstory.timeline.proposals_cues import Cue, cues_for, listed, words_of
from secondstory.timeline.proposals_weighing import NAMES_IT, Terms

ASIDE = re.compile(r"\([^()]*\)")
NUMBERED = re.compile(r"\S*\d\S*")
READ = 1200
SECOND = 0.35
BODY = 0.6
TICKET = 0.7
KEY_WORDS = 14
PROBLEM = "speaks of the problem"
CHANGES = frozenset({"commit", "deploy", "pipeline", "release", "change"})
SIGNALS = frozenset({"alert", "recovery"})
KIND_WORDS = {
    "alert": "alert",
    "recovery": "recovery",
    "status": "status update",
    "deploy": "deploy",
    "release": "release",
    "pipeline": "pipeline",
    "change": "change",
    "commit": "change",
    "issue": "issue",
    "meeting": "meeting",
    "image": "picture",
}
KIND_WEIGHTS = {
    "alert": 3.6,
    "recovery": 3.8,
    "status": 4.0,
    "deploy": 3.4,
    "release": 3.2,
    "pipeline": 1.4,
    "change": 2.4,
    "commit": 0.9,
    "issue": 1.8,
    "meeting": 1.8,
    "image": 1.4,
}
MERGE = re.compile(r"merge (?:pull request #?\d+ from [^/\s]+/|branch ['\"]?)(?P<branch>[^\s'\"]+)", re.IGNORECASE)
UNDO = re.compile(r'revert "(?P<what>.+)"\s*$', re.IGNORECASE)
SIGNAL_WORDS = listed("signal")
PAPER = re.compile(
    r"(^|/)(docs?|documentation)/|\.(md|rst|txt|ipynb|adoc|png|svg|jpe?g)$|(^|/)(readme|changelog|licen[cs]e)",
    re.IGNORECASE,
)
TRYING = re.compile(
    r"(^|/)tests?/|(^|/)test_|(^|/)\.github/|\.travis|travis/|(^|/)\.circleci/|\.gitignore|pre-commit", re.IGNORECASE
)
RUNNING = re.compile(
    r"values.*\.ya?ml$|(^|/)(config|configs|conf|confs|deployments?|helm|charts?|terraform|ansible|k8s|manifests?|secrets?)/"
    r"|\.(tf|conf|ini|toml|ya?ml)$|requirements|dockerfile",
    re.IGNORECASE,
)
INSTALLED = re.compile(r"requirements.*\.txt$", re.IGNORECASE)


class Readable(Protocol):
    """What is read of a line. Its author is deliberately not here."""

    @property
    def number(self) -> int: ...
    @property
    def at(self) -> datetime | None: ...
    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def files(self) -> tuple[str, ...]: ...


@dataclass(slots=True)
class Candidate:
    """A line that may be worth a moment, without its text."""

    number: int
    time: float | None
    kind: str
    word: str
    score: float
    key: str = ""
    change: bool = False
    merge: bool = False
    undoes: str = ""
    damp: float = 1.0
    terms: frozenset[str] = frozenset()
    reasons: list[str] = field(default_factory=list)
    also: list[int] = field(default_factory=list)

    def add(self, weight: float, reason: str) -> None:
        """Worth more, and says why."""
        self.score += weight
        self.reasons.append(reason)

    def hold_back(self, factor: float, reason: str) -> None:
        """Worth less; only the strongest objection counts, and only that one is told."""
        self.damp = min(self.damp, factor)
        self.reasons.append(reason)


class Reader:
    """Turns lines into candidates, counting on the way how common the review's own words are."""

    def __init__(self, terms: Terms, services: Iterable[str]) -> None:
        self._terms = terms
        self._services = {service.lower() for service in services}

    def read(self, line: Readable) -> Candidate | None:
        """A candidate, or None for a line that gives no reason at all."""
        candidate = _change(line, self._terms) if line.kind in CHANGES else _saying(line, self._terms)
        if candidate and line.service and line.service.lower() in self._services:
            candidate.add(0.6, "one of the services")
        return candidate


def undone(candidates: Iterable[Candidate]) -> frozenset[str]:
    """The keys of all changes that some other change takes back."""
    return frozenset(candidate.undoes for candidate in candidates if candidate.undoes)


def change_key(text: str) -> str:
    """What two tellings of the same change have in common."""
    return " ".join(words_of(text))[:60]


def _time(line: Readable) -> float | None:
    return line.at.timestamp() if line.at else None


def _judge(candidate: Candidate, cues: Iterable[Cue], share: float = 1.0) -> None:
    """The strongest cue gives the word; a second one adds a part of its weight."""
    found = list(cues)
    for cue in found:
        if cue.noise:
            candidate.hold_back(cue.weight, cue.word)
    wanted = sorted((cue for cue in found if not cue.noise), key=lambda cue: -cue.weight)
    for cue in wanted[:3]:
        weight = cue.weight * share
        if weight > candidate.score:
            candidate.score = weight + SECOND * candidate.score
            candidate.word = cue.word
        elif cue.word != candidate.word and cue.word not in candidate.reasons:
            candidate.score += SECOND * weight
        candidate.reasons.append(cue.word)


def _saying(line: Readable, terms: Terms) -> Candidate | None:
    words = words_of(line.text[:READ])
    candidate = Candidate(
        number=line.number,
        time=_time(line),
        kind=line.kind,
        word=KIND_WORDS.get(line.kind, ""),
        score=KIND_WEIGHTS.get(line.kind, 0.0),
        terms=terms.count(words),
    )
    if line.kind not in SIGNALS:
        _judge_saying(candidate, words)
    if not candidate.word:
        return None
    signal = candidate.kind in SIGNALS
    candidate.key = _signal_key(line) if signal else NUMBERED.sub("#", " ".join(words[:KEY_WORDS]))
    return candidate


def _judge_saying(candidate: Candidate, words: list[str]) -> None:
    _judge(candidate, cues_for("talk").found(words), TICKET if candidate.kind == "issue" else 1.0)
    if candidate.kind == "log":
        _judge(candidate, cues_for("machine").found(words))
    if candidate.word in SIGNALS:
        candidate.kind = candidate.word
    if not candidate.word and len(candidate.terms) > 1:
        candidate.word, candidate.score = NAMES_IT, 1.0


def _signal_key(line: Readable) -> str:
    """An alert's headline without what changes from its firing to its recovery."""
    headline = ASIDE.sub(" ", line.text[:READ].strip().partition("\n")[0])
    words = [word for word in words_of(headline) if word not in SIGNAL_WORDS and not any(map(str.isdigit, word))]
    return f"signal {line.service.lower()} {' '.join(words[:8])}"


def _change(line: Readable, terms: Terms) -> Candidate:
    subject, _, body = line.text[:READ].partition("\n")
    merge = MERGE.match(subject)
    if merge:
        title, _, body = body.strip().partition("\n")
        subject = title or re.sub(r"[-_/]", " ", merge["branch"])
    head = words_of(subject)
    undo = UNDO.search(subject)
    candidate = Candidate(
        number=line.number,
        time=_time(line),
        kind=line.kind,
        word=KIND_WORDS[line.kind],
        score=KIND_WEIGHTS[line.kind],
        key=change_key(subject),
        change=True,
        merge=bool(merge) or subject.lower().startswith("merge "),
        undoes=change_key(undo["what"]) if undo else "",
    )
    tail = words_of(body)
    candidate.terms = terms.count(head + tail)
    _judge(candidate, cues_for("change").found(head))
    told = [cue for cue in cues_for("change").found(tail) if not cue.noise]
    _judge(candidate, (cue for cue in told if cue.word != PROBLEM), BODY)
    _judge(candidate, (cue for cue in told if cue.word == PROBLEM))
    _judge_files(candidate, line.files)
    return candidate


def _judge_files(candidate: Candidate, files: tuple[str, ...]) -> None:
    if not files:
        return
    paper = [bool(PAPER.search(name)) and not INSTALLED.search(name) for name in files]
    trying = [bool(TRYING.search(name)) for name in files]
    if all(paper):
        candidate.hold_back(0.3, "documentation")
    elif all(one or other for one, other in zip(paper, trying, strict=True)):
        candidate.hold_back(0.5, "tests and tidying")
    elif any(RUNNING.search(name) for name in files):
        candidate.add(0.5, "changes what runs")
