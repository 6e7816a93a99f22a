"""What every page of a review's workshop shows around itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from secondstory.reviews.models import Participation, Review
from secondstory.reviews.offers import Missing, missing, pages


@dataclass(frozen=True, slots=True)
class Workshop:
    """A review as one of its participants works on it."""

    review: Review
    part: Participation
    context: dict[str, Any]

    @property
    def facilitates(self) -> bool:
        return self.part.duty == Participation.Duty.FACILITATOR and self.part.accepted_at is not None


def workshop(request: HttpRequest, review_id: str, page: str) -> Workshop:
    """The review's workshop for this viewer, or 404 exactly as for a review that does not exist.

    `context` goes into a template that extends "reviews/workshop.html": review, part, facilitates, rail, pages, page.
    """
    reviews = Review.objects.visible_to(request.user).with_part_of(request.user).select_related("severity")
    review = get_object_or_404(reviews, pk=review_id)
    part = Participation.objects.visible_to(request.user).of(request.user).filter(review=review).get()
    facilitates = part.duty == Participation.Duty.FACILITATOR and part.accepted_at is not None
    context = {
        "review": review,
        "part": part,
        "facilitates": facilitates,
        "page": page,
        "pages": [(each, reverse(each.route, args=[review.pk])) for each in pages()],
        "rail": _rail(review, missing(review, request.user)),
    }
    return Workshop(review, part, context)


def _rail(review: Review, missing_here: list[Missing]) -> list[dict[str, Any]]:
    stages = list(Review.Stage)
    here = stages.index(Review.Stage(review.stage))
    return [
        {
            "stage": stage.value,
            "title": stage.label,
            "state": "now" if number == here else "past" if number < here else "ahead",
            "missing": [each for each in missing_here if each.stage == stage.value],
        }
        for number, stage in enumerate(stages)
    ]
