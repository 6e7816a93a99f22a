"""The socket of a person, against the served product in its own process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser.driving import Served, serving
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

ABSENT = 4404
MAKE = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from tests.cast import make_cast, make_review
cast = make_cast()
review = make_review(cast, "Hidden canary")
def session(person):
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = person.pk, "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.save()
    return store.session_key
told = {"review": review.pk, "ana_elsewhere": session(cast.ana)}
print(json.dumps(told | {name: session(getattr(cast, name)) for name in ("ana", "bo", "cleo", "dov")}))
"""
CHANGE = """
from secondstory.reviews import changes
from secondstory.reviews.models import Review
from secondstory.people.models import Person
bo = Person.objects.get(email="bo@lantern.example")
review = Review.objects.visible_to(bo).get()
from datetime import timedelta
from django.utils import timezone
changes.set_times(review, by=bo, times={"detected": timezone.now() - timedelta(hours=1)})
"""
REMOVE_CLEO = """
from secondstory.people.models import Person
from secondstory.reviews.models import Participation
from secondstory.reviews.people_changes import remove_person
bo = Person.objects.get(email="bo@lantern.example")
remove_person(Participation.objects.visible_to(bo).get(person__name="Cleo"), by=bo)
"""
CHANGE_ANAS_PASSWORD = """
from django.test import Client
from tests.cast import PASSWORD
new = "quite another password"
client = Client(headers={{"host": "localhost:{port}"}})
client.cookies["sessionid"] = "{key}"
page = client.post("/account/password/change/", {{"oldpassword": PASSWORD, "password1": new, "password2": new}})
print(page.status_code, client.cookies["sessionid"].value)
"""
SIGN_OUT_BO = "from django.contrib.sessions.models import Session; Session.objects.filter(pk='{key}').delete()"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Served]:
    with serving(Served(tmp_path_factory.mktemp("served")), migrated=migrated) as ready:
        yield ready


@pytest.fixture(scope="module")
def told(served: Served) -> dict[str, str]:
    return json.loads(served.ran(MAKE))


def socket_of(served: Served, session: str | None) -> ClientConnection:
    headers = {"Cookie": f"sessionid={session}"} if session else {}
    address = served.origin.replace("http", "ws") + "/live"
    return connect(address, origin=served.origin, additional_headers=headers)


def closed_with(socket: ClientConnection) -> int:
    for _ in range(10):
        try:
            socket.recv(timeout=15)
        except ConnectionClosed:
            break
    return socket.protocol.close_code or 0


def test_ana_hears_that_her_review_changed_and_not_a_word_more(served: Served, told: dict[str, str]) -> None:
    with socket_of(served, told["ana"]) as socket:
        socket.send(json.dumps({"hear": f"review:{told['review']}"}))
        socket.send(json.dumps({"hear": f"review:{told['review']}"}))
        served.ran(CHANGE)
        assert json.loads(socket.recv(timeout=15)) == {"changed": [f"review:{told['review']}"]}


@pytest.mark.parametrize("topic", ["review:{review}", "review:aaaaaaaaaaaa", "nothing:1", ""])
def test_dov_is_turned_away_alike_from_a_hidden_review_and_from_none(
    served: Served, told: dict[str, str], topic: str
) -> None:
    with socket_of(served, told["dov"]) as socket:
        socket.send(json.dumps({"hear": topic.format(**told)}))
        assert closed_with(socket) == ABSENT


def test_nobody_is_turned_away(served: Served, told: dict[str, str]) -> None:
    with socket_of(served, None) as socket:
        assert closed_with(socket) == ABSENT


def test_a_socket_closes_when_its_person_no_longer_takes_part(served: Served, told: dict[str, str]) -> None:
    with socket_of(served, told["cleo"]) as socket:
        socket.send(json.dumps({"hear": f"review:{told['review']}"}))
        served.ran(REMOVE_CLEO)
        assert closed_with(socket) == ABSENT


def test_a_socket_closes_at_sign_out(served: Served, told: dict[str, str]) -> None:
    with socket_of(served, told["bo"]) as socket:
        socket.send(json.dumps({"hear": f"review:{told['review']}"}))
        served.ran(SIGN_OUT_BO.format(key=told["bo"]))
        assert closed_with(socket) == ABSENT


def test_a_new_password_closes_the_sockets_of_every_other_session(served: Served, told: dict[str, str]) -> None:
    with socket_of(served, told["ana_elsewhere"]) as elsewhere:
        elsewhere.send(json.dumps({"hear": f"review:{told['review']}"}))
        printed = served.ran(CHANGE_ANAS_PASSWORD.format(key=told["ana"], port=served.port))
        status, fresh = printed.split()
        assert status == "302"
        assert closed_with(elsewhere) == ABSENT
    with socket_of(served, told["ana_elsewhere"]) as elsewhere:
        assert closed_with(elsewhere) == ABSENT
    with socket_of(served, fresh) as here:
        here.send(json.dumps({"hear": f"review:{told['review']}"}))
        served.ran(CHANGE)
        assert json.loads(here.recv(timeout=15)) == {"changed": [f"review:{told['review']}"]}
