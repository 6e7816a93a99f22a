"""Noting that quotes leave the building: published, or taken along in a file."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from secondstory.stories.models import Quote
from secondstory.writing.departures import Departure


def note_published(version: Any, quote_ids: Collection[str]) -> None:
    """A version holds these quotes. Within the caller's transaction."""
    where = {"what": Departure.What.VERSION, "number": version.number, "audience": version.audience}
    _note(version.review_id, quote_ids, where)


def note_taken(review_id: str, quote_ids: Collection[str], format_: str) -> None:
    """Somebody took these quotes along in a file; who it was is nobody's business."""
    if quote_ids:
        with transaction.atomic():
            _note(review_id, quote_ids, {"what": Departure.What(format_)})


def _note(review_id: str, quote_ids: Collection[str], where: dict[str, Any]) -> None:
    quotes = Quote.objects.for_system("the quotes that are leaving").filter(review=review_id, withdrawn_at=None)
    here = list(quotes.filter(pk__in=quote_ids).values_list("pk", flat=True))
    rows = Departure.objects.for_system("what left before").filter(quote__in=here, what=where["what"])
    rows = rows.filter(number=where.get("number", 0))
    now = timezone.now()
    rows.update(last_at=now)
    known = set(rows.values_list("quote_id", flat=True))
    new = [Departure(review_id=review_id, quote_id=id_, first_at=now, last_at=now, **where) for id_ in here]
    rows.bulk_create([each for each in new if each.quote_id not in known], ignore_conflicts=True)
