"""Rows of one sweep, each by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

log = logging.getLogger("secondstory.work")
Row = TypeVar("Row")


def each_by_itself(sweep: str, rows: Iterable[Row], do: Callable[[Row], object]) -> int:
    """Does it to every row and answers how many stood it; one that fails stays for the next sweep and stops no other."""
    done = 0
    for row in rows:
        try:
            do(row)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, those behind it have waited too
            # Neither the row nor the error's text: both may hold somebody's words.
            log.warning("sweep %s failed for one row: %s", sweep, type(error).__name__)
        else:
            done += 1
    return done
