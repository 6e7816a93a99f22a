"""The fixed cast of every test, and the review most of them meet in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from secondstory.people.models import Person
from secondstory.reviews.models import Participation, Review

PASSWORD = "a long enough password"
HAPPENED = datetime(2026, 3, 9, 14, 5, tzinfo=UTC)


@dataclass(slots=True)
class Cast:
    """Ana was on call, Bo facilitates, Cleo takes part, Dov is elsewhere, Eve administers, Gil is a guest."""

    ana: Person
    bo: Person
    cleo: Person
    dov: Person
    eve: Person
    gil: Person
    nobody: Any

    def everyone(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("ana", "bo", "cleo", "dov", "eve", "gil", "nobody")}

    def outsiders(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("dov", "eve", "nobody")}


def make_person(name: str, **fields: Any) -> Person:
    return Person.objects.create_user(f"{name.lower()}@lantern.example", PASSWORD, name=name, **fields)


def make_cast() -> Cast:
    members = {name.lower(): make_person(name) for name in ("Ana", "Bo", "Cleo", "Dov")}
    eve = make_person("Eve", is_administrator=True)
    gil = make_person("Gil", is_guest=True)
    return Cast(**members, eve=eve, gil=gil, nobody=AnonymousUser())


def make_review(cast: Cast, title: str = "Checkout answered slowly", **fields: Any) -> Review:
    """A review with Bo facilitating, Ana and Cleo taking part, and Gil as a guest."""
    review = Review(title=title, created_by=cast.bo, **({"happened_at": HAPPENED} | fields))
    review.save()
    _takes_part(review, cast.bo, duty=Participation.Duty.FACILITATOR, involved=False, accepted_at=timezone.now())
    _takes_part(review, cast.ana, role_label="on-call engineer")
    _takes_part(review, cast.cleo, role_label="release lead")
    _takes_part(review, cast.gil, role_label="customer contact", until=timezone.now() + timedelta(days=7))
    return review


def _takes_part(review: Review, person: Person, **fields: Any) -> None:
    Participation(review=review, person=person, **fields).save()
