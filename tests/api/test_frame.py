from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.cast import Cast

from secondstory.people import changes
from secondstory.people.models import ApiToken
from secondstory.reviews.models import Review


def bearer(token: str) -> dict[str, Any]:
    return {"headers": {"authorization": f"Bearer {token}"}}


@pytest.fixture
def token(cast: Cast) -> str:
    return changes.make_token(owner=cast.ana, name="build", scopes=["read"], days=3)


def test_a_token_sees_what_its_owner_sees(cast: Cast, review: Review, token: str, client: Client) -> None:
    assert client.get(f"/api/reviews/{review.pk}", **bearer(token)).status_code == 200


def test_a_token_for_published_reviews_sees_no_unpublished_one(cast: Cast, review: Review, client: Client) -> None:
    narrow = changes.make_token(owner=cast.ana, name="build", scopes=["read:published"], days=3)
    assert client.get(f"/api/reviews/{review.pk}", **bearer(narrow)).status_code == 404


def test_a_reading_token_writes_nothing(cast: Cast, review: Review, token: str, client: Client) -> None:
    body = {"kind": "incident", "title": "T", "happened_at": "2026-03-09T14:00:00Z", "zone": "UTC"}
    answer = client.post("/api/reviews", json.dumps(body), content_type="application/json", **bearer(token))
    assert answer.status_code == 401
    assert Review.objects.for_system("a test's question").count() == 1


@pytest.mark.parametrize("change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(1)}])
def test_an_ended_token_is_refused(
    cast: Cast, review: Review, token: str, client: Client, change: dict[str, Any]
) -> None:
    ApiToken.objects.for_system("time passes").update(**change)
    answer = client.get(f"/api/reviews/{review.pk}", **bearer(token))
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_nobody_is_told_what_is_missing(review: Review, client: Client) -> None:
    assert client.get(f"/api/reviews/{review.pk}").status_code == 401


def test_absent_and_hidden_answer_alike(cast: Cast, review: Review, signed_in: Any) -> None:
    dov = signed_in(cast.dov)
    hidden, absent = dov.get(f"/api/reviews/{review.pk}"), dov.get("/api/reviews/aaaaaaaaaaaa")
    assert (hidden.status_code, hidden.content, dict(hidden.headers)) == (404, absent.content, dict(absent.headers))


def test_a_wrong_request_says_where_and_what(cast: Cast, client: Client) -> None:
    writing = changes.make_token(owner=cast.ana, name="build", scopes=["read", "write"], days=3)
    answer = client.post("/api/reviews", "{}", content_type="application/json", **bearer(writing))
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert "title" in str(answer.json()["errors"])


def test_the_description_of_the_api_is_served(cast: Cast, signed_in: Any) -> None:
    assert signed_in(cast.ana).get("/api/openapi.json").json()["info"]["title"] == "Second Story"


def test_what_has_not_changed_is_not_sent_again(cast: Cast, review: Review, token: str, client: Client) -> None:
    first = client.get(f"/api/reviews/{review.pk}", **bearer(token))
    again = {"authorization": f"Bearer {token}", "if-none-match": first["ETag"]}
    assert client.get(f"/api/reviews/{review.pk}", headers=again).status_code == 304
