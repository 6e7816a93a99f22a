"""A sealed stamp over how somebody signs in. Only this program, with its keys, can make one that fits."""

from __future__ import annotations

import json
from datetime import UTC
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from secondstory.sealing.keys import KeyMissing
from secondstory.sealing.seal import fits, opened, sealed

# The sign-in library does not say whose secret it seals, so all of them share one place.
SECRETS_PLACE = "sign-in secret"
# What changes while a passkey, an app or a set of codes is merely used.
RESTLESS = ("used_mask", "viewed_at")
SECRETS = ("secret", "seed")


def stamp_of(person: Any) -> str:
    """The stamp for how this person signs in now."""
    return sealed(_digest(person), place_of(person))


def is_stamped(person: Any) -> bool:
    """Whether everything stands as this program left it."""
    return fits(person.sign_in_stamp, _digest(person), place_of(person))


def place_of(person: Any) -> str:
    """Where the stamp belongs; a stamp copied from somebody else does not open."""
    return f"person:{person.pk}:sign-in"


def stamp_of_token(token: Any) -> str:
    """The stamp of an API token: whose it is, what it may and until when."""
    return sealed(_token(token), place_of_token(token))


def is_stamped_token(token: Any) -> bool:
    """Whether this program made the token as it stands."""
    return fits(token.stamp, _token(token), place_of_token(token))


def place_of_token(token: Any) -> str:
    """Where its stamp belongs."""
    return f"token:{token.pk}"


def _token(token: Any) -> str:
    return json.dumps([token.owner_id, token.token_hash, token.scopes, token.expires_at.astimezone(UTC).isoformat()])


def _digest(person: Any) -> str:
    keys = [
        (row.pk, row.type, row.created_at.timestamp(), _unchanging(row.data))
        for row in Authenticator.objects.filter(user_id=person.pk).order_by("pk")
    ]
    doors = list(SocialAccount.objects.filter(user_id=person.pk).order_by("pk").values_list("provider", "uid"))
    said = json.dumps([person.password, person.email, keys, doors], sort_keys=True)
    return sha256(said.encode()).hexdigest()


def _unchanging(data: dict[str, Any]) -> dict[str, Any]:
    """The secrets themselves, not their boxes: keys are rotated, and one box may be copied over another."""
    return {name: _plain(value) if name in SECRETS else value for name, value in data.items() if name not in RESTLESS}


def _plain(box: str) -> str:
    try:
        return opened(box, SECRETS_PLACE)
    except KeyMissing:
        return ""
