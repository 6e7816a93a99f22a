"""Stamps over how somebody signs in, and over API tokens."""

from __future__ import annotations

import json
from datetime import UTC
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from secondstory.sealing.keys import KeyMissing
from secondstory.sealing.seal import opened
from secondstory.sealing.stamps import Stamp

# The sign-in library does not say whose secret it seals, so all of them share one place.
SECRETS_PLACE = "sign-in secret"
# What changes while a passkey, an app or a set of codes is merely used.
RESTLESS = ("used_mask", "viewed_at")
SECRETS = ("secret", "seed")


def _token(token: Any) -> str:
    """Whose it is, what it may and until when."""
    return json.dumps([token.owner_id, token.token_hash, token.scopes, token.expires_at.astimezone(UTC).isoformat()])


def _digest(person: Any) -> str:
    """Somebody who is not stored yet has neither a second step nor an account elsewhere."""
    keys, doors = ([], []) if person._state.adding else (_keys(person), _doors(person))  # noqa: SLF001 - Django documents it
    said = json.dumps([person.password, person.email, keys, doors], sort_keys=True)
    return sha256(said.encode()).hexdigest()


def _keys(person: Any) -> list[tuple[Any, ...]]:
    rows = Authenticator.objects.filter(user_id=person.pk).order_by("pk")
    return [(row.pk, row.type, row.created_at.timestamp(), _unchanging(row.data)) for row in rows]


def _doors(person: Any) -> list[tuple[str, str]]:
    return list(SocialAccount.objects.filter(user_id=person.pk).order_by("pk").values_list("provider", "uid"))


def _unchanging(data: dict[str, Any]) -> dict[str, Any]:
    """The secrets themselves, not their boxes: keys are rotated, and one box may be copied over another."""
    return {name: _plain(value) if name in SECRETS else value for name, value in data.items() if name not in RESTLESS}


def _plain(box: str) -> str:
    try:
        return opened(box, SECRETS_PLACE)
    except KeyMissing:
        return ""


SIGN_IN = Stamp("sign_in_stamp", _digest, lambda person: f"person:{person.pk}:sign-in")
TOKEN = Stamp("stamp", _token, lambda token: f"token:{token.pk}")
# Migrations ask for these by name.
stamp_of, stamp_of_token = SIGN_IN.of, TOKEN.of
