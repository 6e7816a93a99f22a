"""Equal lines of one minute told apart, so that a second import of the same file still adds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from secondstory.evidence.importers.record import Problem, Record


def numbered(found: Iterator[Record | Problem]) -> Iterator[Record | Problem]:
    """The same records, those that repeat an earlier one of the same time numbered from 1.

    Remembers one moment only: sources that are not in order of time may count a repetition anew.
    """
    at: datetime | None = None
    seen: dict[tuple[str, bytes], int] = {}
    for one in found:
        if isinstance(one, Problem):
            yield one
            continue
        if one.at != at:
            at = one.at
            seen.clear()
        key = (one.place, one.original)
        times = seen.get(key, 0)
        seen[key] = times + 1
        yield one.repeated(times) if times else one
