"""What is kept sealed about signing in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator

from secondstory.people.models import ApiToken, Person
from secondstory.people.stamps import SECRETS, SECRETS_PLACE, SIGN_IN, TOKEN
from secondstory.sealing.ledger import Entry
from secondstory.sealing.offers import Sealed
from secondstory.sealing.seal import opened, sealed


def sealed_here() -> Iterator[Sealed]:
    """The stamps over how people sign in, and what their apps and recovery codes are made from."""
    yield SIGN_IN.resealing("sign-in stamps", Person.objects.get_queryset)
    yield TOKEN.resealing("API tokens", _tokens)
    for name in SECRETS:
        yield Sealed(f"sign-in: {name}", Authenticator.objects.all, f"data__{name}", _again(name), _put(name))


def _tokens() -> Any:
    return ApiToken.objects.for_system("keys are being changed or checked")


def close_again(entry: Entry) -> None:
    """After a restore: what was closed since the backup stays closed as long as it was to."""
    until = datetime.fromisoformat(entry.what["until"])
    Person.objects.get_queryset().filter(pk__in=entry.ids).update(sealed_until=until)


def open_again(entry: Entry) -> None:
    """After a restore: and what was opened is open."""
    Person.objects.get_queryset().filter(pk__in=entry.ids).update(sealed_until=None)


def _again(name: str) -> Any:
    return lambda row: sealed(opened(row.data[name], SECRETS_PLACE), SECRETS_PLACE)


def _put(name: str) -> Any:
    def put(row: Any, box: str) -> None:
        Authenticator.objects.filter(pk=row.pk).update(data=row.data | {name: box})

    return put
