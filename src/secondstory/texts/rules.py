"""What a text may be."""

from __future__ import annotations

import re

LONGEST = 2_000_000
HALF = re.compile("[\ud800-\udfff]")
MANY = 1_000
LONGEST_REASON = 500


def storable(words: str) -> str:
    """Words that every database takes: plain line ends, no NUL, no half of a character."""
    return words.replace("\r\n", "\n").replace("\0", "").encode(errors="replace").decode()


class TooLong(Exception):
    """The text is over the limit; nothing was stored and the writer keeps their words."""


def in_whole_letters(words: str) -> str:
    """The same length in a browser's units, with half a character become one that can be stored and digested."""
    return HALF.sub("\ufffd", words)


class Purse:
    """How much may be asked at once and over time, by whom. Kept in memory, and only while it is not full again."""

    def __init__(self, holds: float, a_second: float) -> None:
        self.holds, self.a_second = holds, a_second
        self._left: dict[str, tuple[float, float]] = {}

    def pays(self, who: str, price: float, now: float) -> bool:
        """Whether there is enough left; if so, it is spent."""
        self._forget_the_full(now)
        left = self._now(who, now) - price
        if left >= 0:
            self._left[who] = (left, now)
        return left >= 0

    def _now(self, who: str, now: float) -> float:
        left, then = self._left.get(who, (self.holds, now))
        return min(self.holds, left + (now - then) * self.a_second)

    def _forget_the_full(self, now: float) -> None:
        if len(self._left) > MANY:
            self._left = {who: kept for who, kept in self._left.items() if self._now(who, now) < self.holds}
