"""Folds lines that say the same into one: a merge into its commit, a burst of one alert into its first and its recovery."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from secondstory.timeline.proposals_reading import Candidate

MINUTE = 60.0
HOUR = 60 * MINUTE
SETTLED = 30 * MINUTE
EPISODE = 6 * HOUR
SAME_CHANGE = 3 * 24 * HOUR
SAME_MOMENT = 5 * MINUTE
MOST_ALSO = 200
OPEN = 20


def fold(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One candidate for everything that is the same; the others become its `also`."""
    groups: dict[tuple[str, str], list[Candidate]] = {}
    for candidate in candidates:
        sort = "change" if candidate.change else "signal" if candidate.kind in ("alert", "recovery") else "saying"
        groups.setdefault((sort, candidate.key), []).append(candidate)
    kept: list[Candidate] = []
    for (sort, _), group in groups.items():
        group.sort(key=lambda one: (one.time is None, one.time or 0.0, one.number))
        kept.extend(_FOLDS[sort](group))
    return kept


def _since(earlier: Candidate, later: Candidate) -> float:
    if earlier.time is None or later.time is None:
        return 0.0
    return later.time - earlier.time


def _absorb(kept: Candidate, other: Candidate) -> None:
    kept.score = max(kept.score, other.score)
    if len(kept.also) < MOST_ALSO:
        kept.also.append(other.number)


def _fold_sayings(group: list[Candidate]) -> Iterator[Candidate]:
    kept = last = group[0]
    for candidate in group[1:]:
        if _since(last, candidate) <= EPISODE:
            _absorb(kept, candidate)
        else:
            yield kept
            kept = candidate
        last = candidate
    yield kept


def _fold_changes(group: list[Candidate]) -> Iterator[Candidate]:
    """A merge belongs to the latest change of the same name that has none yet."""
    open_ones: deque[Candidate] = deque(maxlen=OPEN)
    for candidate in group:
        mate = next((one for one in reversed(open_ones) if _same_change(one, candidate)), None)
        if mate is None:
            yield candidate
            open_ones.append(candidate)
            continue
        _absorb(mate, candidate)
        if candidate.merge:
            open_ones.remove(mate)


def _same_change(kept: Candidate, candidate: Candidate) -> bool:
    limit = SAME_CHANGE if candidate.merge != kept.merge else SAME_MOMENT
    return _since(kept, candidate) <= limit


def _fold_signals(group: list[Candidate]) -> Iterator[Candidate]:
    """Per episode the first alert and the last recovery; flapping in between is one episode."""
    episode: list[Candidate] = []
    for candidate in group:
        if episode and _episode_over(episode[-1], candidate):
            yield from _ends(episode)
            episode = []
        episode.append(candidate)
    yield from _ends(episode)


def _episode_over(last: Candidate, candidate: Candidate) -> bool:
    quiet = _since(last, candidate)
    return quiet > EPISODE or (last.kind == "recovery" and candidate.kind == "alert" and quiet > SETTLED)


def _ends(episode: list[Candidate]) -> Iterator[Candidate]:
    alerts = [one for one in episode if one.kind == "alert"]
    recoveries = [one for one in episode if one.kind == "recovery"]
    for kept, others in ((alerts[:1], alerts[1:]), (recoveries[-1:], recoveries[:-1])):
        for one in kept:
            for other in others:
                _absorb(one, other)
            yield one


_FOLDS = {"change": _fold_changes, "signal": _fold_signals, "saying": _fold_sayings}
