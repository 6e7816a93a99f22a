"""What every page of a review's workshop shows around itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from secondstory.people.models import is_member
from secondstory.reviews.models import Participation, Review
from secondstory.reviews.offers import Missing, known, missing, pages
from secondstory.reviews.rules import KEY_TIMES

CALLED = "_called_as_read"


@dataclass(frozen=True, slots=True)
class Workshop:
    """A review as one of its participants works on it. `facilitates`: decides on it, as its facilitator does."""

    review: Review
    part: Participation
    facilitates: bool
    parts: list[Participation]
    context: dict[str, Any]

    @property
    def people(self) -> list[Participation]:
        """Those who take part now."""
        return [part for part in self.parts if part.runs]


def workshop(request: HttpRequest, review_id: str, page: str) -> Workshop:
    """The review's workshop for this viewer, or 404 exactly as for a review that does not exist.

    `context` goes into a template that extends "reviews/workshop.html": review, part, facilitates, names, missing,
    rail, page. `names` says what each person is called here for this viewer, by the person's id.
    """
    person = request.user
    reviews: Any = known_reviews(person)
    review = get_object_or_404(reviews.select_related("severity"), pk=review_id)
    parts = list(Participation.objects.visible_to(person).filter(review=review).select_related("person"))
    own = next(part for part in parts if part.person_id == person.pk and part.runs)
    lacking = still_missing(review, person)
    review.__dict__[CALLED] = {person.pk: _names(person, parts)}
    context = {
        "review": review,
        "part": own,
        "facilitates": review.decides,
        "names": called(review, person),
        "page": page,
        "missing": lacking,
        "rail": _rail(review, lacking, page),
    }
    return Workshop(review, own, review.decides, parts, context)


def review_here(person: Any, review_id: str) -> Review:
    """The review for who takes part in it, without its frame; for everybody else 404 as above."""
    return get_object_or_404(Review.objects.visible_to(person).with_part_of(person), pk=review_id)


def known_reviews(person: Any) -> Any:
    """The reviews this person takes part in, each with what is asked of it on every page."""
    reviews = Review.objects.visible_to(person).with_part_of(person)
    return reviews.with_what_is_known(person).annotate(**known())


def still_missing(review: Review, person: Any) -> list[Missing]:
    """What this review still needs by its own facts and by every other slice's word, in the order of the stages.

    `review` comes from `known_reviews`.
    """
    everything = [*own_missing(review), *missing(review, person)]
    stages = list(Review.Stage.values)
    return sorted(everything, key=lambda each: stages.index(each.stage))


def called(review: Review, viewer: Any) -> dict[str, str]:
    """What each person who takes or took part is called for this viewer: a guest is told role labels, no names.

    A page asks in several places; within one request the workshop around it knows already.
    """
    kept: dict[str, dict[str, str]] = review.__dict__.get(CALLED, {})
    if viewer.pk in kept:
        return kept[viewer.pk]
    return _names(viewer, Participation.objects.visible_to(viewer).filter(review=review).select_related("person"))


def name_for(viewer: Any, part: Participation) -> str:
    """A participant's name; guests are called, and are told, what somebody takes part as.

    A guest's row bears what they were called in the review that first invited them: no other may learn that.
    """
    if part.person_id == viewer.pk or (is_member(viewer) and not part.person.is_guest):
        return part.person.name
    return part.role_label or str(Participation.Duty(part.duty).label)


def names_in(viewer: Any, review_id: str) -> dict[str, str] | None:
    """Who takes or took part, with their role labels, for whoever takes part; a guest is told no name."""
    if not Review.objects.visible_to(viewer).with_part_of(viewer).filter(pk=review_id).exists():
        return None
    parts = Participation.objects.visible_to(viewer).filter(review_id=review_id).select_related("person")
    return role_labels(viewer, parts)


def role_labels(viewer: Any, parts: Iterable[Participation]) -> dict[str, str]:
    """By their names, what those who are no guests take part as; for a guest, of nobody."""
    if not is_member(viewer):
        return {}
    return {part.person.name: part.role_label for part in parts if not part.person.is_guest}


def service_names(reviews: Iterable[Review]) -> dict[str, list[str]]:
    """The services of reviews that the caller has seen with somebody's eyes, by the review's id."""
    rows = Review.services.through.objects.filter(review_id__in=[review.pk for review in reviews])
    names: dict[str, list[str]] = {}
    for review_id, name in rows.order_by("service__name").values_list("review_id", "service__name"):
        names.setdefault(review_id, []).append(name)
    return names


def _names(viewer: Any, parts: Iterable[Participation]) -> dict[str, str]:
    return {part.person_id: name_for(viewer, part) for part in parts}


def own_missing(review: Any) -> list[Missing]:
    """What the review's own facts lack; it asks the database nothing more."""
    gathering, lacking = Review.Stage.GATHERING, []
    people, times = reverse("review_people", args=[review.pk]), reverse("review_times", args=[review.pk])
    if not review.is_facilitated:
        lacking.append(Missing(gathering, _("Somebody who has accepted to facilitate"), people))
    if not review.is_peopled:
        lacking.append(Missing(gathering, _("The people who were involved"), people))
    if review.known_times < len(KEY_TIMES[review.kind]):
        lacking.append(Missing(gathering, _("Key times that are still unknown"), times))
    return lacking


def _rail(review: Review, lacking: list[Missing], page: str) -> dict[str, Any]:
    at = {each.key: reverse(each.route, args=[review.pk]) for each in pages()}
    links = [{"url": at[each.key], "text": each.title, "icon": each.icon} for each in pages()]
    return {
        "title": review.title,
        "url": reverse("review", args=[review.pk]),
        "at": at.get(page, ""),
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
