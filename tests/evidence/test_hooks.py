"""Deliveries: who is believed, where they go, what becomes of the rest."""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.cast import Cast
from tests.evidence.making import imports_of, lines_of, pagerduty

from secondstory.evidence import hook_changes
from secondstory.evidence.models import Delivery, Hook
from secondstory.reviews.models import Review, Service

SECRET = "a secret that only the product knows"
ALERT = {
    "version": "4",
    "groupKey": '{}:{alertname="SlowCheckout"}',
    "status": "firing",
    "receiver": "secondstory",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "SlowCheckout", "service": "checkout"},
            "annotations": {"summary": "p95 over 2 s"},
            "startsAt": "2026-03-09T14:02:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
        }
    ],
}
PUSH = {
    "ref": "refs/heads/main",
    "after": "b" * 40,
    "repository": {"full_name": "lantern/checkout", "pushed_at": 1773064800},
    "pusher": {"name": "bo"},
    "sender": {"login": "bo", "events_url": "https://code.example/users/bo/events"},
    "commits": [
        {
            "id": "b" * 40,
            "message": "Roll back the basket",
            "timestamp": "2026-03-09T14:10:00Z",
            "author": {"name": "bo", "username": "bo"},
            "url": "https://code.example/c/b",
        }
    ],
}
DEPLOYMENT = {
    "object_kind": "deployment",
    "status": "success",
    "status_changed_at": "2026-03-09 14:12:00 +0000",
    "deployable_url": "https://code.example/j/1",
    "environment": "production",
    "project": {"path_with_namespace": "lantern/checkout", "web_url": "https://code.example/lantern/checkout"},
    "user": {"username": "bo", "name": "bo"},
    "short_sha": "bbbbbbbb",
}


def signed(product: str, body: bytes, secret: str = SECRET) -> dict[str, str]:
    mark = hmac.new(secret.encode(), body, sha256).hexdigest()
    return {
        "github": {"X-Hub-Signature-256": f"sha256={mark}", "X-GitHub-Event": "push"},
        "pagerduty": {"X-PagerDuty-Signature": f"v1={'0' * 64},v1={mark}"},
        "alertmanager": {"Authorization": f"Bearer {secret}"},
        "gitlab": {"X-Gitlab-Token": secret, "X-Gitlab-Event": "Deployment Hook"},
    }[product]


BODIES = {
    "github": json.dumps(PUSH).encode(),
    "pagerduty": pagerduty(),
    "alertmanager": json.dumps(ALERT).encode(),
    "gitlab": json.dumps(DEPLOYMENT).encode(),
}


def make_hook(cast: Cast, product: str = "pagerduty", services: Any = ()) -> Hook:
    return hook_changes.make_hook(cast.eve, f"{product}, production", product, SECRET, services)[0]


def deliver(hook_id: str, body: bytes, headers: dict[str, str]) -> Any:
    address = reverse("hook", args=[hook_id])
    return Client(enforce_csrf_checks=True).post(address, body, content_type="application/json", headers=headers)


def deliveries() -> list[Delivery]:
    return list(Delivery.objects.for_system("a test's question").order_by("received_at"))


@pytest.fixture
def checkout(review: Review) -> Service:
    """A service of the review, with the name it has elsewhere."""
    service = Service(name="Basket and payment", patterns=["checkout"])
    service.save()
    tagged = Review.services.through
    tagged(review_id=review.pk, service_id=service.pk).save()
    return service


@pytest.mark.parametrize("product", BODIES)
def test_a_signed_delivery_joins_the_review_it_fits_by_time_and_service(
    cast: Cast, review: Review, checkout: Service, product: str
) -> None:
    answer = deliver(make_hook(cast, product).pk, BODIES[product], signed(product, BODIES[product]))
    assert (answer.status_code, answer.json()["status"]) == (202, "attached"), answer.content
    assert [line.format for line in lines_of(review)] == [product] * len(lines_of(review))
    assert lines_of(review)
    assert deliveries()[0].payload == ""
    assert imports_of(review)[0].added == len(lines_of(review))


