"""What a slice says about the texts it holds: who may read them, who may write them, whether they are sealed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


Names = Mapping[str, str]
_surroundings: list[Callable[[Any, str], Names | None]] = []


def offer_names(names: Callable[[Any, str], Names | None]) -> None:
    """Called from `AppConfig.ready()` by a slice whose things bring people together.

    `names(person, id)` says who takes part in the thing of that id, each with the role label they are told by (or ""),
    as far as this person knows names; None where there is no such thing for this person.
    """
    _surroundings.append(names)


def names_around(person: Any, about: str) -> Names | None:
    """Who takes part in what a text is about; None when nobody knows of it for this person."""
    return next((found for names in _surroundings if (found := names(person, about)) is not None), None)
