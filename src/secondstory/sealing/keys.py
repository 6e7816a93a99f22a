"""The key file: one key a line, the newest first. Never in the database, never in a backup."""

from __future__ import annotations

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

KEY_BYTES = 32


class KeyMissing(Exception):
    """What was sealed cannot be opened; of itself: its key is not in the key file."""


class Moved(KeyMissing):
    """The key is there and still it does not open: moved to another place, or its place or key changed under it."""


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """A key with the id that stands in front of everything sealed with it."""

    id: str
    secret: bytes


def parse(text: str) -> list[Key]:
    """Keys from lines of `id:base64`."""
    rows = (line.strip().partition(":") for line in text.splitlines() if line.strip())
    return [Key(name, base64.b64decode(secret)) for name, _, secret in rows]


def new_key() -> Key:
    """A fresh random key under a fresh id."""
    return Key(secrets.token_hex(4), secrets.token_bytes(KEY_BYTES))


def written(keys: list[Key]) -> str:
    """The text of a key file."""
    return "".join(f"{key.id}:{base64.b64encode(key.secret).decode()}\n" for key in keys)


def load(path: Path) -> list[Key]:
    """The keys from the environment, else from the file, which is made on first use, readable by its owner alone."""
    if given := os.environ.get("SECONDSTORY_KEYS"):
        return parse(given.replace(",", "\n"))
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(written([new_key()]))
    return parse(path.read_text())
