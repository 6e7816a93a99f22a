"""Who decides on a review, whatever became of those who did: nobody else is shown what is theirs, nor changes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.cast import Cast, make_review
from tests.clients import client_of
from tests.privacy.leak import none_of, walked
from tests.privacy.rows import system
from tests.privacy.told import everything_told
from tests.privacy.world import World

from secondstory.access.tokens import hash_of
from secondstory.reviews.models import GuestLink, Participation, Review
from secondstory.reviews.record_changes import decided_by

pytestmark = pytest.mark.django_db
# To which address a guest's link went is shown to who decides.
ADDRESS = "lyrebirdcanary"
Parts = Callable[[str], Any]


def _facilitated(cast: Cast, parts: Parts) -> Any:
    return cast.cleo


def _asked(cast: Cast, parts: Parts) -> Any:
    parts("bo").update(accepted_at=None)
    return cast.ana


def _left_alone(cast: Cast, parts: Parts) -> Any:
    parts("bo").update(left_at=timezone.now())
    return cast.dov


def _came_back(cast: Cast, parts: Parts) -> Any:
    left = parts("bo").get()
    parts("bo").update(left_at=timezone.now())
    Participation(review=left.review, person=cast.bo).save()
    parts("cleo").update(duty=left.duty, accepted_at=timezone.now())
    return cast.bo


# What became of a review that Bo facilitated (it answers with who created it), and who decides on it now.
BECAME: dict[str, tuple[Callable[[Cast, Parts], Any], set[str]]] = {
    "facilitated": (_facilitated, {"bo"}),
    "asked, no answer yet": (_asked, {"ana"}),
    "left by who decided": (_left_alone, set()),
    "its facilitator came back": (_came_back, {"cleo"}),
}


@pytest.fixture
def deciders(world: World) -> dict[str, set[str]]:
    """Who decides, by review."""
    found = {}
    for name, (become, who) in BECAME.items():
        review = make_review(world.cast, name)
        rows = system(Participation).filter(review=review)
        creator = become(world.cast, lambda one, rows=rows: rows.filter(person=world.people()[one]))
        system(Review).filter(pk=review.pk).update(created_by=creator)
        link = GuestLink(review=review, email=f"{ADDRESS}@elsewhere.example", token_hash=hash_of(review.pk))
        link.expires_at = timezone.now() + timedelta(days=3)
        link.save()
        found[review.pk] = who
    return found


def test_nobody_else_decides(world: World, deciders: dict[str, set[str]]) -> None:
    wrong, lacking = [], []
    for review, those in deciders.items():
        for who, person in world.people().items():
            decides = Review.objects.visible_to(person).decided_by(person).filter(pk=review).exists()
            wrong += [f"{who} decides on {review}"] if decides and who not in those else []
            lacking += [f"{who} does not decide on {review}"] if who in those and not decides else []
    none_of(wrong)
    assert not lacking


def test_a_change_is_of_the_review_that_one_decides_on(world: World, deciders: dict[str, set[str]]) -> None:
    wrong = []
    for review, those in deciders.items():
        for who, person in world.people().items():
            changed = _changed(person, review)
            wrong += [f"{who} changes {changed} in place of {review}"] if changed not in {None, review} else []
            wrong += [f"{who} changes {review}"] if changed and who not in those else []
    none_of(wrong)


def _changed(person: Any, review_id: str) -> str | None:
    try:
        return decided_by(person, review_id).pk
    except Http404:
        return None


def test_nobody_else_is_shown_where_a_guest_is_reached(world: World, deciders: dict[str, set[str]]) -> None:
    wrong, shown = [], 0
    for who, person in world.people().items():
        client = client_of(person)
        for review, those in deciders.items():
            told = ADDRESS in everything_told(client.get(reverse("review_people", args=[review])))
            wrong += [f"{who} is told a guest's address of {review}"] if told and who not in those else []
            shown += told
            walked.tried("review_people", who, "all", {ADDRESS: ()}, told)
    none_of(wrong)
    assert shown == sum(len(those) for those in deciders.values())
