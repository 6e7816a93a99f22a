"""The lane and the time that an address names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from secondstory.reviews.models import Review
from secondstory.timeline.models import Lane
from secondstory.timeline.rules import EARLIEST, LATEST


def lane_here(person: Any, review_id: str, lane_id: str) -> Lane:
    """The lane, for who takes part in its review; absent for everybody else."""
    reviews = Review.objects.visible_to(person).with_part_of(person)
    lanes = Lane.objects.visible_to(person).select_related("review").filter(review__in=reviews)
    lane: Lane = get_object_or_404(lanes, review_id=review_id, pk=lane_id)
    return lane


def time_given(given: str) -> datetime | None:
    """A time out of an address, in whole seconds; without a zone it is in the viewer's. None when it is none."""
    try:
        at = parse_datetime(_with_plus(given))
        at = timezone.make_aware(at) if at and timezone.is_naive(at) else at
        at = at.astimezone(UTC) if at else None
    except (ValueError, OverflowError):
        return None
    return at.replace(microsecond=0) if at and EARLIEST <= at < LATEST else None


def exact_time_given(given: str) -> datetime | None:
    """As `time_given`, to the microsecond: where a page of lines ends."""
    whole = time_given(given)
    found = parse_datetime(_with_plus(given)) if whole else None
    return whole.replace(microsecond=found.microsecond) if whole and found else None


def _with_plus(given: str) -> str:
    """A plus that was typed into an address arrives as a blank."""
    given = given.strip()
    return given.replace(" ", "+") if "T" in given else given


def written(at: datetime) -> str:
    """A time as addresses here name it."""
    return f"{at.astimezone(UTC).isoformat()}".replace("+00:00", "Z")
