"""Sealing a text so that it opens only with its key and only in its own place."""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings

from secondstory.access.words import Private
from secondstory.sealing.keys import Key, KeyMissing, Moved, from_environment, load, parse

NONCE_BYTES = 12
_seen: set[Path] = set()


def keys_now() -> tuple[Key, ...]:
    """The keys, the one to seal with first. A rotated file counts from the next use on, in every process."""
    if given := from_environment():
        return _parsed(given)
    path: Path = settings.KEY_FILE
    try:
        found = path.stat()
    except FileNotFoundError:
        if path in _seen:
            message = "the key file is gone; nothing is opened or sealed until it is back"
            raise KeyMissing(message) from None
        load(path)
        found = path.stat()
    _seen.add(path)
    return _read(path, (found.st_ino, found.st_mtime_ns, found.st_size))


def keys_here() -> tuple[Key, ...]:
    """The same for looking: where there are none, none are made."""
    return keys_now() if from_environment() or settings.KEY_FILE.exists() else ()


@lru_cache(maxsize=4)
def _parsed(given: str) -> tuple[Key, ...]:
    return tuple(parse(given))


@lru_cache(maxsize=4)
def _read(path: Path, _mark: tuple[int, int, int]) -> tuple[Key, ...]:
    return tuple(load(path))


def sealed(words: str, place: str) -> str:
    """Seals `words` to `place` (table, row and whatever else must not change under it)."""
    key = keys_now()[0]
    nonce = secrets.token_bytes(NONCE_BYTES)
    box = ChaCha20Poly1305(key.secret).encrypt(nonce, words.encode(), place.encode())
    return f"{key.id}:{(nonce + box).hex()}"


def opened(box: str, place: str) -> Private:
    """Opens what `sealed` made for the same place; raises KeyMissing when its key is gone, Moved when it was moved."""
    key_id, _, body = box.partition(":")
    for key in keys_now():
        if key.id == key_id:
            return _open(key, body, place)
    message = "the key that sealed this is not in the key file"
    raise KeyMissing(message)


def fits(box: str, words: str, place: str) -> bool:
    """Whether a stamp is ours: these words, sealed by this program to that place."""
    try:
        return opened(box, place) == words
    except KeyMissing:
        return False


def _open(key: Key, body: str, place: str) -> Private:
    try:
        raw = bytes.fromhex(body)
        words = ChaCha20Poly1305(key.secret).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError):
        message = "this was sealed for another place"
        raise Moved(message) from None
    return Private(words.decode())
