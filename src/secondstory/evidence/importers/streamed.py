"""What formats share that are read from the first byte to the last."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from secondstory.evidence.importers.record import Choices, Place, Problem, Reach, Record


class Streamed(ABC):
    """A format that finds out its places by reading all of a file."""

    @abstractmethod
    def everything(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        """Every record in the order of the file, chosen or not, and a Problem for each damaged one."""

    def places(self, path: Path, choices: Choices) -> Iterator[Place]:
        """What can be chosen, without storing anything."""
        return tallied(told for told in self.everything(path, choices) if isinstance(told, Record))

    def read(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        """Every chosen record; Refused when the file holds none at all."""
        for told in self.everything(path, choices):
            if isinstance(told, Problem) or choices.takes(told.place, told.reach, told.at):
                yield told


@dataclass(slots=True)
class _Tally:
    reach: Reach
    records: int
    first: datetime
    last: datetime


def tallied(records: Iterator[Record]) -> Iterator[Place]:
    """Each place with its number of records and its first and last time."""
    seen: dict[str, _Tally] = {}
    for record in records:
        tally = seen.setdefault(record.place, _Tally(record.reach, 0, record.at, record.at))
        tally.records += 1
        tally.first = min(tally.first, record.at)
        tally.last = max(tally.last, record.at)
    for name, tally in seen.items():
        yield Place(name, tally.reach, tally.records, tally.first, tally.last)
