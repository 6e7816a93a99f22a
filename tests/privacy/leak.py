"""What a leak is, how everything that was told is searched for one, and how many cases were tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from django.db import models

DEPTH = 8


class Leak(AssertionError):
    """Somebody was told what is not theirs. `make privacy-mutants` counts a leak as caught by this alone."""


def none_of(leaks: Iterable[str]) -> None:
    """Fails with every leak there is."""
    if found := list(leaks):
        raise Leak(f"{len(found)} leaks:\n" + "\n".join(found[:40]))


@dataclass(slots=True)
class Walked:
    """What was tried, for the figures at the end."""

    surfaces: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    audiences: set[str] = field(default_factory=set)
    histories: set[str] = field(default_factory=set)
    cases: int = 0
    proven: int = 0

    def tried(self, surface: str, who: str, history: str, words: Mapping[str, Any], shown: int) -> None:
        self.surfaces.add(surface)
        self.people.add(who)
        self.histories |= {history} - {"all"}
        self.audiences |= set(words)
        self.cases += len(words)
        self.proven += shown

    def sent(self) -> list[Any]:
        """In plain values, for the process that prints."""
        sets = (self.surfaces, self.people, self.audiences, self.histories)
        return [*(sorted(each) for each in sets), self.cases, self.proven]

    def add(self, sent: list[Any]) -> None:
        """What another process walked."""
        sets = (self.surfaces, self.people, self.audiences, self.histories)
        for own, more in zip(sets, sent, strict=False):
            own |= set(more)
        self.cases += sent[4]
        self.proven += sent[5]

    def __str__(self) -> str:
        sizes = (len(each) for each in (self.surfaces, self.people, self.audiences, self.histories))
        surfaces, people, audiences, histories = sizes
        return (
            f"walked: {surfaces} surfaces × {people} people × {audiences} audiences × {histories} histories:"  # noqa: RUF001
            f" {self.cases:,} cases tried, the word rightly there in {self.proven:,} of them"
        )


walked = Walked()


def everything_in(value: Any, depth: int = DEPTH) -> str:
    """All words in whatever a function answered with: rows, dataclasses, lists, lazy texts."""
    return "\n".join(_strings(value, depth))


def _strings(value: Any, depth: int) -> Iterable[str]:
    if depth == 0 or value is None or isinstance(value, bool):
        return
    if isinstance(value, models.Model):
        yield from (each for name in value.__dict__ for each in _strings(_field(value, name), depth - 1))
    elif isinstance(value, Mapping):
        yield from (each for pair in value.items() for part in pair for each in _strings(part, depth - 1))
    elif isinstance(value, bytes | memoryview):
        yield bytes(value).decode("utf-8", "replace")
    elif is_dataclass(value) and not isinstance(value, type):
        yield from (each for part in fields(value) for each in _strings(getattr(value, part.name), depth - 1))
    elif isinstance(value, Iterable) and not isinstance(value, str):
        yield from (each for part in value for each in _strings(part, depth - 1))
    elif not callable(value):
        yield str(value)


def _field(row: models.Model, name: str) -> Any:
    if name == "_state":
        return None
    return list(getattr(row, name).values()) if name == "_prefetched_objects_cache" else getattr(row, name)
