"""How much evidence lies where in time: in stretches, and line by line only where there is little. Never by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Max, Min

from secondstory.evidence.models import Evidence
from secondstory.reviews.models import Review
from secondstory.timeline.density import STEPS
from secondstory.timeline.models import Ranking

# So few lines are drawn one by one; up to so many are read and counted here, beyond them what was counted before is told.
MOST_POINTS = 2_000
MOST_READ = 20_000
MOST_STRETCHES = 600
FINE_STEPS = (1, 2, 5, 10, 15, 30, 60, 120)


@dataclass(frozen=True, slots=True)
class Crowd:
    """Evidence from `since` to `until`: by stretches of `step` seconds, or single points where it is little.

    `behind`: more came in than was counted so far.
    """

    since: datetime
    until: datetime
    step: int
    stretches: dict[int, int]
    points: list[datetime] | None = None
    behind: bool = False

    @property
    def rows(self) -> list[tuple[datetime, datetime, int]]:
        """The stretches that hold something, in time."""
        return [(_at(second), _at(second + self.step), lines) for second, lines in sorted(self.stretches.items())]


def crowd_of(
    review: Review,
    person: Any,
    since: datetime | None = None,
    until: datetime | None = None,
    most: int = MOST_STRETCHES,
) -> Crowd | None:
    """Where the evidence lies in this time, or in all of it; none if there is none. At most three queries."""
    lines: Any = Evidence.objects.visible_to(person).filter(review=review, struck_at=None)
    if since and until:
        lines = lines.filter(at__gte=since, at__lt=until)
        ends = (since, until)
    else:
        found = lines.aggregate(first=Min("at"), last=Max("at"))
        if found["first"] is None:
            return None
        ends = (found["first"], found["last"] + timedelta(seconds=1))
    lines = lines.order_by("at", "number")
    if lines[MOST_READ : MOST_READ + 1].values_list("number"):
        return _counted_before(review, person, *ends, most)
    return _counted(list(lines.values_list("at", flat=True)), *ends, most)


def _counted(times: list[datetime], since: datetime, until: datetime, most: int) -> Crowd:
    step = _step((until - since).total_seconds(), FINE_STEPS + STEPS, most)
    counts = _by(step, ((int(at.timestamp()), 1) for at in times))
    return Crowd(since, until, step, counts, times if len(times) <= MOST_POINTS else None)


def _counted_before(review: Review, person: Any, since: datetime, until: datetime, most: int) -> Crowd:
    ranking = Ranking.objects.visible_to(person).filter(review=review).first()
    if ranking is None or not ranking.counts:
        return Crowd(since, until, STEPS[0], {}, behind=True)
    step = _step((until - since).total_seconds(), [step for step in STEPS if step >= ranking.slot], most)
    slots = ((int(key) * ranking.slot, lines) for key, lines in ranking.counts.items())
    first, last = since.timestamp(), until.timestamp()
    within = ((second, lines) for second, lines in slots if first < second + ranking.slot and second < last)
    return Crowd(since, until, step, _by(step, within), behind=ranking.due_at is not None)


def _by(step: int, counts: Iterable[tuple[int, int]]) -> dict[int, int]:
    found: Counter[int] = Counter()
    for second, lines in counts:
        found[second - second % step] += lines
    return dict(found)


def _step(seconds: float, steps: Iterable[int], most: int) -> int:
    steps = list(steps)
    return next((step for step in steps if seconds / step <= most), steps[-1])


def _at(second: int) -> datetime:
    return datetime.fromtimestamp(second, tz=UTC)


def as_json(crowd: Crowd | None) -> dict[str, Any] | None:
    """For the island; times in milliseconds."""
    if crowd is None:
        return None
    points = crowd.points
    return {
        "since": int(crowd.since.timestamp() * 1_000),
        "until": int(crowd.until.timestamp() * 1_000),
        "step": crowd.step * 1_000,
        "bins": [[second * 1_000, lines] for second, lines in sorted(crowd.stretches.items())],
        "points": None if points is None else [int(at.timestamp() * 1_000) for at in points],
        "behind": crowd.behind,
    }
