"""Ids that say nothing: no order, no count."""

from __future__ import annotations

import secrets

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 12


def new_id() -> str:
    """12 letters that cannot be mistaken for one another: 59 bits of chance."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
