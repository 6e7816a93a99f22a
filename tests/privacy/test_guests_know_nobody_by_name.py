"""What a guest reads calls people by their roles, and what others read of a guest tells of no other review."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.cast import Cast, make_review
from tests.writing.written import section_of, write

from secondstory.actions import changes as actions
from secondstory.reviews.models import Review
from secondstory.writing import changes

NAMES = re.compile(r"\b(Ana|Bo|Cleo|Dov|Eve)\b")


@pytest.fixture
def begun(cast: Cast, review: Review) -> Review:
    changes.lay_out(review, by=cast.bo)
    write(review, "summary", "Checkout answered slowly.", cast.bo)
    actions.add(review, actions.Words("Show the queue", owner=cast.ana.pk), by=cast.bo)
    return review


@pytest.mark.parametrize(
    "page", ["draft/json", "draft/markdown", "draft/html", "publish", "write", "people", "history", "timeline", ""]
)
def test_no_page_or_file_of_the_workshop_names_anybody(cast: Cast, begun: Review, signed_in: Any, page: str) -> None:
    address = f"/reviews/{begun.pk}/{page}"
    assert NAMES.findall(signed_in(cast.ana).get(address).content.decode())
    answer = signed_in(cast.gil).get(address)
    assert (answer.status_code, NAMES.findall(answer.content.decode())) == (200, [])


def test_the_editor_names_nobody_who_saved_in_between(cast: Cast, begun: Review, signed_in: Any) -> None:
    address = f"/texts/{section_of(begun, 'summary').text_id}"
    late: dict[str, Any] = {"data": json.dumps({"body": "Mine", "version": 0}), "content_type": "application/json"}
    assert signed_in(cast.ana).put(address, **late).json()["by"] == "Bo"
    assert signed_in(cast.gil).put(address, **late).json()["by"] == ""
    assert signed_in(cast.gil).get(address).json()["by"] == ""


def test_an_action_keeps_its_owners_label_in_a_guests_file(cast: Cast, begun: Review, signed_in: Any) -> None:
    told = signed_in(cast.gil).get(f"/reviews/{begun.pk}/draft/markdown").content.decode()
    assert "| Show the queue | on-call engineer |" in told


def test_what_a_guest_is_called_in_one_review_is_not_told_in_another(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    cast.gil.name = "courier of the other review"
    cast.gil.save()
    other = make_review(cast, title="Another")
    page = signed_in(cast.ana).get(f"/reviews/{other.pk}/people").content.decode()
    assert "customer contact" in page
    assert "courier" not in page
