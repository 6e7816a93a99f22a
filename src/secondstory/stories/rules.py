"""What a story is made of, how far a part may reach, and what its words are bound to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime

FIVE_PARTS = ("did", "saw", "expected", "assumed", "understood")
CONTEXT = ("goals", "pressures", "time", "tools", "known", "missing", "asked")
NAMES = (*FIVE_PARTS, *CONTEXT)
# What a passage laid beside a moment may say: understanding the sequence is about all moments at once.
BESIDE = FIVE_PARTS[:4]
# From the narrowest to the widest.
AUDIENCES = ("me", "facilitator", "participants", "quotable")
# How a quote may be signed, from saying least of who said it.
FORMS = ("nobody", "label", "name")
ROLE_HELD = {"facilitator": "facilitator", "participants": "participant", "quotable": "participant"}

Held = tuple[str, str, datetime]


PARAGRAPHS = re.compile(r"\n\s*\n")


def passages_of(words: str) -> list[str]:
    """The paragraphs of a text, each on one line: what may be taken out of it as a passage."""
    return [passage for each in PARAGRAPHS.split(words) if (passage := " ".join(each.split()))]


def is_wider(audience: str, than: str) -> bool:
    """Whether an audience holds more than another."""
    return AUDIENCES.index(audience) > AUDIENCES.index(than)


def forms_within(allowed: str) -> tuple[str, ...]:
    """How a quote may be signed when its author allows `allowed`: so, or saying less."""
    return FORMS[: FORMS.index(allowed) + 1]


def bound(*parts: str) -> str:
    """One text out of several that no other several make."""
    return json.dumps(parts, separators=(",", ":"), ensure_ascii=False)


def list_of(grants: Iterable[Held]) -> str:
    """The people an audience holds (person, role, since when), in one order."""
    return bound(*sorted(bound(person, role, at.astimezone(UTC).isoformat()) for person, role, at in grants))


def is_passage_of(passage: str, words: str) -> bool:
    """Whether a passage stands in the words, however the lines are broken."""
    return bool(passage) and passage in " ".join(words.split())


def share_a_run(pasted: str, words: str, length: int = 8) -> bool:
    """Whether so many words stand in both one after the other, whatever stands between them."""
    one, other = _runs(pasted, length), _runs(words, length)
    return not one.isdisjoint(other)


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}
