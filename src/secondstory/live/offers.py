"""What may be subscribed to. A room is a kind of thing; its slice says who may hear that it changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_rooms: dict[str, Callable[[Any, str], bool]] = {}


def offer(kind: str, may_hear: Callable[[Any, str], bool]) -> None:
    """`may_hear(person, id)` is asked at subscribing and again before every message."""
    _rooms[kind] = may_hear


def may_hear(person: Any, topic: str) -> bool:
    """Whether this person may hear that `kind:id` changed. An unknown kind is the same as a hidden one."""
    kind, _, id_ = topic.partition(":")
    ask = _rooms.get(kind)
    return bool(ask and id_ and ask(person, id_))
