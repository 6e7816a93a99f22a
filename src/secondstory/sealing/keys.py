"""The key file: one key a line, the newest first. Never in the database, never in a backup."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

KEY_BYTES = 32


class KeyMissing(Exception):
    """What was sealed cannot be opened; of itself: its key is not in the key file."""


class Moved(KeyMissing):
    """The key is there and still it does not open: moved to another place, or its place or key changed under it."""


class Unreadable(Exception):
    """What should be keys is none. The message says where, and never what stands there."""


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """A key with the id that stands in front of everything sealed with it."""

    id: str
    secret: bytes


def parse(text: str) -> list[Key]:
    """Keys from lines of `id:base64`."""
    return [_key(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _key(number: int, line: str) -> Key:
    name, _, written_secret = line.partition(":")
    try:
        secret = base64.b64decode(written_secret, validate=True)
    except ValueError:
        secret = b""
    if not name or len(secret) != KEY_BYTES:
        message = f"line {number} is no key: a key is an id, a colon and {KEY_BYTES} bytes in base64"
        raise Unreadable(message)
    return Key(name, secret)


def new_key() -> Key:
    """A fresh random key under a fresh id."""
    return Key(secrets.token_hex(4), secrets.token_bytes(KEY_BYTES))


def written(keys: Sequence[Key]) -> str:
    """The text of a key file."""
    return "".join(f"{key.id}:{base64.b64encode(key.secret).decode()}\n" for key in keys)


def in_one_line(keys: Sequence[Key]) -> str:
    """The keys as the environment takes them."""
    return written(keys).strip().replace("\n", ",")


def from_environment() -> str:
    """The keys given there; empty when the file counts."""
    return os.environ.get("SECONDSTORY_KEYS", "").replace(",", "\n")


def load(path: Path) -> list[Key]:
    """The keys from the environment, else from the file, which is made on first use, readable by its owner alone."""
    if given := from_environment():
        return parse(given)
    if not path.exists():
        _begin(path)
    return parse(path.read_text())


def _begin(path: Path) -> None:
    """Several processes start at once and one of them makes the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = _beside(path, [new_key()])
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        return
    finally:
        fresh.unlink()


def store(path: Path, keys: Sequence[Key]) -> None:
    """Put these keys in place of the file's. Whoever reads meanwhile, or after a power cut, finds one or the other."""
    _beside(path, keys).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _beside(path: Path, keys: Sequence[Key]) -> Path:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(written(keys))
        file.flush()
        os.fsync(file.fileno())
    return fresh
