from __future__ import annotations

from typing import Any

import pytest
from tests.cast import Cast
from tests.timeline.evidence import story

from secondstory.reviews.models import Review
from secondstory.timeline import agreement_changes, changes
from secondstory.timeline.models import Moment
from secondstory.timeline.rules import Row

JSON = "application/json"
SENT = {"at": "2026-03-09T14:05:00Z", "what": "Checkout answers slowly"}


def at(review: Review, rest: str = "") -> str:
    return f"/api/reviews/{review.pk}/moments{rest}"


@pytest.mark.parametrize("who", ["ana", "bo", "gil"])
def test_who_takes_part_reads_and_writes_moments(cast: Cast, review: Review, signed_in: Any, who: str) -> None:
    story(review)
    client = signed_in(getattr(cast, who))
    made = client.post(at(review), SENT, JSON)
    assert made.status_code == 201
    assert client.post(at(review, "/accept"), {"lines": [1, 2]}, JSON).json()["sources"][1]["number"] == 2
    assert [each["what"] for each in client.get(at(review)).json()] == [
        "Checkout answers slowly",
        "FIRING: checkout latency above 2 s\ncheckout is slow for me too, anybody else seeing this?",
    ]
    one = at(review, f"/{made.json()['id']}")
    edited = client.put(one, SENT | {"what": "Slow", "version": 1}, JSON)
    assert (edited.status_code, edited.json()["version"]) == (200, 2)
    assert client.delete(one).status_code == 204
    assert client.get(at(review, ".md")).content.decode().startswith("| Time | Event |")


@pytest.mark.parametrize("who", ["dov", "eve"])
def test_for_everybody_else_it_is_absent(cast: Cast, review: Review, signed_in: Any, who: str) -> None:
    story(review)
    one = at(review, f"/{changes.add(review, cast.ana, Row(at=review.happened_at, what='Alert')).pk}")
    client = signed_in(getattr(cast, who))
    answers = [
        client.get(at(review)),
        client.get(at(review, ".md")),
        client.post(at(review), SENT, JSON),
        client.post(at(review, "/accept"), {"lines": [1]}, JSON),
        client.put(one, SENT | {"version": 1}, JSON),
        client.delete(one),
    ]
    assert [answer.status_code for answer in answers] == [404] * 6


def test_nobody_is_told_to_sign_in(cast: Cast, review: Review, signed_in: Any) -> None:
    assert signed_in(cast.nobody).get(at(review)).status_code == 401


def test_a_conflict_carries_the_moment_as_it_stands(cast: Cast, review: Review, signed_in: Any) -> None:
    moment = changes.add(review, cast.ana, Row(at=review.happened_at, what="Alert"))
    changes.edit(moment.pk, cast.ana, Row(at=review.happened_at, what="Second alert"), 1)
    answer = signed_in(cast.cleo).put(at(review, f"/{moment.pk}"), SENT | {"version": 1}, JSON)
    assert (answer.status_code, answer.json()["moment"]["what"]) == (409, "Second alert")


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({"at": "1970-01-01T00:00:00Z"}, "at"),
        ({"at": "2026-03-09T14:05:00"}, "at"),
        ({"what": "  "}, "what"),
        ({"when": "between"}, "until"),
        ({"when": "between", "until": "2026-03-09T14:00:00Z"}, "until"),
    ],
)
def test_what_cannot_stand_is_refused_with_where_and_why(
    cast: Cast, review: Review, signed_in: Any, sent: Any, where: str
) -> None:
    answer = signed_in(cast.ana).post(at(review), SENT | sent, JSON)
    assert (answer.status_code, answer.json()["errors"][0]["where"]) == (422, where)
    assert not Moment.objects.visible_to(cast.ana).exists()


def test_who_learned_of_a_moment_and_how_it_differs_are_told_without_saying_whose_words(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    client = signed_in(cast.ana)
    moment = client.post(at(review), {"at": "2026-03-09T14:05:00Z", "what": "Slow"}, JSON).json()
    said = {"lane": "Support", "at": "2026-03-09T14:40:00Z", "how": "a call"}
    learned = client.put(at(review, f"/{moment['id']}/learned"), said, JSON).json()
    assert (learned["learned"], learned["version"]) == ([said], 2)
    agreement_changes.mark(moment["id"], cast.cleo, "Not slow: down.")
    (told,) = client.get(at(review)).json()
    assert told["differences"] == [{"words": "Not slow: down.", "both": False}]
    early = client.put(at(review, f"/{moment['id']}/learned"), said | {"at": "2026-03-09T13:00:00Z"}, JSON)
    assert early.status_code == 422
    assert early.json()["errors"][0]["where"] == "at"
