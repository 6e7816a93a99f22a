"""The questions every read of a workshop asks."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from secondstory.access.questions import Question
from secondstory.reviews.rules import KEY_TIMES


class TakesPart(Question):
    """Whether a person takes part now in a standing review. One row is looked up, however many reviews they have."""

    asks = (
        "EXISTS(SELECT 1 FROM reviews_participation part INNER JOIN reviews_review taken ON taken.id = part.review_id"
        " WHERE part.review_id = {review} AND part.person_id = {person} AND part.left_at IS NULL"
        " AND (part.until IS NULL OR part.until > {now}) AND taken.deleted_at IS NULL)"
    )


# "OFFSET 0" keeps PostgreSQL from reading everybody's rows of every review into a table of its own, for the few reviews
# that a page shows.


class IsOneOf(Question):
    """Whether a person takes part now in a review, standing or not."""

    asks = (
        "EXISTS(SELECT 1 FROM reviews_participation part"
        " WHERE part.review_id = {review} AND part.person_id = {person} AND part.left_at IS NULL"
        " AND (part.until IS NULL OR part.until > {now}) LIMIT 1 OFFSET 0)"
    )


class Facilitates(Question):
    """Whether a person accepted to facilitate a review, and still does."""

    asks = (
        "EXISTS(SELECT 1 FROM reviews_participation part"
        " WHERE part.review_id = {review} AND part.person_id = {person} AND part.left_at IS NULL"
        " AND (part.until IS NULL OR part.until > {now})"
        " AND part.duty = 'facilitator' AND part.accepted_at IS NOT NULL LIMIT 1 OFFSET 0)"
    )


class IsFacilitated(Question):
    """Whether anybody accepted to facilitate a review, and still does."""

    asks = (
        "EXISTS(SELECT 1 FROM reviews_participation part"
        " WHERE part.review_id = {review} AND part.left_at IS NULL AND (part.until IS NULL OR part.until > {now})"
        " AND part.duty = 'facilitator' AND part.accepted_at IS NOT NULL LIMIT 1 OFFSET 0)"
    )


class IsPeopled(Question):
    """Whether anybody who was involved takes part in a review."""

    asks = (
        "EXISTS(SELECT 1 FROM reviews_participation part WHERE part.review_id = {review} AND part.involved"
        " AND part.left_at IS NULL AND (part.until IS NULL OR part.until > {now}) LIMIT 1 OFFSET 0)"
    )


class KnownTimes(Question):
    """How many of the key times that belong to a review's kind are known."""

    output_field = models.IntegerField()
    asks = (
        "(SELECT COUNT(*) FROM reviews_keytime one WHERE one.review_id = {review} AND ("  # noqa: S608 - our own names
        + " OR ".join(f"({{kind}} = '{kind}' AND one.name IN {names})" for kind, names in KEY_TIMES.items())
        + "))"
    )


def takes_part(person: Any, review: str = "review_id") -> Q:
    """Only rows of reviews this person takes part in; `review` names the column that says which."""
    return _of(person, TakesPart, review)


def takes_part_in_it(person: Any) -> Q:
    """Only reviews this person takes part in: a review tells itself whether it stands."""
    return _of(person, IsOneOf, "pk") & Q(deleted_at=None)


def facilitates(person: Any, review: str = "review_id") -> Q:
    """Only rows of reviews this person facilitates."""
    return _of(person, Facilitates, review)


def _of(person: Any, question: type[Question], review: str) -> Q:
    """Nobody who is signed out, blocked or here with a token for published reviews is in any workshop."""
    if not (person.is_authenticated and person.is_active) or person.sees_only_published:
        return Q(pk__in=[])
    return Q(question({"review": review}, person=person.pk, now=timezone.now()))


def is_facilitated(review: str = "review_id") -> Q:
    """Only rows of reviews that have a facilitator."""
    return Q(IsFacilitated({"review": review}, now=timezone.now()))
