"""A new key, and everything sealed anew under it while people go on writing."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from secondstory.sealing.boxes import again, filled, key_ids
from secondstory.sealing.keys import Key, from_environment, new_key, store
from secondstory.sealing.offers import Sealed, sealed_columns
from secondstory.sealing.seal import keys_now

BATCH = 200
# Longer than any page or sweep lasts between sealing something under the key it read and storing it.
SETTLE_SECONDS = 30.0
Tell = Callable[[int], object]


class Busy(Exception):
    """Another rotation is under way."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What came of it: under which key everything lies now, which keys went, which had to stay, and what is closed."""

    first: str
    resealed: int
    closed: int
    dropped: tuple[str, ...]
    kept: tuple[str, ...]


def rotate(*, keep_old: bool = False, settle: float = SETTLE_SECONDS, tell: Tell = lambda _count: None) -> Rotated:
    """Put a new key first, seal everything anew under it, drop the keys under which nothing is left.

    One that was interrupted is finished with the key it had made. Safe while people write: the new key is read by
    every process at its next use, and an old one goes only after two looks with a pause between them, the second
    while nobody writes.
    """
    with _alone(settings.KEY_FILE):
        if not _interrupted():
            store(settings.KEY_FILE, [new_key(), *keys_now()])
        resealed, _ = reseal(tell)
        time.sleep(settle)
        late, closed = reseal(tell)
        dropped = [] if keep_old else _drop()
    first, *kept = [key.id for key in keys_now()]
    return Rotated(first, resealed + late, closed, tuple(dropped), tuple(kept))


def _interrupted() -> bool:
    used = key_ids()
    return any(key.id in used for key in keys_now()[1:])


def next_keys() -> list[Key]:
    """For keys from the environment: what it should say next, after `reseal`. The caller shows it, nothing stores it."""
    first, *older = keys_now()
    if not older:
        return [new_key(), first]
    used = key_ids()
    return [first, *(key for key in older if key.id in used)]


def reseal(tell: Tell) -> tuple[int, int]:
    """Seal anew what does not lie under the first key: how many were, and how many do not open and stay as they are."""
    done = closed = 0
    for column in sealed_columns():
        for batch in _batches(column, keys_now()[0].id):
            good, bad = _reseal_batch(column, batch)
            done, closed = done + good, closed + bad
            tell(good)
    return done, closed


def _batches(column: Sealed, first: str) -> Iterator[list[Any]]:
    last: Any = None
    while True:
        rows = filled(column).exclude(box__startswith=f"{first}:").order_by("pk")
        rows = rows if last is None else rows.filter(pk__gt=last)
        batch = list(rows.values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1]


def _reseal_batch(column: Sealed, batch: list[Any]) -> tuple[int, int]:
    came = [_reseal_row(column, pk) for pk in batch]
    return came.count(True), came.count(False)


def _reseal_row(column: Sealed, pk: Any) -> bool | None:
    """Whether it could be; None when somebody else was first.

    One row at a time under its own lock: nothing saved meanwhile is put back, and nobody who holds several rows is
    waited for in a circle.
    """
    with transaction.atomic():
        row = filled(column).select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None or row.box.startswith(f"{keys_now()[0].id}:"):
            return None
        box = again(column, row)
        if box is not None:
            _put(column, row, box)
        return box is not None


def _put(column: Sealed, row: Any, box: str) -> None:
    if column.put:
        column.put(row, box)
    else:
        column.rows().filter(pk=row.pk).update(**{column.column: box})


def _drop() -> list[str]:
    with transaction.atomic():
        _hold_everybody()
        used = key_ids()
        first, *older = keys_now()
        store(settings.KEY_FILE, [first, *(key for key in older if key.id in used)])
        return [key.id for key in older if key.id not in used]


def _hold_everybody() -> None:
    """On SQLite the transaction holds the one write lock already; on PostgreSQL this waits for whoever is writing."""
    if connection.vendor == "postgresql":
        tables = {connection.ops.quote_name(column.rows().model._meta.db_table) for column in sealed_columns()}
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(sorted(tables))} IN SHARE MODE")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Busy from None
    finally:
        os.close(handle)


def keys_are_in_the_environment() -> bool:
    """Then no program can change them for all the others."""
    return bool(from_environment())
