"""Every address by every person by every audience, with a word that must not be where it may not be.

A new address joins by itself. If the walk does not know how to fill it, it fails and says so: teach `world.py`.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client
from tests.clients import client_of
from tests.privacy.extent import IN_FULL, in_turn
from tests.privacy.histories import HISTORIES
from tests.privacy.leak import none_of, walked
from tests.privacy.routes import Route
from tests.privacy.told import (
    NAMES,
    ONLY,
    ROUTES,
    VERBS,
    Kept,
    addresses,
    everything_told,
    forms,
    rightly,
    steady,
    wrongly,
)
from tests.privacy.world import AUDIENCES, DRAFT, MARGIN, PUBLISHED, RAW, SECRET, WORKSHOP, World

# Each test is taken back; the world stays for the next.
pytestmark = pytest.mark.django_db
# These tables change by being looked at, or at sign-in, and hold no words.
RESTLESS = {"sessions.Session", "live.Change"}
OUTSIDERS = ("dov", "eve", "nobody")
# A page is asked for, or a part of it.
ASKED_AS: tuple[dict[str, str], ...] = ({}, {"hx-request": "true"})
# Slices whose pages show what was told in stories; in the full walk every slice is tried.
OF_STORIES = {"stories", "replay", "timeline", "texts", "home"}
IN_THE_API = ("stor", "replay", "moments", "sections", "draft", "versions")


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    return {name: client_of(person, raise_request_exception=False) for name, person in world.people().items()}


@pytest.fixture
def log() -> Iterator[Kept]:
    kept, root = Kept(), logging.getLogger()
    before = root.level
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    yield kept
    root.removeHandler(kept)
    root.setLevel(before)


def test_reading_tells_nobody_what_is_not_theirs(world: World, clients: dict[str, Client], log: Kept) -> None:
    wrong: list[str] = []
    pages: dict[str, set[str]] = defaultdict(set)
    for route, form in ((each, form) for each in ROUTES for form in forms(each)):
        ways = list(product(addresses(route, world, form), ASKED_AS))
        for who, client in clients.items():
            for address, headers in in_turn(ways, route.path, form, who):
                answer = client.get(address, headers=headers)
                told = everything_told(answer)
                found = rightly(told, who)
                for word in found:
                    pages[word].add(route.path)
                wrong += [f"{address} told {who} {word}" for word in wrongly(told, who)]
                wrong += [f"{address} told {who} the name {name}" for name in set(NAMES.findall(told)) if who == "gil"]
                wrong += [f"{address} breaks for {who}"] if answer.status_code == 500 else []
                walked.tried(route.path, who, "there", AUDIENCES, len(found))
        none_of(wrong)
    # The walk would notice: each word is really there for those whose it is, on several pages.
    assert ONLY or all(len(pages[word]) > 1 for word in (WORKSHOP, RAW, DRAFT, MARGIN, PUBLISHED)), pages
    assert not pages[SECRET]
    none_of(line for line in log.lines if any(word in line for word in AUDIENCES))


def test_whatever_happened_since_a_part_is_read_by_whom_its_author_chose(
    world: World, clients: dict[str, Client]
) -> None:
    wrong: list[str] = []
    for route in (route for route in ROUTES if IN_FULL or _may_tell_stories(route)):
        for who, client in clients.items():
            for happened in in_turn(world.told, route.path, who):
                address = route.filled(world.after(happened))
                told = everything_told(client.get(address))
                wrong += [f"{address} ({happened.history.name}) told {who} {word}" for word in wrongly(told, who)]
                walked.tried(route.path, who, happened.history.name, AUDIENCES, len(rightly(told, who)))
        none_of(wrong)


def test_each_person_has_their_turn_after_each_history(clients: dict[str, Client]) -> None:
    told = [route for route in ROUTES if _may_tell_stories(route)]
    turns = {(who, each) for route in told for who in clients for each in in_turn(sorted(HISTORIES), route.path, who)}
    assert ONLY or turns == set(product(clients, HISTORIES))


def _may_tell_stories(route: Route) -> bool:
    return route.slice in OF_STORIES or (
        route.path.startswith("api/") and any(each in route.path for each in IN_THE_API)
    )


def test_writing_changes_and_tells_nothing_where_one_does_not_take_part(
    world: World, clients: dict[str, Client]
) -> None:
    wrong = []
    before = rows()
    for route in (route for route in ROUTES if "review_id" in route.holes):
        address = route.filled(world.everywhere | world.inside[world.hidden.pk])
        for verb, who in ((each, who) for each in VERBS for who in in_turn(OUTSIDERS, route.path, each)):
            answer = getattr(clients[who], verb)(address, {"body": "x", "what": "x"}, content_type="application/json")
            if answer.status_code not in {302, 401, 403, 404, 405, 422}:
                wrong.append(f"{verb} {address} as {who}: {answer.status_code}")
            wrong += [f"{verb} {address} told {who} {word}" for word in wrongly(everything_told(answer), who)]
        none_of(wrong)
    assert rows() == before


def rows() -> dict[str, int]:
    ours = [model for model in apps.get_models(include_auto_created=True) if model._meta.label not in RESTLESS]
    return {model._meta.label: model._base_manager.count() for model in ours}


def test_absent_and_hidden_are_one_answer(world: World, clients: dict[str, Client]) -> None:
    wrong = []
    for route in (route for route in ROUTES if "review_id" in route.holes):
        hidden = route.filled(world.everywhere | world.inside[world.hidden.pk])
        absent = hidden.replace(world.hidden.pk, "aaaaaaaaaaaa")
        for who in in_turn(("dov", "eve"), route.path):
            first, second = clients[who].get(hidden), clients[who].get(absent)
            same = steady(first).replace(world.hidden.pk, "aaaaaaaaaaaa")
            if (first.status_code, same) != (second.status_code, steady(second)):
                wrong.append(f"{hidden} tells {who} that it is there")
    none_of(wrong)


def test_looking_for_a_word_tells_only_who_may_read_it(world: World, clients: dict[str, Client]) -> None:
    """A search that finds a review by words one may not read has told them."""
    wrong = []
    for address, word in product(("/reviews", "/api/reviews", "/going"), (WORKSHOP, DRAFT, "Hidden", "Told")):
        for who in ("dov", "eve", "sue"):
            found = everything_told(clients[who].get(address, {"q": word}))
            ids = (
                world.hidden.pk,
                world.shown.pk,
                *(each.review.pk for each in world.told if each.history.author == "ana"),
            )
            wrong += [f"{address} finds {id_} for {who} by {word}" for id_ in ids if id_ in found]
            walked.tried(f"{address}?q", who, "all", {word: ()}, 0)
    none_of(wrong)


def forced(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
    """A database that refuses every write and says why, row and all, as PostgreSQL does."""
    if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql:
        raise DatabaseError(f"refused: DETAIL: failing row contains ({WORKSHOP}, {params})")
    return execute(sql, params, many, context)


def allowed(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
    return execute(sql, params, many, context)


def test_a_change_that_breaks_or_is_refused_tells_no_log_and_nobody(
    world: World, clients: dict[str, Client], log: Kept
) -> None:
    told = dict.fromkeys(("what", "body", "title", "words", "reason", "name", "text", "links", "question"), WORKSHOP)
    wrong, broken = [], 0
    for route in (route for route in ROUTES if "review_id" in route.holes):
        address = route.filled(world.everywhere | world.inside[world.hidden.pk])
        for verb, breaks in product(("post", "put"), (True, False)):
            answer = _changed(clients["bo"], verb, address, told | {"version": 99}, breaks=breaks)
            broken += breaks and answer.status_code == 500
            wrong += [f"{verb} {address} told bo {word}" for word in wrongly(everything_told(answer), "bo")]
        wrong += [f"{address} logs {line[:300]}" for line in log.lines if any(word in line for word in AUDIENCES)]
        none_of(wrong)
    assert broken >= 10, "the errors were not forced"


def _changed(client: Client, verb: str, address: str, told: dict[str, Any], *, breaks: bool) -> Any:
    with transaction.atomic(), connection.execute_wrapper(forced if breaks else allowed):
        answer = getattr(client, verb)(address, told, **_as(verb))
        transaction.set_rollback(True)
    return answer


def _as(verb: str) -> dict[str, Any]:
    return {"content_type": "application/json"} if verb == "put" else {}


def test_the_description_of_the_api_holds_no_word(world: World, clients: dict[str, Client]) -> None:
    told = everything_told(clients["bo"].get("/api/openapi.json"))
    none_of(word for word in AUDIENCES if word in told)
