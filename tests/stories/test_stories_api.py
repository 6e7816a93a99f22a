"""Stories over the API: the author's, by a token with a scope of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from tests.cast import Cast
from tests.stories.telling import WORDS, holders, told

from secondstory.people import changes
from secondstory.reviews.models import Review


def bearer(person: Any, *scopes: str) -> dict[str, Any]:
    token = changes.make_token(owner=person, name="mine", scopes=list(scopes), days=3)
    return {"headers": {"authorization": f"Bearer {token}"}}


def sent(body: Any, how: dict[str, Any]) -> dict[str, Any]:
    return {"data": json.dumps(body), "content_type": "application/json", **how}


def test_an_author_writes_reads_and_shares_their_story_with_the_scope_for_it(
    cast: Cast, review: Review, client: Client
) -> None:
    how, at = bearer(cast.ana, "stories"), f"/api/reviews/{review.pk}/story"
    assert client.get(at, **how).json() == []
    assert client.post(at, **how).status_code == 201
    assert client.put(f"{at}/did", **sent({"words": WORDS, "version": 0}, how)).json() == {"version": 1}
    assert client.put(f"{at}/did", **sent({"words": "Other", "version": 0}, how)).status_code == 409
    assert (
        client.put(f"{at}/did/audience", **sent({"audience": "facilitator"}, how)).json()["audience"] == "facilitator"
    )
    assert [each["words"] for each in client.get(at, **how).json() if each["words"]] == [WORDS]
    shared = client.get(f"/api/reviews/{review.pk}/stories", **bearer(cast.bo, "stories")).json()
    assert shared == [{"name": "did", "by": "Ana", "words": WORDS, "shut": False}]
    assert client.get(f"/api/reviews/{review.pk}/stories", **bearer(cast.cleo, "stories")).json() == []
    assert client.delete(at, **how).status_code == 204
    assert client.get(at, **how).json() == []


@pytest.mark.parametrize("scopes", [("read",), ("read", "write"), ("read:published",), ("read", "write", "import")])
def test_no_other_scope_reads_or_writes_a_story(
    cast: Cast, review: Review, client: Client, scopes: tuple[str, ...]
) -> None:
    part = told(review, cast.ana, "participants")
    for person in (cast.ana, cast.bo):
        how = bearer(person, *scopes)
        for what in ("story", "stories"):
            assert client.get(f"/api/reviews/{review.pk}/{what}", **how).status_code == 401
        assert client.delete(f"/api/reviews/{review.pk}/story", **how).status_code == 401
    assert holders(part, cast) == {"ana", "bo", "cleo"}


def test_the_scope_for_stories_opens_nothing_else(cast: Cast, review: Review, client: Client) -> None:
    how = bearer(cast.ana, "stories")
    for what in ("", "/moments", "/people", "/evidence"):
        assert client.get(f"/api/reviews/{review.pk}{what}", **how).status_code in {401, 404}


@pytest.mark.parametrize("who", ["dov", "eve"])
def test_who_does_not_take_part_gets_404(cast: Cast, review: Review, client: Client, who: str) -> None:
    told(review, cast.ana, "quotable", public=True)
    how = bearer(getattr(cast, who), "stories")
    for what in ("story", "stories"):
        assert client.get(f"/api/reviews/{review.pk}/{what}", **how).status_code == 404
