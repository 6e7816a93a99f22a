"""How like two words are: without case and marks, one or two slips apart, one inside the other. Pure."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import groupby

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
FEWEST_FOR_SURE = 3
FEWEST_FOR_MISSPELLING = 4
LONG_NAME = 8
INSIDE_A_WORD = 5


@lru_cache(maxsize=50_000)
def fold(words: str) -> str:
    """Without case, marks and invisible characters."""
    plain = unicodedata.normalize("NFKD", words)
    return "".join(each for each in plain if not unicodedata.combining(each) and each not in INVISIBLE).casefold()


def distance(one: str, other: str, most: int) -> int:
    """Edits from one to the other, neighbours swapped counting as one; anything over `most` is `most + 1`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


@lru_cache(maxsize=200_000)
def alike(word: str, name: str, *, capital: bool) -> bool:
    if len(name) > len(word) and name.startswith(word) and (capital or len(word) > FEWEST_FOR_SURE):
        return True
    if len(name) >= FEWEST_FOR_SURE and _squeezed(word) == _squeezed(name):
        return True
    if len(name) >= INSIDE_A_WORD and name in word:
        return True
    if capital and len(word) <= len(name) and _begin_alike(word, name) >= max(FEWEST_FOR_SURE, len(word) - 1):
        return True
    if min(len(word), len(name)) < FEWEST_FOR_MISSPELLING:
        # Three letters are a misspelling of three letters only when written as a name.
        return capital and len(name) == FEWEST_FOR_SURE and name[0] == word[0] and distance(word, name, 1) <= 1
    return distance(word, name, 2 if len(name) >= LONG_NAME else 1) <= (2 if len(name) >= LONG_NAME else 1)


def _begin_alike(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _squeezed(word: str) -> str:
    """Doubled letters count once."""
    return "".join(letter for letter, _again in groupby(word))
