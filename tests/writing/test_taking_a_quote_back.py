"""The author takes one quote back, by itself, on a page that says where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.cast import Cast
from tests.stories.telling import share, told
from tests.writing.written import publish, section_of, write_everything

from secondstory.reviews import people_changes
from secondstory.reviews.models import Review
from secondstory.stories.models import Part, Quote
from secondstory.writing.quoting_changes import put_quote

WORDS = "I took the alarm for noise."
OTHER = "Nobody had told me of the migration."
SYSTEM = "a test's look"


@pytest.fixture
def part(cast: Cast, review: Review) -> Part:
    write_everything(cast, review)
    return share(told(review, cast.ana, words=f"{WORDS}\n\n{OTHER}"), cast.ana, "quotable")


@pytest.fixture
def quote(cast: Cast, review: Review, part: Part) -> Quote:
    return put_quote(section_of(review, "summary").pk, part_id=part.pk, words=WORDS, by=cast.bo)


def page_of(quote: Quote) -> str:
    assert quote.part
    return reverse("story_quote", args=[quote.part.story_id, quote.pk])


def test_the_story_page_leads_to_the_quotes_and_each_is_taken_back_by_itself(
    cast: Cast, review: Review, part: Part, quote: Quote, signed_in: Any
) -> None:
    other = put_quote(section_of(review, "impact").pk, part_id=part.pk, words=OTHER, by=cast.bo)
    publish(cast, review)
    ana, quotes = signed_in(cast.ana), reverse("story_quotes", args=[part.story_id])
    assert quotes in ana.get(reverse("story", args=[review.pk])).content.decode()
    listed = ana.get(quotes).content.decode()
    assert WORDS in listed
    assert page_of(other) in listed
    asked = ana.get(page_of(quote)).content.decode()
    assert WORDS in asked
    assert OTHER not in asked
    assert Quote.objects.visible_to(cast.dov).get(pk=quote.pk).stored
    answer = ana.post(page_of(quote), follow=True)
    assert answer.redirect_chain == [(quotes, 302)]
    assert WORDS not in answer.content.decode()
    assert OTHER in answer.content.decode()
    read = signed_in(cast.dov).get(reverse("read", args=[review.pk])).content.decode()
    assert "withdrawn by its author" in read
    assert WORDS not in read
    assert OTHER in read
    assert ana.post(page_of(quote)).status_code == 404


def test_it_says_what_left_the_building_with_this_quote_alone(
    cast: Cast, review: Review, part: Part, quote: Quote, signed_in: Any
) -> None:
    first = publish(cast, review)
    signed_in(cast.dov).get(reverse("export_version", args=[first.pk, "markdown"]))
    other = put_quote(section_of(review, "impact").pk, part_id=part.pk, words=OTHER, by=cast.bo)
    second = publish(cast, review)
    assert second.number == first.number + 1
    ana = signed_in(cast.ana)
    of_first, of_other = ana.get(page_of(quote)).content.decode(), ana.get(page_of(other)).content.decode()
    for said in (f"Version {first.number} of", f"Version {second.number} of", "Taken along as Markdown"):
        assert said in of_first
    assert f"Version {second.number} of" in of_other
    assert f"Version {first.number} of" not in of_other
    assert "Taken along" not in of_other


@pytest.mark.parametrize("who", ["bo", "cleo", "dov", "eve", "gil"])
def test_for_everybody_else_the_quotes_of_a_story_are_absent(
    cast: Cast, review: Review, part: Part, quote: Quote, signed_in: Any, who: str
) -> None:
    publish(cast, review)
    client = signed_in(getattr(cast, who))
    absent = reverse("story_quotes", args=["aaaaaaaaaaaa"])
    assert client.get(reverse("story_quotes", args=[part.story_id])).status_code == 404
    assert client.get(absent).status_code == 404
    assert client.get(page_of(quote)).status_code == 404
    assert client.post(page_of(quote)).status_code == 404
    assert Quote.objects.for_system(SYSTEM).get(pk=quote.pk).withdrawn_at is None


def test_a_quote_is_not_taken_back_through_another_story(
    cast: Cast, review: Review, quote: Quote, signed_in: Any
) -> None:
    own = told(review, cast.cleo, words="Mine.")
    address = reverse("story_quote", args=[own.story_id, quote.pk])
    assert signed_in(cast.cleo).post(address).status_code == 404
    assert Quote.objects.for_system(SYSTEM).get(pk=quote.pk).withdrawn_at is None


def test_who_left_the_review_still_takes_a_quote_back(cast: Cast, review: Review, quote: Quote, signed_in: Any) -> None:
    publish(cast, review)
    people_changes.leave(review, by=cast.ana)
    ana = signed_in(cast.ana)
    assert WORDS in ana.get(page_of(quote)).content.decode()
    ana.post(page_of(quote))
    assert Quote.objects.for_system(SYSTEM).get(pk=quote.pk).stored == ""
