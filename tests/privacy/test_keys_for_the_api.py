"""Every address of the API with every kind of key: a key tells what its scopes say, of what its owner may read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.privacy.leak import none_of, walked
from tests.privacy.rows import system
from tests.privacy.told import ROUTES, everything_told, wrongly
from tests.privacy.world import AUDIENCES, PUBLISHED, World

from secondstory.access.tokens import hash_of
from secondstory.people.models import ApiToken, Person

pytestmark = pytest.mark.django_db
OF_STORIES = {word for word in AUDIENCES if word.startswith("zz")}
EVERYTHING = set(AUDIENCES)
# Scopes, and the words that a key with them may be told, as far as its owner may.
KEYS: dict[str, tuple[list[str], set[str]]] = {
    "read": (["read"], EVERYTHING - OF_STORIES),
    "published": (["read:published"], {PUBLISHED} | {word for word in OF_STORIES if "toorganisation" in word}),
    "write": (["write"], set()),
    "import": (["import"], set()),
    "stories": (["stories"], OF_STORIES),
    "none": ([], set()),
    "revoked": (["read", "stories"], set()),
    "expired": (["read", "stories"], set()),
    "nobody knows": (["read", "stories"], set()),
}
# Where a key with that scope alone writes.
WRITES = {"write": "", "import": "/evidence", "stories": "/stor"}


@pytest.fixture
def keys(world: World) -> dict[str, Client]:
    soon, before = timezone.now() + timedelta(days=1), timezone.now() - timedelta(minutes=1)
    for name, (scopes, _may) in KEYS.items():
        if name == "nobody knows":
            continue
        key = ApiToken(owner=world.cast.bo, name=name, token_hash=hash_of(f"a key to {name}"), scopes=scopes)
        key.expires_at = before if name == "expired" else soon
        key.revoked_at = before if name == "revoked" else None
        key.save()
    return {name: Client(headers={"authorization": f"Bearer a key to {name}"}) for name in KEYS}


def _addresses(world: World) -> list[str]:
    places = [*world.places(), *(world.after(each) for each in world.told[:1])]
    routes = [route for route in ROUTES if route.path.startswith("api/") and "review_id" in route.holes]
    return ["/api/reviews", *(route.filled(place | {"format_": "markdown"}) for route in routes for place in places)]


def test_a_key_tells_no_more_than_its_scopes(world: World, keys: dict[str, Client]) -> None:
    wrong = []
    found: set[str] = set()
    for address in _addresses(world):
        for name, client in keys.items():
            told = everything_told(client.get(address))
            words = {word for word in AUDIENCES if word in told}
            wrong += [f"{address} told a key for {name} {word}" for word in words - KEYS[name][1]]
            wrong += [f"{address} told a key of bo {word}" for word in wrongly(told, "bo")]
            found |= {name} if words else set()
            walked.tried(address, f"a key for {name}", "there", AUDIENCES, len(words))
    none_of(wrong)
    assert {"read", "published", "stories"} <= found


def test_a_key_writes_only_where_its_scope_says(world: World, keys: dict[str, Client]) -> None:
    wrong = []
    for address in _addresses(world):
        for name, client in keys.items():
            answer = client.post(address, {}, content_type="application/json")
            may = name in WRITES and WRITES[name] in address
            wrong += (
                [f"{address} is open to a key for {name}"]
                if answer.status_code not in {401, 404, 405} and not may
                else []
            )
    none_of(wrong)


def test_the_key_of_who_is_blocked_tells_nothing(world: World, keys: dict[str, Client]) -> None:
    Person.objects.filter(pk=world.cast.bo.pk).update(is_active=False)
    none_of(
        f"{address} answers the key of who is blocked with {answer.status_code}"
        for address in _addresses(world)
        for answer in [keys["read"].get(address)]
        if answer.status_code not in {401, 405}
    )


def test_a_key_that_somebody_wrote_into_the_table_tells_nothing(world: World, keys: dict[str, Client]) -> None:
    system(ApiToken).filter(name="published").update(scopes=["read", "stories"])
    by_hand: Any = keys["published"].get("/api/reviews")
    none_of([f"a key by hand is answered with {by_hand.status_code}"] if by_hand.status_code != 401 else [])
