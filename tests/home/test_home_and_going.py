"""The first page and the palette show each person what they may read, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.cast import Cast, make_review

from secondstory.reviews.models import Audience, Review


def found_by(client: Any, words: str, at: str = "") -> str:
    return str(client.get(reverse("go"), {"q": words, "at": at}).content.decode())


def test_somebody_new_is_told_what_will_stand_here(cast: Cast, signed_in: Any) -> None:
    page = signed_in(cast.dov).get("/").content.decode()
    assert "Nothing waits for you" in page
    assert "Your reviews" not in page


def test_participants_see_their_reviews_on_the_first_page(cast: Cast, review: Review, signed_in: Any) -> None:
    assert review.title in signed_in(cast.ana).get("/").content.decode()
    assert review.title in signed_in(cast.gil).get("/").content.decode()
    assert review.title not in signed_in(cast.dov).get("/").content.decode()


def test_somebody_signed_out_is_asked_to_sign_in(db: None, client: Any) -> None:
    assert client.get("/").status_code == 302
    assert client.get(reverse("go")).status_code == 302


@pytest.mark.parametrize("words", ["slowly", "SLOWLY checkout", ""])
def test_a_participant_finds_a_review_by_parts_of_its_title(
    cast: Cast, review: Review, signed_in: Any, words: str
) -> None:
    assert review.title in found_by(signed_in(cast.cleo), words)


@pytest.mark.parametrize("who", ["dov", "eve"])
def test_nobody_else_finds_an_unpublished_review(cast: Cast, review: Review, signed_in: Any, who: str) -> None:
    assert review.title not in found_by(signed_in(getattr(cast, who)), "slowly")


def test_others_find_a_published_review_by_the_title_it_was_published_under(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    review.published_title, review.published_audience = "Checkout grew slow", Audience.ORGANISATION
    review.title = "Something with the working title"
    review.save()
    dov = signed_in(cast.dov)
    assert "Checkout grew slow" in found_by(dov, "grew")
    assert "working title" not in found_by(dov, "working")
    assert "working title" in found_by(signed_in(cast.ana), "working")


def test_the_pages_of_the_review_one_is_in_are_offered_to_its_participants_only(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    at = reverse("review", args=[review.pk])
    own = found_by(signed_in(cast.ana), "", at)
    assert own.count(f'href="{at}') > found_by(signed_in(cast.ana), "", "/").count(f'href="{at}')
    assert at not in found_by(signed_in(cast.dov), "", at)


def test_only_an_administrator_is_offered_the_settings(cast: Cast, signed_in: Any) -> None:
    assert 'href="/settings' not in found_by(signed_in(cast.dov), "settings")


def test_words_nothing_is_called_by_are_answered_as_text(cast: Cast, signed_in: Any) -> None:
    answer = found_by(signed_in(cast.dov), "<script>alert(1)</script>")
    assert "Nothing here is called" in answer
    assert "<script>" not in answer


def test_the_palette_asks_as_much_for_many_reviews_as_for_one(
    cast: Cast, review: Review, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_review(cast, f"Checkout {number}")
    client = signed_in(cast.ana)
    with django_assert_max_num_queries(8):
        found_by(client, "checkout", reverse("review", args=[review.pk]))
    with django_assert_max_num_queries(12):
        client.get("/")
