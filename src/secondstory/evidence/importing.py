"""The import engine: read, mask, digest, and hand on in batches. Memory does not grow with what is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import DataError, IntegrityError, connection

from secondstory.evidence import import_changes, pictures
from secondstory.evidence.importers.masking import mask, mask_record
from secondstory.evidence.importers.record import Choices, Kind, Problem, Record, Refused, storable
from secondstory.evidence.importers.registry import Found, walk
from secondstory.evidence.rules import PLACES_KEPT, PROBLEMS_KEPT, address_of, short
from secondstory.evidence.storing import Row, known

# SQLite has one write lock for everybody: a batch holds it about this long, far below the 50 ms anybody may.
# PostgreSQL only holds the numbering of one review, and each commit costs it a few milliseconds.
LOCK_SECONDS = {"sqlite": 0.012, "postgresql": 0.2}
FEWEST, MOST = 50, 1_000
TELL_SECONDS = 0.5


@dataclass(slots=True)
class Tally:
    """What has come of an import so far."""

    read: int = 0
    added: int = 0
    known: int = 0
    problems_met: int = 0
    problems: list[dict[str, str]] = field(default_factory=list)
    formats: dict[str, None] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    refusal: Refused | None = None

    def meet(self, problem: Problem) -> None:
        """Notes a problem; the first ones with their place, the rest by number."""
        self.problems_met += 1
        if len(self.problems) < PROBLEMS_KEPT:
            self.problems.append({"where": problem.where, "what": problem.what, "do": problem.do})

    def refuse(self, name: str, refused: Refused) -> None:
        """Notes that a whole part could not be taken."""
        self.refusal = self.refusal or refused
        self.meet(Problem(name, refused.what, refused.do))


@dataclass(slots=True)
class Job:
    """Where records go, what was chosen of them, and who hears how far it has come."""

    review: str
    source: str
    choices: Choices
    tell: Callable[[Tally], None]


class Engine:
    """One run over one upload. Started again after a break, it finds what is there and adds the rest."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.tally = Tally()
        self._waiting: dict[bytes, Row] = {}
        self._room = 4 * FEWEST
        self._told = monotonic()

    def bring_in(self, uploads: Iterable[Path], scratch: Path) -> Tally:
        """Everything chosen in these files, zips and folders."""
        for found in walk(uploads, scratch):
            if isinstance(found, Problem):
                self.tally.refuse(found.where, Refused(found.what, found.do))
            else:
                self._read_part(found)
        return self.finish()

    def finish(self) -> Tally:
        """Stores what still waits."""
        self._store()
        self.job.tell(self.tally)
        return self.tally

    def _read_part(self, found: Found) -> None:
        name = found.importer.name
        self.tally.formats[short(found.importer.title)] = None
        try:
            for told in found.importer.read(found.path, self.job.choices):
                if isinstance(told, Record):
                    self.take(told, name)
                else:
                    self.tally.meet(told)
        except Refused as refused:
            self.tally.refuse(found.name, refused)

    def take(self, record: Record, name: str) -> None:
        """Takes one record; stored with its batch."""
        tally = self.tally
        tally.read += 1
        row = self._with_image(record, name) if record.kind is Kind.IMAGE else row_of(record, name)
        if row is None or row.digest in self._waiting:
            tally.known += 1
            return
        self._waiting[row.digest] = row
        if row.place not in tally.places and len(tally.places) < PLACES_KEPT:
            tally.places[row.place] = row.reach
        if len(self._waiting) >= self._room:
            self._store()
            self._tell_now_and_then()

    def _with_image(self, record: Record, name: str) -> Row | None:
        """An image goes into storage, the row says where. None when the review has it, or had it and it was struck."""
        address = address_of(record)
        if known(self.job.review, [address]):
            return None
        stored = pictures.keep(self.job.review, address, pictures.shown(record.original, record.files[0]))
        return row_of(record.emptied(), name).picturing(address, stored)

    def _store(self) -> None:
        if not self._waiting:
            return
        added = self._add_new()
        self.tally.added += added
        self.tally.known += len(self._waiting) - added
        self._waiting.clear()

    def _add_new(self, tries: int = 3) -> int:
        there = known(self.job.review, list(self._waiting))
        new = [row for digest, row in self._waiting.items() if digest not in there]
        try:
            return self._add(new) if new else 0
        except IntegrityError:
            # Somebody imports the same into the same review right now: look again at what is there.
            if not tries:
                raise
            return self._add_new(tries - 1)

    def _add(self, rows: list[Row]) -> int:
        """Stores rows; one that the database will not take is named, and the others go in without it."""
        try:
            added, seconds = import_changes.add(self.job.review, self.job.source, rows)
        except DataError:
            if len(rows) == 1:
                self.tally.meet(Problem(f"{rows[0].place} {rows[0].at:%Y-%m-%d %H:%M:%S}", "the database refused it"))
                return 0
            middle = len(rows) // 2
            return self._add(rows[:middle]) + self._add(rows[middle:])
        self._room = max(FEWEST, min(MOST, int(len(rows) * LOCK_SECONDS[connection.vendor] / max(seconds, 0.0001))))
        return added

    def _tell_now_and_then(self) -> None:
        if monotonic() - self._told > TELL_SECONDS:
            self._told = monotonic()
            self.job.tell(self.tally)


def row_of(record: Record, name: str) -> Row:
    """A record as it is stored: secrets masked, text that every database takes, cut to the columns."""
    text, original, masked = mask_record(record)
    link = record.link
    if link:
        link, more = mask(link)
        masked = tuple(dict.fromkeys(masked + more))
    if record.files:
        text = _with_files(text, record.files)
    return Row(
        digest=address_of(record),
        format=name,
        kind=str(record.kind),
        at=record.at,
        place=_cut(record.place, 200),
        reach=str(record.reach),
        author=_cut(record.author, 120),
        text=storable(text),
        thread=_cut(record.thread, 80),
        service=_cut(record.service, 120),
        link=storable(link) if link else "",
        payload=storable(original.decode("utf-8", "replace")),
        masked=", ".join(masked)[:120],
        seen_from=record.seen_from,
    )


def _with_files(text: str, files: tuple[str, ...]) -> str:
    unsaid = [name for name in files if name not in text]
    return "\n".join([text, *(f"[{name}]" for name in unsaid)]) if unsaid else text


def _cut(text: str, most: int) -> str:
    return storable(text[:most]) if text else ""


def summary_of(tally: Tally) -> dict[str, Any]:
    """The places that came in, for the filters of the evidence page."""
    return {
        "places": [{"name": name, "reach": reach} for name, reach in tally.places.items()],
        "formats": list(tally.formats),
    }
