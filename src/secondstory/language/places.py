"""Where offsets stand in lines, as people, compilers and editors count."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

# What ends a line in an editor. Python's own idea of a line is wider: it also breaks at form feeds and U+2028.
LINE_END = re.compile(r"\r\n|\r|\n")
# From which letters on one counts for one unit more.
WIDER = {
    "utf-8": ("[\x80-\U0010ffff]", "[\u0800-\U0010ffff]", "[\U00010000-\U0010ffff]"),
    "utf-16": ("[\U00010000-\U0010ffff]",),
    "utf-32": (),
}


def line_starts(text: str) -> list[int]:
    """Where each line begins for a compiler or a code host, which break at a line feed alone."""
    starts = [0]
    while (at := text.find("\n", starts[-1])) >= 0:
        starts.append(at + 1)
    return starts


class Lines:
    """The lines of a text as an editor sees them; both its numbers count from nought."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        ends = list(LINE_END.finditer(text))
        self._starts = [0, *(end.end() for end in ends)]
        self._ends = [*(end.start() for end in ends), len(text)]
        wider = () if text.isascii() else WIDER[encoding]
        self._wide = [[letter.start() for letter in re.finditer(pattern, text)] for pattern in wider]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset; inside a line end it is the end of its line."""
        line = bisect_right(self._starts, offset) - 1
        return line, self._units(self._starts[line], min(offset, self._ends[line]))

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column; what lies beyond a line is its end, what lies beyond the text its end."""
        if line >= len(self._starts):
            return self._ends[-1]
        start, end = self._starts[line], self._ends[line]
        return start + bisect_left(range(end - start), column, key=lambda letters: self._units(start, start + letters))

    def _units(self, start: int, end: int) -> int:
        return end - start + sum(bisect_left(wide, end) - bisect_left(wide, start) for wide in self._wide)
