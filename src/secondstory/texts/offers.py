"""What a slice says about the texts it holds: who may read them, who may write them, whether they are sealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


class Seal(Protocol):
    """Turns words into what is stored, and back. `place` binds them to their text."""

    def seal(self, words: str, place: str) -> str: ...

    def open(self, stored: str, place: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Holder:
    """A kind of text. Both callables answer with a queryset of text ids (for a subquery), never with a list."""

    kind: str
    readable: Callable[[Any], Any]
    writable: Callable[[Any], Any]
    seal: Seal | None = None
    keeps_history: bool = True
    saved: Callable[[str], None] | None = None


_holders: dict[str, Holder] = {}


def offer(holder: Holder) -> None:
    """Called once per kind from the holding slice's `AppConfig.ready()`."""
    if holder.kind in _holders:
        message = f"two slices hold texts of the kind {holder.kind}"
        raise ValueError(message)
    _holders[holder.kind] = holder


def holder_of(kind: str) -> Holder:
    """The slice's word on this kind."""
    return _holders[kind]


def holders() -> list[Holder]:
    """Every kind there is."""
    return list(_holders.values())