@pytest.mark.parametrize("product", BODIES)
@pytest.mark.parametrize("wrong", ["secret", "body", "nothing", "half"])
def test_a_bad_signature_is_answered_like_an_address_that_is_not_there(
    cast: Cast, review: Review, checkout: Service, product: str, wrong: str
) -> None:
    body = BODIES[product]
    if wrong == "body" and product in {"alertmanager", "gitlab"}:
        pytest.skip("these products send a token and sign nothing")
    headers = {
        "secret": signed(product, body, "another secret that was guessed"),
        "body": signed(product, body + b" "),
        "nothing": {},
        "half": {name: value[:-2] for name, value in signed(product, body).items()},
    }[wrong]
    refused = deliver(make_hook(cast, product).pk, body, headers)
    absent = deliver("222222222222", body, signed(product, body))
    assert refused.status_code == absent.status_code == 401
    assert refused.content == absent.content
    assert refused["Content-Type"] == "application/problem+json"
    assert not lines_of(review)
    assert not deliveries()


def test_a_replayed_delivery_is_refused_and_adds_nothing(cast: Cast, review: Review, checkout: Service) -> None:
    hook = make_hook(cast)
    body = pagerduty()
    deliver(hook.pk, body, signed("pagerduty", body))
    again = deliver(hook.pk, body, signed("pagerduty", body))
    assert (again.status_code, again.json()["title"]) == (409, "Already received")
    assert (len(lines_of(review)), len(deliveries())) == (1, 1)


def test_what_alertmanager_repeats_is_taken_calmly_and_adds_nothing(
    cast: Cast, review: Review, checkout: Service
) -> None:
    hook, body = make_hook(cast, "alertmanager"), BODIES["alertmanager"]
    deliver(hook.pk, body, signed("alertmanager", body))
    again = deliver(hook.pk, body, signed("alertmanager", body))
    assert (again.status_code, again.json()["status"]) == (202, "repeated")
    assert (len(lines_of(review)), len(deliveries())) == (1, 1)


def test_a_replay_under_a_new_delivery_number_is_still_a_replay(cast: Cast, review: Review, checkout: Service) -> None:
    hook, body = make_hook(cast, "github"), BODIES["github"]
    for number in ("one", "two"):
        answer = deliver(hook.pk, body, signed("github", body) | {"X-GitHub-Delivery": number})
    assert answer.status_code == 409


def test_a_revoked_address_takes_nothing(cast: Cast, review: Review, checkout: Service) -> None:
    hook = make_hook(cast)
    hook_changes.revoke_hook(cast.eve, hook)
    assert deliver(hook.pk, pagerduty(), signed("pagerduty", pagerduty())).status_code == 401


@pytest.mark.parametrize(("minute", "service"), [(60 * 24, "Checkout"), (2, "Search")])
def test_what_fits_no_review_waits_in_the_inbox(
    cast: Cast, review: Review, checkout: Service, minute: float, service: str
) -> None:
    body = pagerduty(minute, service=service)
    assert deliver(make_hook(cast).pk, body, signed("pagerduty", body)).json()["status"] == "waiting"
    assert not lines_of(review)
    assert deliveries()[0].review is None


def test_a_hook_that_is_always_about_a_service_needs_no_name(cast: Cast, review: Review, checkout: Service) -> None:
    body = pagerduty(service="svc-0042")
    hook = make_hook(cast, services=[checkout])
    assert deliver(hook.pk, body, signed("pagerduty", body)).json()["status"] == "attached"


def test_a_closed_review_takes_nothing_any_more(cast: Cast, review: Review, checkout: Service) -> None:
    review.closed_at = review.happened_at
    review.save()
    assert deliver(make_hook(cast).pk, pagerduty(), signed("pagerduty", pagerduty())).json()["status"] == "waiting"


def test_secrets_in_a_waiting_delivery_are_masked(cast: Cast, review: Review) -> None:
    body = pagerduty().replace(b"Checkout is slow", b"login with password: hunter2-and-more")
    deliver(make_hook(cast).pk, body, signed("pagerduty", body))
    waiting = deliveries()[0]
    assert "hunter2" not in waiting.payload + waiting.summary


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"zen": "calm"}', b"\xff\xfe\x00", b"{" * 5000])
def test_a_delivery_that_tells_nothing_is_taken_calmly(cast: Cast, review: Review, body: bytes) -> None:
    answer = deliver(make_hook(cast).pk, body, signed("pagerduty", body))
    assert (answer.status_code, answer.json()["status"]) == (202, "nothing")
    assert not deliveries()


