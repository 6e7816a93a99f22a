"""What a slice says about the texts it holds: who may read them, who may write them, whether they are sealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Holder:
    """A kind of text. Both callables answer with a queryset of text ids (for a subquery), never with a list.

    A kind with a `place` is sealed: `place(text_id)` says what the words are bound to as the rows now stand.
    """

    kind: str
    readable: Callable[[Any], Any]
    writable: Callable[[Any], Any]
    place: Callable[[str], str] | None = None
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
