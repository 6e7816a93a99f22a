"""What differs between two texts, also long ones. Pure."""

from __future__ import annotations

import re

from secondstory.timeline.rules import differences

WORD = re.compile(r"\s*\S+|\s+$")


def differing(before: str, after: str) -> list[tuple[str, str]]:
    """Pairs of "same", "out" or "in" and the words; what both begin and end with is never compared word by word."""
    old, new = WORD.findall(before), WORD.findall(after)
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    parts = [("same", "".join(old[:head]))]
    parts += differences("".join(old[head : len(old) - tail]), "".join(new[head : len(new) - tail]))
    parts.append(("same", "".join(old[len(old) - tail :])))
    return [(kind, words) for kind, words in parts if words]


def _shared(one: list[str], other: list[str]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
