"""What a text may be."""

from __future__ import annotations

LONGEST = 2_000_000


def storable(words: str) -> str:
    """Words that every database takes: plain line ends, no NUL, no half of a character."""
    return words.replace("\r\n", "\n").replace("\0", "").encode(errors="replace").decode()


class TooLong(Exception):
    """The text is over the limit; nothing was stored and the writer keeps their words."""
