"""Every answer of the API to somebody who writes: done, refused, in conflict. None tells them what is not theirs.

A new address, or a new answer of one, fails here until it is met: teach `WORDS` or `WAYS`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from tests.cast import HAPPENED
from tests.clients import client_of
from tests.privacy.leak import none_of, walked
from tests.privacy.rows import system
from tests.privacy.told import ONLY, everything_told, rightly, wrongly
from tests.privacy.world import AUDIENCES, World

from secondstory.evidence.models import Evidence
from secondstory.site.api import api
from secondstory.stories.models import Part
from secondstory.texts.models import Text
from secondstory.timeline.models import Citation

pytestmark = pytest.mark.django_db
Operation = tuple[str, str]
Documented = tuple[str, str, int, frozenset[str]]
# Histories in which Ana, and Sue whose sign-in somebody else changed, wrote their stories; and one whose words' key is lost.
OWN = {"there", "sealed", "late"}
LOST = "late"
WRITERS = ("ana", "bo", "cleo", "sue")
VERBS = ("get", "post", "put", "delete")
NOW = HAPPENED.isoformat()
# What a field of that name holds when all is well.
WORDS: dict[str, Any] = {
    "kind": "incident", "title": "x", "happened_at": NOW, "zone": "UTC", "stage": "gathering", "duty": "participant",
    "times": {}, "at": NOW, "what": "x", "words": "x", "body": "x", "wording": "x", "audience": "me", "reason": "x",
    "state": "na", "version": 0,
}  # fmt: skip
# What is different each time. A field that an address does not know is left out.
WAYS: tuple[dict[str, Any], ...] = (
    *({"version": version, "state": "proposed"} for version in range(4)),
    {"version": 99, "words": "y", "body": "y", "wording": "y", "what": "y", "state": "done"},
    {"at": "some time"},
    {"at": "0001-01-02T00:00:00+00:00"},
    {"when": "between", "until": None},
    {"lane": "nosuchlane00"},
    {"audience": "everybody"},
    {"lines": []},
)


def test_no_answer_to_a_writer_tells_what_is_not_theirs(world: World) -> None:
    unmet = _unmet_by(world, _operations())
    _spoil(world)
    unmet = _unmet_by(world, unmet)
    assert ONLY or not unmet


def _unmet_by(world: World, operations: set[Documented]) -> set[Documented]:
    """Asks everything of these, and gives back the answers that nobody got."""
    clients = {who: client_of(world.people()[who], raise_request_exception=False) for who in WRITERS}
    unmet = set(operations)
    wrong: list[str] = []
    for verb, path in {(verb, path) for verb, path, _code, _fields in operations}:
        for (place, body), who in product(_asked(world, (verb, path)), WRITERS):
            answer = _answer(clients[who], (verb, path), place, body)
            told = everything_told(answer)
            fields = _said(answer)
            unmet -= {each for each in unmet if each[:3] == (verb, path, answer.status_code) and each[3] <= fields}
            wrong += [f"{verb} {path} answers {who} {answer.status_code} with {word}" for word in wrongly(told, who)]
            walked.tried(path, who, verb, AUDIENCES, len(rightly(told, who)))
        none_of(wrong)
    return unmet


def _said(answer: Any) -> set[str]:
    json_told = answer.content and answer.headers.get("content-type", "").startswith("application/json")
    said = answer.json() if json_told else {}
    return set(said) if isinstance(said, dict) else set()


def _spoil(world: World) -> None:
    """What is refused with a reason: words whose key is lost, and a line that says nothing."""
    lost = next(each for each in world.told if each.history.name == LOST)
    system(Text).filter(pk__in=system(Part).filter(review=lost.review).values("text")).update(stored="lost:00")
    system(Citation).filter(moment__review=world.hidden).delete()
    system(Evidence).filter(review=world.hidden).update(text="")


def _operations() -> set[Documented]:
    """What the API says of itself: every answer with words in it and the fields it has, by what is asked."""
    return {
        (verb, path, int(code), _fields(answer["content"]["application/json"]["schema"]))
        for path, verbs in _described()["paths"].items()
        for verb, asked in verbs.items()
        if verb in VERBS and (verb != "get" or len(asked["responses"]) > 1)
        for code, answer in asked["responses"].items()
        if "content" in answer
    }


@cache
def _described() -> dict[str, Any]:
    """The whole description of the API: each call of it would be written anew."""
    return api.get_openapi_schema()


def _fields(schema: dict[str, Any]) -> frozenset[str]:
    """What stands in every answer of that kind; of a list, nothing."""
    return frozenset(_shape(schema).get("required", ()))


def _shape(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    shape: dict[str, Any] = _described()["components"]["schemas"].get(name, {})
    return shape


def _asked(world: World, operation: Operation) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Where and with what: in the hidden review, and where Ana and Sue wrote their stories."""
    places = [world.everywhere | world.inside[world.hidden.pk]]
    if "/story" in operation[1]:
        places = [world.after(each) | {"name": "assumed"} for each in world.told if each.history.name in OWN]
    bodies = {json.dumps(body, sort_keys=True): body for body in _bodies(world, operation)}
    return list(product(places, bodies.values()))


def _bodies(world: World, operation: Operation) -> Iterator[dict[str, Any]]:
    """What may be sent there, each field that the address knows, and nothing else."""
    verb, path = operation
    described = _described()["paths"][path][verb]
    known = {each["name"] for each in described.get("parameters", ())}
    for content in described.get("requestBody", {}).get("content", {}).values():
        known |= set(_shape(content["schema"]).get("properties", ()))
    here = {
        "lines": [
            Evidence.objects.visible_to(world.cast.bo)
            .filter(review=world.hidden, struck_at=None)
            .earliest("number")
            .number
        ],
        "lane": world.inside[world.hidden.pk]["lane_id"],
        "email": world.cast.dov.email,
    }
    for way in ({}, *WAYS):
        yield {key: value for key, value in (WORDS | here | way).items() if key in known}


def _answer(client: Client, operation: Operation, place: dict[str, Any], body: dict[str, Any]) -> Any:
    verb, path = operation
    address = path.format(**place)
    if verb == "get":
        return client.get(address, body)
    with transaction.atomic():
        if path.endswith("/imports"):
            answer = client.post(address, {"file": SimpleUploadedFile("chat.txt", b"[10:00] ana: x\n")})
        else:
            answer = getattr(client, verb)(address, json.dumps(body), content_type="application/json")
        transaction.set_rollback(True)
    return answer
