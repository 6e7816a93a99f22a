"""What every importer reads and what it yields. No Django here: parsing stays testable and fast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, Protocol


class Kind(StrEnum):
    """What sort of thing a record is; proposals and lanes are ranked by it."""

    MESSAGE = "message"
    ALERT = "alert"
    RECOVERY = "recovery"
    DEPLOY = "deploy"
    COMMIT = "commit"
    PIPELINE = "pipeline"
    ISSUE = "issue"
    CHANGE = "change"
    RELEASE = "release"
    STATUS = "status"
    MEETING = "meeting"
    LOG = "log"
    IMAGE = "image"


class Reach(StrEnum):
    """Who could see the place a record comes from, at the time."""

    PUBLIC = "public"
    PRIVATE = "private"
    DIRECT = "direct"


class Record(NamedTuple):
    """One artefact as its source tells it.

    `at` is always aware and in UTC. `original` is the exact source bytes of this record: its digest
    (see `digest_of`) makes a second import of the same file add nothing. Neither `text` nor `original`
    is masked yet; whoever stores a record masks it first.
    """

    at: datetime
    author: str
    text: str
    place: str
    kind: Kind
    original: bytes
    reach: Reach = Reach.PUBLIC
    thread: str = ""
    edited: bool = False
    files: tuple[str, ...] = ()
    link: str = ""
    service: str = ""
    # Which of several identical records of one place and time this is: three equal log lines are three records.
    nth: int = 0
    # When those who could see the place could first see this, where that is later: a commit, once it was pushed.
    seen_from: datetime | None = None

    def repeated(self, nth: int) -> Record:
        """The same once more."""
        return self._replace(nth=nth)

    def emptied(self) -> Record:
        """The same without its bytes, which are kept elsewhere."""
        return self._replace(original=b"")


@dataclass(slots=True, frozen=True)
class Problem:
    """A record, or a whole file, that could not be taken: where, what, and what to do about it.

    `where` names the file inside the source and the line, byte or item; it never holds the record's text.
    """

    where: str
    what: str
    do: str = ""


@dataclass(slots=True, frozen=True)
class Place:
    """A channel, service or file one may choose before anything is stored. `records` is None when unknown."""

    name: str
    reach: Reach
    records: int | None = None
    first: datetime | None = None
    last: datetime | None = None


@dataclass(slots=True, frozen=True)
class Choices:
    """What the importing person chose. `places` None means every public place; private ones are named one by one."""

    places: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    anchor: date | None = None
    zone: tzinfo | None = None
    columns: Mapping[str, str] = field(default_factory=dict)

    def takes(self, place: str, reach: Reach, at: datetime) -> bool:
        """Whether a record of this place and time was chosen."""
        if self.since and at < self.since:
            return False
        if self.until and at > self.until:
            return False
        if self.places is None:
            return reach is Reach.PUBLIC
        return place in self.places


class Refused(Exception):
    """The source as a whole cannot be imported. `what` says why, `do` what would help."""

    def __init__(self, what: str, do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.do = do


class Importer(Protocol):
    """One format. Importers stream: memory must not grow with the number of records."""

    name: str
    title: str

    def recognises(self, path: Path, head: bytes) -> int:
        """0 (not mine) to 100 (certainly mine), from the path and the first 64 KiB of a file.

        For a folder the head is empty. May raise Refused for what it knows and cannot take (a named old version);
        that is told when nobody else takes it.
        """
        ...

    def places(self, path: Path, choices: Choices) -> Iterator[Place]:
        """What can be chosen, without storing anything."""
        ...

    def read(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        """Every chosen record in source order, and a Problem for each damaged one."""
        ...


def storable(text: str) -> str:
    """Text that every database takes: no half surrogates, no NUL. Markup in it stays plain text."""
    if "\0" in text:
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


def digest_of(record: Record) -> bytes:
    """16 bytes that identify the original bytes of a record at its place and time."""
    place = f"{record.place}\0{record.at.timestamp()!r}\0{record.nth or ''}".encode()
    return blake2b(place + b"\0" + record.original, digest_size=16).digest()
