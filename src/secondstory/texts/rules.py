"""What a text may be."""

from __future__ import annotations

LONGEST = 2_000_000


class TooLong(Exception):
    """The text is over the limit; nothing was stored and the writer keeps their words."""
