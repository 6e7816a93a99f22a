"""Tokens travel once; only their hash is kept."""

from __future__ import annotations

import secrets
from hashlib import sha256


def new_token() -> str:
    """A fresh secret of 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is stored of a token. The token has 256 bits of chance, so a plain hash is enough."""
    return sha256(token.encode()).hexdigest()


def new_code() -> str:
    """Eight digits to type from one screen into another; short-lived and rate-limited where used."""
    return f"{secrets.randbelow(10**8):08d}"
