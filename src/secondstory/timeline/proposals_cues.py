"""Reads the cues and finds them in a line. The cues themselves are data: `proposals_cues.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

GAP = "…"
NUMBER = "[0-9][0-9a-z.-]*"
TOKENS = re.compile(r"<!|[@a-z0-9]+(?:['._/-]+[a-z0-9]+)*|->|\?|[:-](?=\s|$)")
ADDRESS = re.compile(r"https?://\S+")
RANGE = re.compile(r"\S+\.\.\.?[0-9a-f]\S*")


@dataclass(slots=True, frozen=True)
class Cue:
    """One reason to propose a line (or, as noise, to hold it back)."""

    word: str
    weight: float
    family: frozenset[str]
    noise: bool
    good: tuple[str, ...]
    bad: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class Phrase:
    """One compiled phrase of a cue; `against` phrases switch their cue off."""

    cue: int
    against: bool
    pattern: re.Pattern[str]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "proposals_cues.toml").read_text(encoding="utf-8"))


def listed(name: str) -> frozenset[str]:
    """One of the plain lists of words in the data file."""
    return frozenset(_data()["words"][name].split())


class Cues:
    """All cues of one family, looked up by the words that can start them."""

    def __init__(self, cues: Sequence[Cue], phrases: Iterable[tuple[int, bool, str]]) -> None:
        self.cues = cues
        self._by_word: dict[str, list[Phrase]] = {}
        self._by_start: dict[str, list[Phrase]] = {}
        for cue, against, text in phrases:
            self._index(Phrase(cue, against, compiled(text)), triggers(text))
        self._starts = tuple(self._by_start)

    def _index(self, phrase: Phrase, words: Iterable[str]) -> None:
        for word in words:
            target = self._by_start if word.endswith("*") else self._by_word
            target.setdefault(word.rstrip("*"), []).append(phrase)

    def _candidates(self, words: Iterable[str]) -> Iterator[Phrase]:
        for word in words:
            yield from self._by_word.get(word, ())
            if word.startswith(self._starts):
                for start in self._starts:
                    if word.startswith(start):
                        yield from self._by_start[start]

    def found(self, words: Sequence[str]) -> list[Cue]:
        """The cues of these words, noise included, in the order of the data file."""
        text = f" {' '.join(words)} "
        hits: set[int] = set()
        off: set[int] = set()
        for phrase in self._candidates(set(words)):
            target = off if phrase.against else hits
            if phrase.cue not in target and phrase.pattern.search(text):
                target.add(phrase.cue)
        return [self.cues[number] for number in sorted(hits - off)]


def words_of(text: str) -> list[str]:
    """Lower-case words without addresses; a range of versions becomes one known word."""
    text = text.lower().replace("\u2019", "'").replace("<!here>", "@here").replace("<!channel>", "@channel")
    if "://" in text:
        text = ADDRESS.sub(lambda found: " versionrange " if "/compare/" in found[0] else " ", text)
    if ".." in text:
        text = RANGE.sub(" versionrange ", text)
    return TOKENS.findall(text)


def _alternative(text: str) -> str:
    escaped = re.escape(text).replace(r"\#", NUMBER)
    return escaped[:-2] + r"\S*" if escaped.endswith(r"\*") else escaped


def compiled(phrase: str) -> re.Pattern[str]:
    """The pattern of a phrase, to be searched in words joined by single spaces."""
    parts = [
        r"(?:\S+ ){0,3}" if token == GAP else f"(?:{'|'.join(_alternative(word) for word in token.split('|'))}) "
        for token in phrase.split()
    ]
    return re.compile("(?<= )" + "".join(parts))


def triggers(phrase: str) -> list[str]:
    """The alternatives of the phrase's rarest-looking position: without one of them it cannot match."""
    positions = [token.split("|") for token in phrase.split() if token != GAP and "#" not in token]
    common = listed("common")
    return min(positions, key=lambda words: (not common.isdisjoint(words), len(words)))


def _read() -> list[tuple[Cue, list[str], list[str]]]:
    data = _data()
    return [
        (
            Cue(
                word=entry["word"],
                weight=float(entry["weight"]),
                family=frozenset(entry["family"]),
                noise=section == "noise",
                good=tuple(entry["good"]),
                bad=tuple(entry["bad"]),
            ),
            entry["phrases"],
            entry.get("unless", []),
        )
        for section in ("cue", "noise")
        for entry in data[section]
    ]


@cache
def cues_for(family: str) -> Cues:
    """The cues of a family: talk, change or machine."""
    entries = [entry for entry in _read() if family in entry[0].family]
    phrases = [
        (number, against, phrase)
        for number, (_, wanted, unwanted) in enumerate(entries)
        for against, group in ((False, wanted), (True, unwanted))
        for phrase in group
    ]
    return Cues([cue for cue, _, _ in entries], phrases)


def all_words(*, noise: bool = False) -> frozenset[str]:
    """Every word a cue can explain a proposal with, or what can be held against one."""
    return frozenset(cue.word for cue, _, _ in _read() if cue.noise == noise)


def examples() -> list[tuple[Cue, str, bool, str]]:
    """Every example of the data file: cue, family, whether it must be found, text."""
    return [
        (cue, family, wanted, text)
        for cue, _, _ in _read()
        for family in sorted(cue.family)
        for wanted, texts in ((True, cue.good), (False, cue.bad))
        for text in texts
    ]
