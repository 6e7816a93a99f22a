from __future__ import annotations

import pytest
from django.utils import timezone
from tests.cast import Cast

from secondstory.reviews.models import Audience, Participation, Review


@pytest.mark.parametrize("who", ["ana", "bo", "cleo", "gil"])
def test_those_who_take_part_see_an_unpublished_review(cast: Cast, review: Review, who: str) -> None:
    assert Review.objects.visible_to(getattr(cast, who)).filter(pk=review.pk).exists()


@pytest.mark.parametrize("who", ["dov", "eve", "nobody"])
def test_nobody_else_sees_an_unpublished_review(cast: Cast, review: Review, who: str) -> None:
    assert not Review.objects.visible_to(getattr(cast, who)).exists()


def test_the_organisation_sees_a_published_review_but_not_its_workshop(cast: Cast, review: Review) -> None:
    review.published_audience = Audience.ORGANISATION
    review.save()
    assert Review.objects.visible_to(cast.dov).exists()
    assert not Review.objects.for_system("a test's question").with_part_of(cast.dov).exists()


def test_who_left_a_review_sees_nothing_of_it(cast: Cast, review: Review) -> None:
    Participation.objects.for_system("a test's setting").filter(person=cast.cleo).update(left_at=timezone.now())
    assert not Review.objects.visible_to(cast.cleo).exists()


def test_a_guest_whose_days_are_over_sees_nothing(cast: Cast, review: Review) -> None:
    Participation.objects.for_system("a test's setting").filter(person=cast.gil).update(until=timezone.now())
    assert not Review.objects.visible_to(cast.gil).exists()
