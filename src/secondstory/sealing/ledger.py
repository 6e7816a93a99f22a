"""What was narrowed and deleted, kept beside the key file: outside the database and outside every backup.

A backup is older than what it is restored into. Whoever took something back since would meet it again; so every
narrowing and deletion is written down here, ids and times alone, and done once more after a restore and at each start.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

# No blank fits in, so no sentence does.
PLAIN = re.compile(r"[A-Za-z0-9_.:+-]{0,64}")


class NotPlain(ValueError):
    """Somebody tried to write words into the ledger."""


class NewerLedger(Exception):
    """The ledger holds a kind of entry that this version does not know how to do again."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing taken back: what kind, which rows, when, and further short facts such as the audience left."""

    kind: str
    ids: tuple[str, ...]
    at: datetime
    what: dict[str, Any]


Replay = Callable[[Entry], None]
_replays: dict[str, Replay] = {}


def offer_replay(kind: str, replay: Replay) -> None:
    """Called from `AppConfig.ready()`. `replay` takes one entry, in the order they were written, and does it again.

    It must do nothing where the row is gone or where its author chose anew after `entry.at`, and must never widen.
    """
    if kind in _replays:
        message = f"two slices replay entries of the kind {kind}"
        raise ValueError(message)
    _replays[kind] = replay


def record(kind: str, ids: Sequence[str], at: datetime, **what: str | Sequence[str]) -> None:
    """Write it down for good. To be called last in the transaction that does it.

    An entry whose transaction then fails is done at the next start: what its author asked for, late. The other order
    would lose an entry with the power. When the ledger cannot be written this raises, and the change does not stand.
    """
    facts = {name: value if isinstance(value, str) else list(value) for name, value in what.items()}
    for word in _strings([kind, *ids, *facts.values()]):
        if not PLAIN.fullmatch(word):
            raise NotPlain(kind)
    line = json.dumps({"kind": kind, "ids": list(ids), "at": at.isoformat(), **({"what": facts} if facts else {})})
    _append(settings.LEDGER_FILE, line.encode() + b"\n")


def replay() -> int:
    """Do everything in the ledger once more; answers how many entries there were. Nothing when one kind is unknown."""
    known = refuse_newer()
    for entry in known:
        _replays[entry.kind](entry)
    return len(known)


def refuse_newer() -> list[Entry]:
    """All entries; raises NewerLedger when one is of an unknown kind."""
    known = list(entries())
    if unknown := sorted({entry.kind for entry in known} - set(_replays)):
        raise NewerLedger(unknown[0])
    return known


def entries() -> Iterator[Entry]:
    """Every whole entry, oldest first."""
    return (entry for entry in _read() if entry)


def newest(kind: str, id_: str) -> Entry | None:
    """The last entry of a kind about a row. Kept in memory and in step with the file, so asking often costs little."""
    return _in_step(settings.LEDGER_FILE).get((kind, id_))


def length() -> int:
    """How many entries there are."""
    return sum(1 for _ in entries())


def damaged() -> int:
    """How many lines cannot be read. A line cut short by a crash belongs to a change that did not stand either."""
    return sum(1 for entry in _read() if entry is None)


def _strings(values: Sequence[str | Sequence[str]]) -> Iterator[str]:
    for value in values:
        yield from [value] if isinstance(value, str) else value


def _read() -> Iterator[Entry | None]:
    path: Path = settings.LEDGER_FILE
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            yield _entry(line)


_followed: dict[Path, tuple[int, int, dict[tuple[str, str], Entry]]] = {}


def _in_step(path: Path) -> dict[tuple[str, str], Entry]:
    try:
        found = path.stat()
    except FileNotFoundError:
        _followed.pop(path, None)
        return {}
    file_id, read_to, last = _followed.get(path, (0, 0, {}))
    if file_id != found.st_ino or found.st_size < read_to:
        read_to, last = 0, {}
    if found.st_size > read_to:
        with path.open("rb") as file:
            file.seek(read_to)
            whole, newline, _torn = file.read().rpartition(b"\n")
        last = last | {
            (entry.kind, id_): entry for entry in map(_entry, whole.splitlines()) if entry for id_ in entry.ids
        }
        read_to += len(whole) + len(newline)
    _followed[path] = (found.st_ino, read_to, last)
    return last


def _entry(line: bytes) -> Entry | None:
    try:
        row = json.loads(line)
        at = datetime.fromisoformat(row["at"])
        return Entry(str(row["kind"]), tuple(map(str, row["ids"])), at, dict(row.get("what", {})))
    except (ValueError, KeyError, TypeError):
        return None


def _append(path: Path, line: bytes) -> None:
    with _held(path) as handle:
        torn = os.fstat(handle).st_size and os.pread(handle, 1, os.fstat(handle).st_size - 1) != b"\n"
        data = b"\n" + line if torn else line
        if os.write(handle, data) != len(data):
            message = "the ledger could not be written whole"
            raise OSError(message)
        os.fsync(handle)


@contextmanager
def _held(path: Path) -> Iterator[int]:
    fresh = not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if fresh:
            _keep_name(path.parent)
        yield handle
    finally:
        os.close(handle)


def _keep_name(folder: Path) -> None:
    """A new file survives a power cut only when its folder was synced too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
