"""What higher slices keep in a section of the written review: actions do, later follow-ups will."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from secondstory.access.questions import Question
from secondstory.reviews.models import Review
from secondstory.writing.document import ActionRow


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows that stand in a section beside its words. Every callable takes the person whose eyes look.

    `has_rows` is asked of {review} by whoever reads the section; `exported` is answered in one query, `shown` in at most
    three.
    """

    section: str
    has_rows: type[Question]
    exported: Callable[[Review, Any], list[ActionRow]]
    shown: Callable[[HttpRequest, Review], SafeString]


_kept: dict[str, Kept] = {}


def offer(kept: Kept) -> None:
    """Called from `AppConfig.ready()`."""
    _kept[kept.section] = kept


def has_kept_rows() -> dict[str, Question]:
    """Per section, whether it has rows of higher slices, which count as having filled it."""
    return {key: kept.has_rows({"review": "review_id"}) for key, kept in _kept.items()}


def exported(review: Review, person: Any) -> list[ActionRow]:
    """All rows of higher slices as plain data."""
    return [row for kept in _kept.values() for row in kept.exported(review, person)]


def shown(request: HttpRequest, review: Review) -> dict[str, SafeString]:
    """Per section, what the writing page shows below its words."""
    return {key: kept.shown(request, review) for key, kept in _kept.items()}
