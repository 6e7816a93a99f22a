"""Rows of a table with their exact bytes. A quotation mark that is never closed costs its own row, not the rest."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from secondstory.evidence.importers.lines import LONGEST_LINE, Line
from secondstory.evidence.importers.record import Problem

# A cell may hold line breaks, but a row longer than this is a quotation mark that was not closed.
LONGEST_ROW = 4_000_000
# After so many of them every line is taken for a row of its own.
MOST_RETRIES = 50
csv.field_size_limit(LONGEST_LINE)


class Row(NamedTuple):
    """The cells of one row, the bytes it was written in, and its last line."""

    cells: list[str]
    raw: bytes
    number: int


@dataclass(slots=True)
class _Feed:
    """Gives lines to the CSV reader and holds those of the row at hand."""

    found: Iterator[Line | Problem]
    problems: list[Problem] = field(default_factory=list)
    held: list[Line] = field(default_factory=list)
    size: int = 0

    def __iter__(self) -> Iterator[str]:
        for line in self.found:
            if isinstance(line, Problem):
                self.problems.append(line)
                continue
            self.held.append(line)
            self.size += len(line.raw)
            if self.size > LONGEST_ROW and len(self.held) > 1:
                raise csv.Error
            yield line.text + "\n"

    def row(self, cells: list[str]) -> Row:
        raw = self.held[0].raw if len(self.held) == 1 else b"".join(line.raw for line in self.held)
        row = Row(cells, raw, self.held[-1].number)
        self.forget()
        return row

    def forget(self) -> None:
        self.held.clear()
        self.size = 0

    def give_back(self) -> Line:
        """The first line that was held; the others will be read again."""
        first, *others = self.held
        self.found = chain(others, self.found)
        self.forget()
        return first


def rows(found: Iterator[Line | Problem], where: str, delimiter: str, width: int) -> Iterator[Row | Problem]:
    """Every row; `width` is how many cells a whole one has."""
    feed = _Feed(found)
    for _ in range(MOST_RETRIES):
        try:
            for cells in csv.reader(iter(feed), delimiter=delimiter, strict=True):
                yield from _told(feed)
                yield feed.row(cells)
        except csv.Error:
            yield from _told(feed)
            yield _alone(feed.give_back(), where, delimiter, width)
        else:
            yield from _told(feed)
            return
    for line in feed.found:
        yield _alone(line, where, delimiter, width) if isinstance(line, Line) else line


def _told(feed: _Feed) -> Iterator[Problem]:
    yield from feed.problems
    feed.problems.clear()


def _alone(line: Line, where: str, delimiter: str, width: int) -> Row | Problem:
    """A line taken for a whole row, whatever its quotation marks say."""
    try:
        cells = next(csv.reader([line.text], delimiter=delimiter), [])
    except csv.Error:
        cells = []
    if len(cells) == width:
        return Row(cells, line.raw, line.number)
    return Problem(f"{where} line {line.number}", "a quotation mark is not closed", "close it, or leave this row out")
