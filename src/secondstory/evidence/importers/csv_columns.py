"""What the columns of a table are: guessed from their names and contents, for a person to confirm."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from secondstory.evidence.importers.clock import parsed
from secondstory.evidence.importers.containers import head_of, size_of
from secondstory.evidence.importers.deliveries import text_of
from secondstory.evidence.importers.record import Refused

ROLES = ("time", "date", "author", "text", "place", "kind", "service", "link")
DAY_FIRST, MONTH_FIRST = "day first", "month first"
SAMPLE = 50
SHOWN = 5
NEARLY_ALL = 0.8
_NAMES = {
    "time": "time timestamp datetime date_time when at created created_at occurred_at ts start started started_at "
    "zeit zeitpunkt uhrzeit heure hora",
    "date": "date day datum jour fecha",
    "author": "author user username user_name who by person sender from name reporter actor owner handle autor auteur",
    "text": "text message msg body content description summary event what title subject note notes comment details "
    "nachricht beschreibung entry",
    "place": "place channel room source system where stream conversation kanal",
    "kind": "kind type category event_type sort art",
    "service": "service component application app host server",
    "link": "link url permalink href",
}
_SYNONYMS = {role: frozenset(names.split()) for role, names in _NAMES.items()}
_NUMERIC_DATE = re.compile(r"(\d{1,2})([/.])(\d{1,2})[/.](\d{4}|\d{2})(?!\d)")
_CLOCK = re.compile(r"\d{1,2}:\d\d(:\d\d)?( ?[AaPp][Mm])?")
_MIDDLE_OF_YEAR = 12


@dataclass(slots=True, frozen=True)
class Table:
    """How a file is to be cut: its delimiter, its headers, and the first rows below them."""

    delimiter: str
    headers: tuple[str, ...]
    has_header: bool
    rows: tuple[tuple[str, ...], ...]


@dataclass(slots=True, frozen=True)
class Guess:
    """For a page that asks whether the columns were understood. `columns` goes into Choices.columns once confirmed.

    With `asks_order` nothing tells whether day or month comes first: Choices.columns["date_order"] may say it.
    """

    columns: Mapping[str, str]
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    date_order: str
    asks_order: bool


def guess(path: Path) -> Guess:
    """The columns of a table as far as they can be told, with sample rows."""
    size_of(path)
    table = table_of(head_of(path))
    if table is None:
        raise Refused(f"{path.name} is no table", "save it as CSV with one event a row")
    order = order_of(table)
    return Guess(columns_of(table), table.headers, table.rows[:SHOWN], order, not order and _has_numeric_dates(table))


def table_of(head: bytes) -> Table | None:
    """The table a head shows; None when its lines do not fall into the same columns."""
    lines = text_of(head).splitlines(keepends=True)
    lines = lines[: SAMPLE * 4] if len(lines) > 1 else lines
    best: list[list[str]] = []
    delimiter = ""
    for candidate in ",;\t|":
        rows = _rows(lines, candidate)
        if _even(rows) and (not best or len(rows[0]) > len(best[0])):
            best, delimiter = rows, candidate
    if not best:
        return None
    headed = not any(_is_time(cell) for cell in best[0])
    headers = best[0] if headed else [f"column {number}" for number in range(1, len(best[0]) + 1)]
    below = best[1:] if headed else best
    return Table(delimiter, tuple(_unique(headers)), headed, tuple(map(tuple, below)))


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return []
    return rows[:SAMPLE]


def _even(rows: list[list[str]]) -> bool:
    """Whether nearly every row has as many cells as the first; the last may be cut off."""
    if not rows or len(rows[0]) < 2:  # noqa: PLR2004 one column is no table
        return False
    whole = rows[:-1] if len(rows) > SHOWN else rows
    return sum(1 for row in whole if len(row) == len(rows[0])) >= NEARLY_ALL * len(whole)


def _unique(headers: Sequence[str]) -> list[str]:
    """Headers without blanks and doubles, so that each names one column."""
    seen: dict[str, int] = {}
    named = []
    for number, header in enumerate(headers, 1):
        name = header.strip().lstrip("\ufeff") or f"column {number}"
        seen[name] = seen.get(name, 0) + 1
        named.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return named


def columns_of(table: Table) -> dict[str, str]:
    """Which header plays which role."""
    columns: dict[str, str] = {}
    timely = _timely(table)
    for role in ROLES:
        for header in table.headers:
            if _is_called(header, role) and header not in columns.values() and (role != "time" or header in timely):
                columns[role] = header
                break
    if "time" not in columns and timely:
        columns["time"] = timely[0]
    columns = {role: header for role, header in columns.items() if role != "date" or header != columns.get("time")}
    if "text" not in columns and (longest := _longest(table, set(columns.values()))):
        columns["text"] = longest
    return columns


def _is_called(header: str, role: str) -> bool:
    name = re.sub(r"[\s-]+", "_", re.sub(r"\(.*?\)", "", header).strip().lower())
    return name in _SYNONYMS[role] or any(part in _SYNONYMS[role] for part in name.split("_") if role != "date")


def _timely(table: Table) -> list[str]:
    """The columns whose cells are times, those with date and time of day before the rest."""
    shares = []
    for index, header in enumerate(table.headers):
        cells = [row[index] for row in table.rows if len(row) > index and row[index].strip()]
        share = sum(1 for cell in cells if _is_time(cell)) / max(len(cells), 1)
        clocked = any(":" in cell for cell in cells)
        if share >= NEARLY_ALL:
            shares.append((not clocked, index, header))
    return [header for _, _, header in sorted(shares)]


def _is_time(cell: str) -> bool:
    text = cell.strip()
    if not text or (text.isdigit() and len(text) not in {10, 13, 16, 19}):
        return False
    return bool(_NUMERIC_DATE.match(text) or _CLOCK.fullmatch(text)) or parsed(text) is not None


def _longest(table: Table, taken: set[str]) -> str:
    def length(index: int) -> int:
        return sum(len(row[index]) for row in table.rows if len(row) > index)

    free = [index for index, header in enumerate(table.headers) if header not in taken]
    return table.headers[max(free, key=length)] if free else ""


def _has_numeric_dates(table: Table) -> bool:
    return any(_NUMERIC_DATE.match(cell.strip()) for row in table.rows for cell in row)


def order_of(table: Table) -> str:
    """Whether dates such as 03/04/2024 begin with the day, where a cell tells; nothing when none does."""
    for row in table.rows:
        for cell in row:
            if found := _NUMERIC_DATE.match(cell.strip()):
                if found[2] == "." or int(found[1]) > _MIDDLE_OF_YEAR:
                    return DAY_FIRST
                if int(found[3]) > _MIDDLE_OF_YEAR:
                    return MONTH_FIRST
    return ""
