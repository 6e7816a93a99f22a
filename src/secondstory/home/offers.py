"""What a slice knows to need somebody now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for this person: what, in which review, where to go, since or until when."""

    what: str
    about: str
    address: str
    at: datetime | None = None


_askers: list[Callable[[Any], list[Need]]] = []


def offer(needs_of: Callable[[Any], list[Need]]) -> None:
    """Called from the slice's `AppConfig.ready()` with a function of the person."""
    _askers.append(needs_of)


def needs_of(person: Any) -> list[Need]:
    """Everything that waits for this person, the earliest first."""
    needs = [need for ask in _askers for need in ask(person)]
    return sorted(needs, key=lambda need: (need.at is None, need.at))
