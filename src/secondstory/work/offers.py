"""What a slice wants swept. What waits is a row in its own table, so nothing is lost with a process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sweep:
    """`run` does one short piece of work that is due and answers whether more may be waiting."""

    name: str
    every: float
    run: Callable[[], bool]


_sweeps: dict[str, Sweep] = {}


def offer(sweep: Sweep) -> None:
    """Called from the slice's `AppConfig.ready()`."""
    _sweeps[sweep.name] = sweep


def sweeps() -> list[Sweep]:
    """Everything to sweep."""
    return list(_sweeps.values())
