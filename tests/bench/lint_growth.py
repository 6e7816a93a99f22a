"""Whether reading ever takes longer than a text is long: texts made to stumble over, at a quarter of a megabyte and at one.

    lint_growth.py [LETTERS]

Four times the letters should take four times as long; up to 6 is allowed for, and anything below a fifth of a second is not judged. The exit
code says whether any grew faster. `100,000 nested quotations` is what its name says, whatever the size.
"""

from __future__ import annotations

import sys
import time

from tests.language.hostile import HOSTILE
from tests.language.invariants import EVERYTHING, MARKUPS

from secondstory.language.allowing import remarks
from secondstory.language.blocks import Markup

TIMES = 4
ALLOWED = 6
NOT_JUDGED = 0.2


def took(text: str, markup: Markup) -> float:
    """Processor time of reading a text once, in seconds."""
    begin = time.process_time()
    EVERYTHING.findings(text, markup=markup)
    remarks(text)
    return time.process_time() - begin


def main() -> int:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    EVERYTHING.findings("The engineer failed to notice; we should have asked, obviously. " * 3)
    rows = []
    for name, make in HOSTILE.items():
        for markup in MARKUPS:
            small, large = took(make(size // TIMES), markup), took(make(size), markup)
            rows.append((large / max(small, 1e-6) if large > NOT_JUDGED else 0.0, large, name, markup))
    nested = "“" * 100_000 + "we should have" + "”" * 100_000
    print(f"{took(nested, 'markdown'):8.2f} s  100,000 nested quotations")
    for growth, large, name, markup in sorted(rows, key=lambda row: -row[1])[:10]:
        print(f"{large:8.2f} s  {growth:4.1f} times for {TIMES} times the letters  {name} ({markup})")
    worst = max(rows)
    print(f"{len(rows)} texts of {size:,} letters; the worst growth is {worst[0]:.1f} times, {worst[2]} ({worst[3]})")
    return 0 if worst[0] <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
