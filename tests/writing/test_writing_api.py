from __future__ import annotations

from typing import Any

import pytest
from tests.cast import Cast
from tests.writing.written import body_of, publish, write, write_everything

from secondstory.reviews.models import Review


def put(client: Any, address: str, data: dict[str, Any]) -> Any:
    return client.put(address, data, content_type="application/json")


def test_a_section_is_written_over_the_version_it_was_read_at(cast: Cast, review: Review, signed_in: Any) -> None:
    write_everything(cast, review)
    client, address = signed_in(cast.ana), f"/api/reviews/{review.pk}/sections"
    known = {each["key"]: each for each in client.get(address).json()}
    assert known["impact"]["version"] == 1
    saved = put(client, f"{address}/impact", {"body": "Every third order.", "version": 1})
    assert (saved.status_code, saved.json()["version"]) == (200, 2)
    stale = put(signed_in(cast.cleo), f"{address}/impact", {"body": "No order.", "version": 1})
    assert stale.status_code == 409
    assert stale.json()["section"]["body"] == body_of(review, "impact") == "Every third order."


def test_a_mark_without_a_reason_is_refused_in_words(cast: Cast, review: Review, signed_in: Any) -> None:
    address = f"/api/reviews/{review.pk}/sections/luck/state"
    client = signed_in(cast.ana)
    refused = client.post(address, {"state": "na"}, content_type="application/json")
    assert refused.status_code == 422
    marked = client.post(address, {"state": "na", "reason": "No luck in it."}, content_type="application/json")
    assert marked.json()["state"] == "na"


@pytest.mark.parametrize("who", ["dov", "eve"])
def test_others_get_404_on_the_draft_and_read_the_version(cast: Cast, review: Review, signed_in: Any, who: str) -> None:
    publish(cast, review)
    write(review, "summary", "A heron.", cast.ana)
    client, start = signed_in(getattr(cast, who)), f"/api/reviews/{review.pk}"
    for address in ("sections", "draft/markdown", "actions"):
        assert client.get(f"{start}/{address}").status_code == 404
    assert put(client, f"{start}/sections/summary", {"body": "x", "version": 2}).status_code == 404
    assert client.post(f"{start}/actions", {"wording": "x"}, content_type="application/json").status_code == 404
    assert [each["number"] for each in client.get(f"{start}/versions").json()] == [1]
    document = client.get(f"{start}/versions/1").json()["document"]
    assert document["actions"][0]["owner"] == "on-call engineer"
    assert "person" not in document["actions"][0]
    assert b"heron" not in client.get(f"{start}/versions/1/markdown").content
    assert client.get(f"{start}/versions/2").status_code == 404
    assert client.get(f"{start}/versions/1/docx").status_code == 404


def test_nobody_gets_nothing(cast: Cast, review: Review, signed_in: Any) -> None:
    publish(cast, review)
    client = signed_in(cast.nobody)
    for address in ("sections", "versions", "versions/1", "actions"):
        assert client.get(f"/api/reviews/{review.pk}/{address}").status_code == 401
