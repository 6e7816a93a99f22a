"""A sealed stamp over what a row says. Only this program, with its keys, can make one that fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from secondstory.sealing.offers import Sealed, sealed_to
from secondstory.sealing.seal import fits, sealed


@dataclass(frozen=True, slots=True)
class Stamp:
    """The stamp in one column. `said` is what it stands over; `place` says whose it is: elsewhere it does not open."""

    column: str
    said: Callable[[Any], str]
    place: Callable[[Any], str]

    def of(self, row: Any) -> str:
        """The stamp for the row as it stands."""
        return sealed(self.said(row), self.place(row))

    def fits(self, row: Any) -> bool:
        """Whether this program left the row as it stands."""
        return fits(getattr(row, self.column), self.said(row), self.place(row))

    def resealing(self, name: str, rows: Callable[[], Any]) -> Sealed:
        """For changing and checking keys."""
        return Sealed(name, rows, self.column, sealed_to(self.column, self.place))
