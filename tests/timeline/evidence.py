"""Invented evidence for the timeline's tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.db.models import Max
from tests.cast import HAPPENED

from secondstory.evidence.models import Evidence
from secondstory.reviews.models import Review

STORY = [
    (0, "alert", "monitor", "FIRING: checkout latency above 2 s", "#alerts", "checkout"),
    (2, "message", "ana", "checkout is slow for me too, anybody else seeing this?", "#ops", ""),
    (4, "message", "cleo", "we deployed the new price service at 14:00, could that be it?", "#ops", ""),
    (7, "message", "ana", "lunch was good", "#ops", ""),
    (9, "message", "ana", "let's roll back the price service", "#ops", ""),
    (11, "deploy", "bot", "price service rolled back to 41", "#deploys", "price"),
    (16, "recovery", "monitor", "RESOLVED: checkout latency above 2 s", "#alerts", "checkout"),
]


def line(review: Review, text: str, at: datetime | None = None, **fields: Any) -> Evidence:
    """One line of evidence of this review."""
    number = (
        Evidence.objects.for_system("a test's setting").filter(review=review).aggregate(last=Max("number"))["last"] or 0
    ) + 1
    evidence = Evidence(
        review=review,
        number=number,
        at=at or HAPPENED + timedelta(minutes=number),
        text=text,
        digest=blake2b(f"{review.pk}{number}".encode(), digest_size=16).digest(),
        **({"format": "slack", "kind": "message"} | fields),
    )
    evidence.save(force_insert=True)
    return evidence


def story(review: Review) -> list[Evidence]:
    """A short incident as its tools and people told it."""
    return [
        line(review, text, HAPPENED + timedelta(minutes=after), kind=kind, author=author, place=place, service=service)
        for after, kind, author, text, place, service in STORY
    ]


def many(review: Review, count: int) -> None:
    """Many lines, a minute apart."""
    Evidence.objects.for_system("a test's setting").bulk_create(
        Evidence(
            review=review,
            number=number,
            at=HAPPENED + timedelta(minutes=number),
            kind="alert" if number % 3 else "message",
            text=f"disk {number} is full, rolling back {number}",
            author="ana",
            place="#ops",
            format="slack",
            digest=blake2b(f"{review.pk}{number}".encode(), digest_size=16).digest(),
        )
        for number in range(1, count + 1)
    )