def test_a_delivery_over_the_limit_is_refused_before_it_is_looked_at(cast: Cast, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = deliver("222222222222", b"x" * 1001, {})
    assert (answer.status_code, answer.json()["title"]) == (413, "Too large")


def waiting_delivery(cast: Cast) -> Delivery:
    body = pagerduty(service="Elsewhere")
    deliver(make_hook(cast).pk, body, signed("pagerduty", body))
    return deliveries()[0]


def test_a_member_attaches_a_waiting_delivery_to_a_review_of_theirs(cast: Cast, review: Review, signed_in: Any) -> None:
    delivery = waiting_delivery(cast)
    signed_in(cast.ana).post(reverse("inbox_attach", args=[delivery.pk]), {"review": review.pk})
    assert [line.service for line in lines_of(review)] == ["Elsewhere"]
    assert (deliveries()[0].review_id, deliveries()[0].payload) == (review.pk, "")


@pytest.mark.parametrize("who", ["dov", "eve", "gil"])
def test_nobody_attaches_to_a_review_they_take_no_part_in_or_as_a_guest(
    cast: Cast, review: Review, signed_in: Any, who: str
) -> None:
    delivery = waiting_delivery(cast)
    signed_in(getattr(cast, who)).post(reverse("inbox_attach", args=[delivery.pk]), {"review": review.pk})
    assert not lines_of(review)
    assert deliveries()[0].review is None


def test_what_was_put_aside_has_a_page_of_its_own_that_says_when_it_is_empty(cast: Cast, signed_in: Any) -> None:
    assert b"Nothing was put aside" in signed_in(cast.dov).get(reverse("inbox"), {"aside": "1"}).content


def test_an_attached_delivery_is_no_longer_in_anybodys_inbox(cast: Cast, review: Review, signed_in: Any) -> None:
    delivery = waiting_delivery(cast)
    assert b"Elsewhere" in signed_in(cast.dov).get(reverse("inbox")).content
    hook_changes.attach(delivery, review, cast.ana)
    assert b"Elsewhere" not in signed_in(cast.dov).get(reverse("inbox")).content
    assert signed_in(cast.dov).post(reverse("inbox_aside", args=[delivery.pk])).status_code == 404


def test_the_inbox_asks_the_same_few_questions_however_full_it_is(cast: Cast, review: Review, signed_in: Any) -> None:
    hook, client, asked = make_hook(cast), signed_in(cast.ana), []
    for count in (1, 12):
        for number in range(count):
            body = pagerduty(service="Elsewhere", number=number + 100 * count)
            deliver(hook.pk, body, signed("pagerduty", body))
        client.get(reverse("inbox"))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("inbox"))
        asked.append(len(queries))
    assert page.content.count(b"<select") == 13
    assert asked[0] == asked[1]
    assert asked[0] <= 12


def test_a_delivery_put_aside_can_be_brought_back(cast: Cast, review: Review, signed_in: Any) -> None:
    delivery = waiting_delivery(cast)
    client = signed_in(cast.dov)
    client.post(reverse("inbox_aside", args=[delivery.pk]))
    assert b"Elsewhere" not in client.get(reverse("inbox")).content
    assert b"Elsewhere" in client.get(reverse("inbox"), {"aside": "1"}).content
    client.post(reverse("inbox_aside", args=[delivery.pk]), {"back": "1"})
    assert b"Elsewhere" in client.get(reverse("inbox")).content


def test_the_secret_is_shown_once_and_sealed(cast: Cast, signed_in: Any) -> None:
    client = signed_in(cast.eve)
    made = client.post(reverse("hook_new"), {"name": "Alerts", "product": "alertmanager"})
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert secret not in client.get(reverse("hooks")).content.decode()
    hook = Hook.objects.for_system("a test's question").get()
    assert secret not in hook.sealed_secret
    body = BODIES["alertmanager"]
    assert deliver(hook.pk, body, signed("alertmanager", body, secret)).status_code == 202


@pytest.mark.parametrize("who", ["ana", "bo", "dov", "gil"])
def test_only_administrators_make_and_end_addresses(cast: Cast, signed_in: Any, who: str) -> None:
    hook = make_hook(cast)
    client = signed_in(getattr(cast, who))
    for name in ("hooks", "hook_new"):
        assert client.get(reverse(name)).status_code == 404
    assert client.post(reverse("hook_new"), {"name": "x", "product": "github"}).status_code == 404
    assert client.post(reverse("hook_revoke", args=[hook.pk])).status_code == 404
    hook.refresh_from_db()
    assert hook.revoked_at is None
