"""A token's scopes add up to no more than each of them says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from tests.cast import Cast

from secondstory.people import changes
from secondstory.reviews.models import Review
from secondstory.writing.changes import lay_out
from secondstory.writing.models import Section


def bearer(cast: Cast, *scopes: str) -> dict[str, Any]:
    token = changes.make_token(owner=cast.bo, name="build", scopes=list(scopes), days=3)
    return {"headers": {"authorization": f"Bearer {token}"}}


@pytest.mark.parametrize("more", ["write", "import"])
@pytest.mark.parametrize("what", ["", "/people", "/evidence", "/moments"])
def test_leave_to_read_what_is_published_and_to_write_is_no_leave_to_read_the_workshop(
    cast: Cast, review: Review, client: Client, more: str, what: str
) -> None:
    address = f"/api/reviews/{review.pk}{what}"
    assert client.get(address, **bearer(cast, "read:published", more)).status_code == 404
    assert client.get(address, **bearer(cast, "read", more)).status_code == 200


def test_a_token_that_may_write_still_writes(cast: Cast, review: Review, client: Client) -> None:
    body = json.dumps({"at": "2026-03-09T14:00:00Z", "what": "The queue grew."})
    address, how = f"/api/reviews/{review.pk}/moments", bearer(cast, "read:published", "write")
    assert client.post(address, body, content_type="application/json", **how).status_code == 201


def test_leave_to_import_is_none_to_write_a_section_of_that_name(cast: Cast, review: Review, client: Client) -> None:
    lay_out(review, by=cast.bo)
    Section.objects.for_system("an outline of their own").filter(review=review, key="impact").update(key="evidence")
    address, body = f"/api/reviews/{review.pk}/sections/evidence", json.dumps({"body": "Mine", "version": 0})
    sent: dict[str, Any] = {"data": body, "content_type": "application/json"}
    assert client.put(address, **sent, **bearer(cast, "read", "import")).status_code == 401
    assert client.put(address, **sent, **bearer(cast, "read", "write")).status_code == 200
