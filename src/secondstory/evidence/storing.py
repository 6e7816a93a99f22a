"""Many rows of evidence in one statement. The ORM would build an object a row; this is the one place that does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

TABLE = "evidence_evidence"


class Row(NamedTuple):
    """One record as it is stored: masked, cut to its columns, with the address that lets it in once."""

    digest: bytes
    format: str
    kind: str
    at: datetime
    place: str
    reach: str
    author: str
    text: str
    thread: str
    service: str
    link: str
    payload: str
    masked: str
    image: str = ""
    seen_from: datetime | None = None

    def picturing(self, digest: bytes, image: str) -> Row:
        """The same row about a picture in storage."""
        return self._replace(digest=digest, image=image)


COLUMNS = ("review_id", "source_id", "number", *Row.__annotations__, "struck_reason")


def known(review_id: str, digests: Sequence[bytes]) -> set[bytes]:
    """Which of these the review already has."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT digest FROM {TABLE} WHERE review_id = %s AND digest = ANY(%s)",  # noqa: S608 - our own name
                [review_id, list(digests)],
            )
        else:
            marks = ",".join(["%s"] * len(digests))
            cursor.execute(
                f"SELECT digest FROM {TABLE} WHERE review_id = %s AND digest IN ({marks})",  # noqa: S608 - our own name
                [review_id, *digests],
            )
        return {bytes(digest) for (digest,) in cursor.fetchall()}


def last_number(review_id: str) -> int:
    """The highest number given in a review; asked inside the transaction that gives the next ones."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MAX(number) FROM {TABLE} WHERE review_id = %s", [review_id])  # noqa: S608 - our own name
        found = cursor.fetchone()
    return int(found[0] or 0) if found else 0


def ready(review_id: str, source_id: str | None, rows: Sequence[Row]) -> list[list[Any]]:
    """Rows as the database takes them, but for their numbers. Made before the write lock is taken."""
    lists: list[list[Any]] = [[review_id, source_id, 0, *row, ""] for row in rows]
    if connection.vendor == "sqlite":
        # SQLite keeps times as Django writes them: in UTC, without saying so.
        for row in lists:
            row[_AT] = str(row[_AT].replace(tzinfo=None))
            if row[_SEEN_FROM]:
                row[_SEEN_FROM] = str(row[_SEEN_FROM].replace(tzinfo=None))
    return lists


def insert(after: int, rows: Sequence[list[Any]]) -> int:
    """Adds what `ready` made, numbered from `after` + 1; answers how many were new.

    SQLite passes over a row that came in meanwhile; PostgreSQL raises IntegrityError, and nothing was added.
    """
    for number, row in enumerate(rows, after + 1):
        row[_NUMBER] = number
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(_COPY) as copy:
                for row in rows:
                    copy.write_row(row)
            return len(rows)
        cursor.executemany(_INSERT, rows)
        return max(int(cursor.rowcount), 0)


_NUMBER, _AT, _SEEN_FROM = (COLUMNS.index(name) for name in ("number", "at", "seen_from"))
_NAMES = ",".join(COLUMNS)
_MARKS = ",".join(["%s"] * len(COLUMNS))
_INSERT = f"INSERT INTO {TABLE} ({_NAMES}) VALUES ({_MARKS}) ON CONFLICT (review_id, digest) DO NOTHING"  # noqa: S608 - our own names
_COPY = f"COPY {TABLE} ({_NAMES}) FROM STDIN"
