"""What higher slices keep in a section of the written review: actions do, later follow-ups will."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from secondstory.reviews.models import Review
from secondstory.writing.document import ActionRow


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows that stand in a section beside its words. Every callable takes the person whose eyes look.

    `rows` is a queryset with a `review_id`; `exported` is answered in one query, `shown` in at most two.
    """

    section: str
    rows: Callable[[Any], QuerySet[Any]]
    exported: Callable[[Review, Any], list[ActionRow]]
    shown: Callable[[HttpRequest, Review], SafeString]


_kept: dict[str, Kept] = {}


def offer(kept: Kept) -> None:
    """Called from `AppConfig.ready()`."""
    _kept[kept.section] = kept


def kept_rows() -> dict[str, Callable[[Any], QuerySet[Any]]]:
    """Per section, which rows count as having filled it."""
    return {key: kept.rows for key, kept in _kept.items()}


def exported(review: Review, person: Any) -> list[ActionRow]:
    """All rows of higher slices as plain data."""
    return [row for kept in _kept.values() for row in kept.exported(review, person)]


def shown(request: HttpRequest, review: Review) -> dict[str, SafeString]:
    """Per section, what the writing page shows below its words."""
    return {key: kept.shown(request, review) for key, kept in _kept.items()}
