"""Sealing a text so that it opens only with its key and only in its own place."""

from __future__ import annotations

import secrets
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from django.conf import settings

from secondstory.access.words import Private
from secondstory.sealing.keys import Key, KeyMissing, Moved, load

NONCE_BYTES = 12


@cache
def _keys() -> tuple[Key, ...]:
    return tuple(load(settings.KEY_FILE))


def forget_keys() -> None:
    """Reads the key file again at the next use, after a rotation."""
    _keys.cache_clear()


def sealed(words: str, place: str) -> str:
    """Seals `words` to `place` (table, row and whatever else must not change under it)."""
    key = _keys()[0]
    nonce = secrets.token_bytes(NONCE_BYTES)
    box = ChaCha20Poly1305(key.secret).encrypt(nonce, words.encode(), place.encode())
    return f"{key.id}:{(nonce + box).hex()}"


def opened(box: str, place: str) -> Private:
    """Opens what `sealed` made for the same place; raises KeyMissing when its key is gone, Moved when it was moved."""
    key_id, _, body = box.partition(":")
    for key in _keys():
        if key.id == key_id:
            return _open(key, bytes.fromhex(body), place)
    message = "the key that sealed this is not in the key file"
    raise KeyMissing(message)


def _open(key: Key, raw: bytes, place: str) -> Private:
    try:
        words = ChaCha20Poly1305(key.secret).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], place.encode())
    except InvalidTag:
        message = "this was sealed for another place"
        raise Moved(message) from None
    return Private(words.decode())
