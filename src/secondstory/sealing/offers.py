"""What each slice keeps sealed, so that keys can be changed and checked without knowing what is sealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from secondstory.sealing.seal import opened, sealed


@dataclass(frozen=True, slots=True)
class Sealed:
    """One column of sealed words. `again` opens a row's box and answers with it sealed anew, to the same place.

    `rows` answers with every row, for the system; a row whose column is empty is left out by who asks. `put` stores
    the new box, where that is more than writing the column.
    """

    name: str
    rows: Callable[[], models.QuerySet[Any]]
    column: str
    again: Callable[[Any], str]
    put: Callable[[Any, str], object] | None = None


_columns: dict[str, Sealed] = {}


def offer_resealing(column: Sealed) -> None:
    """Called once per column from the holding slice's `AppConfig.ready()`."""
    if column.name in _columns:
        message = f"two columns are sealed under the name {column.name}"
        raise ValueError(message)
    _columns[column.name] = column


def sealed_columns() -> list[Sealed]:
    """Everything that is sealed here."""
    return list(_columns.values())


def sealed_to(column: str, place: Callable[[Any], str]) -> Callable[[Any], str]:
    """The `again` of a column whose boxes are sealed to a place that the row itself tells."""

    def again(row: Any) -> str:
        where = place(row)
        return sealed(opened(getattr(row, column), where), where)

    return again
