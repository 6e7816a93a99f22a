"""The strip of hours above triage: where in time the evidence lies, coarse enough to fit. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

HOUR = 3600
MOST_BARS = 48
STEPS = (1, 2, 3, 6, 12, 24, 48, 7 * 24, 30 * 24, 90 * 24, 365 * 24)
LEVELS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time and how much evidence it holds, from 0 (none) to 8 (the most)."""

    since: datetime
    until: datetime
    lines: int
    level: int


def bars(hours: Mapping[str, int], since: datetime | None = None, until: datetime | None = None) -> list[Bar]:
    """Bars of equal length from the first to the last hour with evidence, at most so many that they fit."""
    counts = {int(hour): lines for hour, lines in hours.items() if _within(int(hour), since, until)}
    if not counts:
        return []
    first, last = min(counts), max(counts)
    step = next((step for step in STEPS if (last - first) // step < MOST_BARS), STEPS[-1])
    first -= first % step
    by_bar: Counter[int] = Counter()
    for hour, lines in counts.items():
        by_bar[(hour - first) // step] += lines
    most, number_of_bars = max(by_bar.values()), (last - first) // step + 1
    return [_bar(first + number * step, step, by_bar[number], most) for number in range(number_of_bars)]


def _within(hour: int, since: datetime | None, until: datetime | None) -> bool:
    starts = hour * HOUR
    return not (since and starts + HOUR <= since.timestamp()) and not (until and starts >= until.timestamp())


def _bar(hour: int, step: int, lines: int, most: int) -> Bar:
    since = datetime.fromtimestamp(hour * HOUR, tz=UTC)
    return Bar(since, since + timedelta(hours=step), lines, -(-lines * LEVELS // most))
