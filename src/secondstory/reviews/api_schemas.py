"""What other programs send and get about reviews. No number stands beside a person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import AwareDatetime, Field

from secondstory.reviews.models import Participation, Review

# PostgreSQL stores no NUL.
Words = Annotated[str, Field(pattern=r"^[^\x00]*$")]


class ReviewOut(Schema):
    """A review as the reader may know it: readers get what was published, participants the workshop."""

    id: str
    kind: Review.Kind
    title: str
    summary: str
    stage: Review.Stage
    takes_part: bool
    happened_at: datetime
    zone: str
    severity: str | None
    services: list[str]
    published_at: datetime | None


class ReviewsOut(Schema):
    """A page of reviews, the newest first; `more` says whether there is another."""

    reviews: list[ReviewOut]
    more: bool


class FilterIn(Schema):
    """What to look for."""

    q: Words = Field("", max_length=100)
    kind: Review.Kind | None = None
    stage: Review.Stage | None = None
    severity: Words = ""
    service: Words = ""
    page: int = Field(1, ge=1, le=1000)


class FactsIn(Schema):
    """A review's facts; severity and services by name."""

    kind: Review.Kind
    title: Words = Field(max_length=200)
    happened_at: AwareDatetime
    zone: Words = "UTC"
    severity: Words | None = None
    services: list[Words] = []


class PersonIn(Schema):
    """A member of the organisation and what they take part as."""

    email: Words
    role_label: Words = Field("", max_length=60)
    duty: Participation.Duty = Participation.Duty.PARTICIPANT
    involved: bool = True


class ReviewIn(FactsIn):
    """A new review with its first people."""

    people: list[PersonIn] = []


class PartIn(Schema):
    """What somebody takes part as."""

    role_label: Words = Field("", max_length=60)
    duty: Participation.Duty = Participation.Duty.PARTICIPANT
    involved: bool = True


class PartOut(Schema):
    """Somebody who takes part. A guest of the review is told role labels instead of names."""

    id: str
    name: str
    role_label: str
    duty: Participation.Duty
    accepted: bool
    involved: bool
    until: datetime | None


class StageIn(Schema):
    """Where the review is to go."""

    stage: Review.Stage


class TimesIn(Schema):
    """Key times to set by name; null makes one unknown again."""

    times: dict[str, AwareDatetime | None]


class TimesOut(Schema):
    """Key times by name, null for an unknown one; pairs (earlier, later) that stand the wrong way round."""

    times: dict[str, datetime | None]
    out_of_order: list[tuple[str, str]]
