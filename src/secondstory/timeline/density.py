"""The strip above triage: where in time the evidence lies, coarse enough to fit. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MINUTE, HOUR = 60, 3600
# Evidence is counted in slots of five minutes, or of an hour where that would be too many to keep.
FINE, COARSE = 5 * MINUTE, HOUR
MOST_SLOTS = 1_500
MOST_BARS = 24  # each is a link, and a finger needs 24 px of it
STEPS = (
    *(5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE),
    *(hours * HOUR for hours in (1, 2, 3, 6, 12, 24, 48, 7 * 24, 30 * 24, 90 * 24, 365 * 24)),
)
LEVELS = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time and how much evidence it holds, from 0 (none) to 8 (the most)."""

    since: datetime
    until: datetime
    lines: int
    level: int


def slots(counts: Mapping[int, int]) -> tuple[int, dict[str, int]]:
    """How long a slot is, and the counts by slot, from counts by five minutes."""
    if len(counts) <= MOST_SLOTS:
        return FINE, {str(slot): lines for slot, lines in sorted(counts.items())}
    coarse: Counter[int] = Counter()
    for slot, lines in counts.items():
        coarse[slot * FINE // COARSE] += lines
    return COARSE, {str(slot): lines for slot, lines in sorted(coarse.items())}


def bars(
    counts: Mapping[str, int], slot: int = FINE, since: datetime | None = None, until: datetime | None = None
) -> list[Bar]:
    """Bars of equal length from the first to the last slot with evidence, at most so many that they fit."""
    within = {int(key) * slot: lines for key, lines in counts.items() if _within(int(key) * slot, slot, since, until)}
    if not within:
        return []
    first, last = min(within), max(within)
    step = next((step for step in STEPS if step >= slot and (last - first) // step < MOST_BARS - 1), STEPS[-1])
    first -= first % step
    by_bar: Counter[int] = Counter()
    for second, lines in within.items():
        by_bar[(second - first) // step] += lines
    most, number_of_bars = max(by_bar.values()), (last - first) // step + 1
    return [_bar(first + number * step, step, by_bar[number], most) for number in range(number_of_bars)]


def window(bar: Bar, shown: timedelta) -> tuple[datetime, datetime]:
    """What a bar leads to: itself, or the hour around it while more than that hour is shown."""
    length = bar.until - bar.since
    around = (timedelta(hours=1) - length) / 2
    if around <= timedelta(0) or shown <= timedelta(hours=1):
        return bar.since, bar.until
    return bar.since - around, bar.until + around


def _within(second: int, slot: int, since: datetime | None, until: datetime | None) -> bool:
    return not (since and second + slot <= since.timestamp()) and not (until and second >= until.timestamp())


def _bar(second: int, step: int, lines: int, most: int) -> Bar:
    since = datetime.fromtimestamp(second, tz=UTC)
    return Bar(since, since + timedelta(seconds=step), lines, -(-lines * LEVELS // most))
