"""How the sections of a review stand."""

from __future__ import annotations

from collections.abc import Iterable

from secondstory.writing.models import Section
from secondstory.writing.rules import Standing


def standing(sections: Iterable[Section]) -> list[Standing]:
    """Sections read with `with_rows_known`, as the rules see them."""
    return [
        Standing(each.key, each.title, each.state, each.text.body, each.required, getattr(each, "rows", False))
        for each in sections
    ]
