"""The form of a page without script: what it cannot save comes back as a page, with every word that was sent."""

from __future__ import annotations

from typing import Any

import pytest
from tests.cast import Cast
from tests.writing.written import body_of, section_of, write

from secondstory.reviews.models import Review
from secondstory.texts.rules import LONGEST
from secondstory.writing import changes


@pytest.fixture
def address(cast: Cast, review: Review) -> str:
    changes.lay_out(review, by=cast.bo)
    write(review, "summary", "What Ana wrote", cast.ana)
    return f"/texts/{section_of(review, 'summary').text_id}"


def sent(signed_in: Any, person: Any, address: str, version: object, body: str = "What Cleo wrote") -> Any:
    return signed_in(person).post(address, {"body": body, "version": version, "next": "/reviews/"})


def test_a_conflict_is_a_page_with_both_versions(cast: Cast, review: Review, signed_in: Any, address: str) -> None:
    answer = sent(signed_in, cast.cleo, address, 0)
    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (409, "text/html; charset=utf-8")
    assert "What Ana wrote" in page
    assert "What Cleo wrote" in page
    assert "Ana, " in page
    assert body_of(review, "summary") == "What Ana wrote"


def test_what_that_page_sends_is_saved(cast: Cast, review: Review, signed_in: Any, address: str) -> None:
    asked = sent(signed_in, cast.cleo, address, 0).context
    answer = sent(signed_in, cast.cleo, address, asked["version"], "What both wrote")
    assert (answer.status_code, answer["Location"]) == (302, "/reviews/")
    assert body_of(review, "summary") == "What both wrote"


def test_that_page_tells_a_guest_no_name(cast: Cast, review: Review, signed_in: Any, address: str) -> None:
    page = sent(signed_in, cast.gil, address, 0).content.decode()
    assert "What Ana wrote" in page
    assert "Ana, " not in page


def test_a_text_too_long_comes_back_whole(cast: Cast, review: Review, signed_in: Any, address: str) -> None:
    answer = sent(signed_in, cast.ana, address, 1, "a" * (LONGEST + 1))
    assert answer.status_code == 413
    assert "a" * (LONGEST + 1) in answer.content.decode()
    assert answer.context["version"] == "1"


def test_words_without_a_version_are_laid_beside_what_stands(cast: Cast, signed_in: Any, address: str) -> None:
    answer = sent(signed_in, cast.cleo, address, "none")
    assert answer.status_code == 400
    assert "What Ana wrote" in answer.content.decode()


def test_who_may_not_read_it_gets_404_for_the_form_too(cast: Cast, signed_in: Any, address: str) -> None:
    assert sent(signed_in, cast.dov, address, 1).status_code == 404
