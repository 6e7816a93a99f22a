"""What every page of a review's workshop shows around itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from secondstory.people.models import is_member
from secondstory.reviews.models import Participation, Review
from secondstory.reviews.offers import Missing, missing, pages


@dataclass(frozen=True, slots=True)
class Workshop:
    """A review as one of its participants works on it. `facilitates`: decides on it, as its facilitator does."""

    review: Review
    part: Participation
    facilitates: bool
    context: dict[str, Any]


def workshop(request: HttpRequest, review_id: str, page: str) -> Workshop:
    """The review's workshop for this viewer, or 404 exactly as for a review that does not exist.

    `context` goes into a template that extends "reviews/workshop.html": review, part, facilitates, rail, page.
    """
    person = request.user
    decided = Review.objects.visible_to(person).decided_by(person)
    reviews: Any = Review.objects.visible_to(person).with_part_of(person).select_related("severity")
    review = get_object_or_404(reviews.annotate(decides=Exists(decided.filter(pk=OuterRef("pk")))), pk=review_id)
    facilitates = bool(review.decides)
    part = Participation.objects.visible_to(person).of(person).filter(review=review).get()
    lacking = missing(review, person)
    context = {
        "review": review,
        "part": part,
        "facilitates": facilitates,
        "page": page,
        "missing": lacking,
        "rail": _rail(review, lacking),
    }
    return Workshop(review, part, facilitates, context)


def called(review: Review, viewer: Any) -> dict[str, str]:
    """What each person who takes or took part is called for this viewer: a guest is told role labels, no names."""
    parts = Participation.objects.visible_to(viewer).filter(review=review).select_related("person")
    return {part.person_id: name_for(viewer, part) for part in parts}


def name_for(viewer: Any, part: Participation) -> str:
    """A participant's name, or for a guest what they take part as."""
    if is_member(viewer) or part.person_id == viewer.pk:
        return part.person.name
    return part.role_label or str(Participation.Duty(part.duty).label)


def _rail(review: Review, lacking: list[Missing]) -> dict[str, Any]:
    links = [{"url": reverse(page.route, args=[review.pk]), "text": page.title, "icon": page.icon} for page in pages()]
    return {
        "title": review.title,
        "url": reverse("review", args=[review.pk]),
        "stages": _stages(review, lacking),
        "groups": [{"label": "", "links": links}],
    }


def _stages(review: Review, lacking: list[Missing]) -> list[dict[str, Any]]:
    stages = list(Review.Stage)
    here = stages.index(Review.Stage(review.stage))
    return [
        {
            "name": stage.label,
            "state": "now" if number == here else "done" if number < here else "later",
            "needs": [{"text": each.what, "url": each.address} for each in lacking if each.stage == stage.value],
        }
        for number, stage in enumerate(stages)
    ]
