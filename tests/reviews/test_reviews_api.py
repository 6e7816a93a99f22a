from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.cast import Cast, make_review

from secondstory.access.ids import new_id
from secondstory.access.tokens import hash_of, new_token
from secondstory.people.models import ApiToken, Person
from secondstory.reviews import changes
from secondstory.reviews.models import Participation, Review, ReviewEvent

NEW = {"kind": "incident", "title": "Search answered nothing", "happened_at": "2026-03-09T15:05:00+01:00"}
READ = ["", "/people", "/times"]


def bearer(owner: Person, *scopes: str) -> dict[str, str]:
    token = new_token()
    expires = timezone.now() + timedelta(days=1)
    ApiToken(owner=owner, name="t", token_hash=hash_of(token), scopes=list(scopes), expires_at=expires).save()
    return {"authorization": f"Bearer {token}"}


def sent(client: Client, method: str, address: str, body: Any) -> Any:
    return client.generic(method, f"/api{address}", orjson.dumps(body), content_type="application/json")


@pytest.mark.parametrize("address", READ)
@pytest.mark.parametrize("who", ["dov", "eve", "nobody"])
def test_a_hidden_review_answers_exactly_as_an_absent_one(
    cast: Cast, review: Review, signed_in: Any, who: str, address: str
) -> None:
    client = signed_in(getattr(cast, who))
    hidden, absent = (client.get(f"/api/reviews/{id_}{address}") for id_ in (review.pk, new_id()))
    assert hidden.status_code == absent.status_code == (401 if who == "nobody" else 404)
    assert hidden.content == absent.content
    assert dict(hidden.headers) | {"Content-Security-Policy": ""} == dict(absent.headers) | {
        "Content-Security-Policy": ""
    }


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("PUT", "", NEW),
        ("PUT", "/stage", {"stage": "writing"}),
        ("POST", "/people", {"email": "dov@lantern.example"}),
        ("PUT", "/people/{ana}", {"duty": "note_taker"}),
        ("DELETE", "/people/{ana}", None),
        ("PUT", "/times", {"times": {"started": "2026-03-09T14:00:00Z"}}),
    ],
)
@pytest.mark.parametrize("who", ["cleo", "dov", "eve", "gil", "nobody"])
def test_who_may_not_write_writes_nothing(
    cast: Cast, review: Review, signed_in: Any, who: str, method: str, address: str, body: Any
) -> None:
    if address == "/times" and who in {"cleo", "gil"}:
        return
    ana = Participation.objects.for_system("a test's question").get(person=cast.ana)
    answer = sent(signed_in(getattr(cast, who)), method, f"/reviews/{review.pk}{address.format(ana=ana.pk)}", body)
    assert answer.status_code == (401 if who == "nobody" else 404)
    assert not ReviewEvent.objects.for_system("a test's question").exists()


def test_a_review_is_created_filled_and_moved_by_a_program(cast: Cast) -> None:
    client = Client(headers=bearer(cast.dov, "read", "write"))
    people = [{"email": "ANA@lantern.example", "role_label": "on-call engineer"}]
    given = NEW | {"zone": "Europe/Berlin", "severity": "major", "people": people}
    made = sent(client, "POST", "/reviews", given)
    assert made.status_code == 201
    id_ = made.json()["id"]
    assert made.json()["severity"] == "Major"
    assert sent(client, "PUT", f"/reviews/{id_}/stage", {"stage": "writing"}).json()["stage"] == "writing"
    assert sent(client, "PUT", f"/reviews/{id_}", NEW | {"title": "Better"}).json()["title"] == "Better"
    times = {"started": "2026-03-09T15:00:00Z", "detected": "2026-03-09T14:00:00Z"}
    answer = sent(client, "PUT", f"/reviews/{id_}/times", {"times": times}).json()
    assert answer["out_of_order"] == [["started", "detected"]]
    assert answer["times"]["resolved"] is None
    names = [part["name"] for part in client.get(f"/api/reviews/{id_}/people").json()]
    assert names == ["Dov", "Ana"]
    assert Review.objects.visible_to(cast.ana).filter(pk=id_).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"happened_at": "2026-03-09T15:05:00"},
        {"happened_at": "1970-01-01T00:00:00Z"},
        {"kind": "blame"},
        {"title": ""},
        {"title": "nul\u0000"},
        {"severity": "Unheard of"},
        {"services": ["Unheard of"]},
        {"zone": "Middle/Earth"},
        {"people": [{"email": "gil@lantern.example"}]},
    ],
)
def test_what_does_not_fit_is_a_problem_and_stores_nothing(cast: Cast, wrong: dict[str, Any]) -> None:
    answer = sent(Client(headers=bearer(cast.dov, "write")), "POST", "/reviews", NEW | wrong)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert not Review.objects.for_system("a test's question").exists()


def test_a_token_for_published_reviews_sees_no_workshop(cast: Cast, review: Review) -> None:
    client = Client(headers=bearer(cast.bo, "read:published"))
    assert client.get("/api/reviews").json()["reviews"] == []
    assert client.get(f"/api/reviews/{review.pk}").status_code == 404
    changes.mark_published(review, audience="organisation", title="Slow checkout", summary="S", by=cast.bo)
    assert client.get(f"/api/reviews/{review.pk}").json()["title"] == "Slow checkout"
    assert client.get(f"/api/reviews/{review.pk}/people").status_code == 404


def test_a_token_to_read_writes_nothing(cast: Cast, review: Review) -> None:
    client = Client(headers=bearer(cast.bo, "read"))
    assert sent(client, "PUT", f"/reviews/{review.pk}/stage", {"stage": "writing"}).status_code == 401
    assert sent(client, "POST", "/reviews", NEW).status_code == 401


def test_readers_get_the_published_title_and_no_stage_of_the_workshop(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    changes.mark_published(review, audience="organisation", title="Slow checkout", summary="S", by=cast.bo)
    changes.move_to_stage(review, by=cast.bo, stage="writing")
    seen = signed_in(cast.dov).get("/api/reviews").json()["reviews"][0]
    assert (seen["title"], seen["stage"], seen["takes_part"]) == ("Slow checkout", "published", False)


def test_a_guest_is_told_role_labels_instead_of_names(cast: Cast, review: Review, signed_in: Any) -> None:
    parts = signed_in(cast.gil).get(f"/api/reviews/{review.pk}/people").json()
    assert [part["name"] for part in parts] == ["Facilitator", "on-call engineer", "release lead", "Gil"]


def test_the_list_takes_no_more_queries_for_thirty_than_for_one(cast: Cast, signed_in: Any) -> None:
    client, counts = signed_in(cast.bo), []
    for number in (1, 29):
        for count in range(number):
            make_review(cast, title=f"Review {count}")
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/api/reviews?q=Review").json()["more"] is (number > 1)
        counts.append(len(queries))
    assert counts[0] == counts[1]
