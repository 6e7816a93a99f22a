"""Tables as CSV: any delimiter and encoding, columns guessed or chosen, one record a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from secondstory.evidence.importers.clock import SAY_A_DATE, Clock, in_utc
from secondstory.evidence.importers.containers import head_of, size_of
from secondstory.evidence.importers.csv_columns import (
    MONTH_FIRST,
    Guess,
    Table,
    columns_of,
    guess,
    order_of,
    table_of,
)
from secondstory.evidence.importers.csv_rows import rows
from secondstory.evidence.importers.deliveries import refused_if_empty
from secondstory.evidence.importers.lines import Line, lines
from secondstory.evidence.importers.record import Choices, Kind, Problem, Record, Refused
from secondstory.evidence.importers.repeats import numbered
from secondstory.evidence.importers.streamed import Streamed
from secondstory.evidence.importers.times import BadTime, bad_time, believable

__all__ = ["CSV_TABLE", "Guess", "guess"]

_KINDS = {kind.value: kind for kind in Kind} | {
    "incident": Kind.ALERT,
    "firing": Kind.ALERT,
    "alarm": Kind.ALERT,
    "page": Kind.ALERT,
    "resolved": Kind.RECOVERY,
    "recovered": Kind.RECOVERY,
    "deployment": Kind.DEPLOY,
    "rollback": Kind.DEPLOY,
    "rollout": Kind.DEPLOY,
    "build": Kind.PIPELINE,
    "chat": Kind.MESSAGE,
    "comment": Kind.MESSAGE,
    "ticket": Kind.ISSUE,
}
_DATE_AND_CLOCK = ("%d/%m/%Y", "%m/%d/%Y")
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
_ONE_DIGIT_HOUR = re.compile(r"(^|[\sT])(\d:\d\d)")


class CsvTable(Streamed):
    """One record a row."""

    name = "csv"
    title = "tables (CSV)"

    def recognises(self, path: Path, head: bytes) -> int:
        """A table by its ending, or by headers that name a time and a text."""
        if path.is_dir() or head[:1] in {b"{", b"["}:
            return 0
        table = table_of(head)
        if table is None:
            return 0
        columns = columns_of(table)
        if path.suffix.lower() in {".csv", ".tsv"}:
            return 75 if "time" in columns else 70
        return 65 if table.has_header and {"time", "text"} <= columns.keys() else 0

    def everything(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        size_of(path)
        table = table_of(head_of(path))
        if table is None:
            raise Refused(f"{path.name} is no table", "save it as CSV with one event a row")
        columns = dict(choices.columns) or columns_of(table)
        unknown = [header for role, header in columns.items() if role != "date_order" and header not in table.headers]
        if unknown:
            raise Refused(
                f"{path.name} has no column called {unknown[0]}", f"its columns are {', '.join(table.headers)}"
            )
        if "time" not in columns and "date" not in columns:
            raise Refused("no column holds a time", "say which column does, or add one")
        reading = _Reading(path, table, columns, Clock(choices), columns.get("date_order") or order_of(table))
        with path.open("rb") as stream:
            yield from refused_if_empty(numbered(reading.records(lines(stream, path.name))))
        yield from reading.clock.assumptions(path.name)
        if reading.guessed_order:
            yield Problem(
                path.name, "dates such as 03/04/2024 were read day first", "choose month first if they are not"
            )


@dataclass(slots=True)
class _Reading:
    path: Path
    table: Table
    columns: Mapping[str, str]
    clock: Clock
    order: str
    guessed_order: bool = False

    def records(self, found: Iterator[Line | Problem]) -> Iterator[Record | Problem]:
        places = {
            role: self.table.headers.index(header) for role, header in self.columns.items() if role != "date_order"
        }
        header_next = self.table.has_header
        for row in rows(found, self.path.name, self.table.delimiter, len(self.table.headers)):
            if isinstance(row, Problem):
                yield row
            elif header_next:
                header_next = False
            elif any(row.cells):
                told = {role: row.cells[index].strip() for role, index in places.items() if index < len(row.cells)}
                yield self._record(told, row.raw, f"{self.path.name} line {row.number}")

    def _record(self, told: Mapping[str, str], raw: bytes, where: str) -> Record | Problem:
        try:
            at = self._at(told)
            if at is None:
                return Problem(where, "no time in this row", "left out")
            believable(at)
        except BadTime as error:
            return bad_time(where, error)
        author = told.get("author", "")
        service = told.get("service", "")
        kind = _KINDS.get(told.get("kind", "").lower()) or (Kind.MESSAGE if author else Kind.LOG)
        link = told.get("link", "")
        return Record(
            at=at,
            author=author,
            text=told.get("text") or "(no text)",
            place=told.get("place") or service or self.path.stem,
            kind=kind,
            original=raw,
            link=link if link.startswith(("https://", "http://")) else "",
            service=service,
        )

    def _at(self, told: Mapping[str, str]) -> datetime | None:
        text = _ONE_DIGIT_HOUR.sub(r"\g<1>0\2", " ".join(filter(None, (told.get("date", ""), told.get("time", "")))))
        if at := self.clock.at(text):
            return at
        return self._bare(text) or self._numeric(text)

    def _bare(self, text: str) -> datetime | None:
        """A time of day belongs to the day that was named."""
        try:
            clock = time.fromisoformat(text)
        except ValueError:
            return None
        if self.clock.anchor is None:
            raise BadTime(f"its time names no day, and no date was given: {SAY_A_DATE}")
        self.clock.without_zone += 1
        return in_utc(datetime.combine(self.clock.anchor, clock), self.clock.zone)

    def _numeric(self, text: str) -> datetime | None:
        """Dates such as 03/04/2024, in the order the table shows or a person chose."""
        if "/" not in text and "." not in text:
            return None
        day_first = self.order != MONTH_FIRST
        shape = _DATE_AND_CLOCK[0] if day_first else _DATE_AND_CLOCK[1]
        date_text, _, clock_text = text.replace(",", "").partition(" ")
        plain = f"{date_text.replace('.', '/')} {clock_text}".strip()
        for clock in _CLOCKS:
            try:
                at = datetime.strptime(plain, shape + clock)  # noqa: DTZ007 its zone is added below
            except ValueError:
                continue
            self.guessed_order = self.guessed_order or not self.order
            self.clock.without_zone += 1
            return in_utc(at, self.clock.zone)
        return None


CSV_TABLE = CsvTable()
