"""Every address by every person by every audience, with a word that must not be where it may not be.

A new address joins by itself. If the walk does not know how to fill it, it fails and says so: teach `world.py`.
"""

from __future__ import annotations

import logging
import re
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from tests.cast import Cast
from tests.privacy.routes import Route, routes
from tests.privacy.world import AUDIENCES, World, make_world

ROUTES = routes()
VERBS = ("post", "put", "patch", "delete")
# These tables change by being looked at, or at sign-in, and hold no words.
RESTLESS = {"sessions.Session", "live.Change"}


@pytest.fixture
def world(cast: Cast) -> World:
    return make_world(cast)


@pytest.fixture
def clients(world: World, signed_in: Any) -> dict[str, Client]:
    clients = {name: signed_in(person) for name, person in world.cast.everyone().items()}
    for client in clients.values():
        client.raise_request_exception = False
    return clients


def everything_told(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace") + str(dict(answer.headers))


def wrongly_told(told: str, who: str) -> set[str]:
    return {word for word, audience in AUDIENCES.items() if word in told and who not in audience}


def addresses(route: Route, world: World) -> list[str]:
    return sorted({route.filled(values) for values in world.places()})


def test_reading_tells_nobody_what_is_not_theirs(world: World, clients: dict[str, Client]) -> None:
    wrong = []
    for address in (address for route in ROUTES for address in addresses(route, world)):
        for who, client in clients.items():
            for headers in ({}, {"hx-request": "true"}):
                answer = client.get(address, headers=headers)
                if answer.status_code == 500:
                    wrong.append(f"{address} breaks for {who}")
                wrong += [f"{address} told {who} {word}" for word in wrongly_told(everything_told(answer), who)]
    assert not wrong


def test_writing_changes_and_tells_nothing_where_one_does_not_take_part(
    world: World, clients: dict[str, Client]
) -> None:
    wrong = []
    before = rows()
    for route in (route for route in ROUTES if "review_id" in route.holes):
        address = route.filled(world.everywhere | world.inside[world.hidden.pk])
        for who, verb in product(("dov", "eve", "nobody"), VERBS):
            answer = getattr(clients[who], verb)(address, {"body": "x", "what": "x"}, content_type="application/json")
            if answer.status_code not in {302, 401, 403, 404, 405, 422}:
                wrong.append(f"{verb} {address} as {who}: {answer.status_code}")
            wrong += [f"{verb} {address} told {who} {word}" for word in wrongly_told(everything_told(answer), who)]
    assert not wrong
    assert rows() == before


def rows() -> dict[str, int]:
    ours = [model for model in apps.get_models(include_auto_created=True) if model._meta.label not in RESTLESS]
    return {model._meta.label: model._base_manager.count() for model in ours}


def test_the_walk_would_notice(world: World, clients: dict[str, Client]) -> None:
    """Each audience's word is really there for those whose it is, on many pages."""
    seen: dict[str, set[str]] = {word: set() for word in AUDIENCES}
    for route in ROUTES:
        for address in addresses(route, world):
            told = everything_told(clients["bo"].get(address))
            for word in AUDIENCES:
                if word in told:
                    seen[word].add(route.path)
    counts = {word: len(paths) for word, paths in seen.items()}
    words = list(AUDIENCES)
    assert counts[words[-1]] == 0
    assert all(counts[word] >= 2 for word in words[:-1]), counts


def steady(answer: Any) -> str:
    """What was told, without what is random in every answer."""
    return re.sub(
        r'(csrf-token|csp-nonce)" content="[^"]*"|csrfmiddlewaretoken" value="[^"]*"|nonce-[^\' ]+|csrftoken=[^;]+',
        "",
        everything_told(answer),
    )


def test_absent_and_hidden_are_one_answer(world: World, clients: dict[str, Client]) -> None:
    for route in ROUTES:
        if "review_id" not in route.holes:
            continue
        hidden = route.filled(world.everywhere | world.inside[world.hidden.pk])
        absent = hidden.replace(world.hidden.pk, "aaaaaaaaaaaa")
        for who in ("dov", "eve"):
            first, second = clients[who].get(hidden), clients[who].get(absent)
            same = steady(first).replace(world.hidden.pk, "aaaaaaaaaaaa")
            assert (first.status_code, same) == (second.status_code, steady(second)), f"{hidden} as {who}"


def test_no_log_line_holds_a_word(world: World, clients: dict[str, Client], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "django")
    for route in ROUTES:
        for address in addresses(route, world):
            with transaction.atomic():
                clients["bo"].get(address)
                clients["bo"].post(address, {"title": "x" * 3_000, "what": "y"})
                transaction.set_rollback(True)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("django.db")]
    assert not [line for line in ours if any(word in line for word in AUDIENCES)]
