"""Which evidence is taken, whose a line is, and whether a delivery is what it says it is. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from secondstory.evidence.importers.record import Choices, Reach, Record, digest_of

AROUND = timedelta(hours=2)
PROBLEMS_KEPT = 200
PLACES_KEPT = 2_000
LONGEST_TITLE = 24


def window_around(times: Iterable[datetime]) -> tuple[datetime, datetime]:
    """Two hours either side of a review's times."""
    known = sorted(times)
    return known[0] - AROUND, known[-1] + AROUND


def address_of(record: Record) -> bytes:
    """What makes a record the same as one already there: five bytes of its time, then the digest of its bytes."""
    return max(0, int(record.at.timestamp())).to_bytes(5, "big") + digest_of(record)


def written(choices: Choices) -> dict[str, Any]:
    """Choices as they are stored beside an import."""
    return {
        "places": sorted(choices.places) if choices.places is not None else None,
        "since": choices.since.isoformat() if choices.since else None,
        "until": choices.until.isoformat() if choices.until else None,
        "anchor": choices.anchor.isoformat() if choices.anchor else None,
        "zone": str(choices.zone) if choices.zone else None,
        "columns": dict(choices.columns),
    }


def read_back(stored: Mapping[str, Any]) -> Choices:
    """What `written` made, as choices again."""
    places = stored.get("places")
    return Choices(
        places=frozenset(places) if places is not None else None,
        since=_time(stored.get("since")),
        until=_time(stored.get("until")),
        anchor=date.fromisoformat(stored["anchor"]) if stored.get("anchor") else None,
        zone=ZoneInfo(stored["zone"]) if stored.get("zone") else None,
        columns=stored.get("columns") or {},
    )


def _time(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def expected_of(places: Sequence[Mapping[str, Any]], choices: Choices) -> int | None:
    """How many records a choice can bring at most, if every chosen place knows how many it has."""
    taken = [place for place in places if _takes_place(choices, place)]
    counts = [place.get("records") for place in taken]
    return None if None in counts else sum(int(count or 0) for count in counts)


def _takes_place(choices: Choices, place: Mapping[str, Any]) -> bool:
    if choices.places is None:
        return bool(place["reach"] == Reach.PUBLIC)
    return place["name"] in choices.places


def is_author(addresses: Iterable[str], author: str) -> bool:
    """Whether a line was written from one of these e-mail addresses."""
    said = author.strip().casefold()
    return bool(said) and said in {address.strip().casefold() for address in addresses}


def short(title: str) -> str:
    """A format's title; a long one without what stands in brackets."""
    return title if len(title) <= LONGEST_TITLE else title.partition(" (")[0]


@dataclass(frozen=True, slots=True)
class Scope:
    """A review as a delivery is matched with it."""

    review: str
    since: datetime
    until: datetime
    patterns: tuple[str, ...]
    services: frozenset[int]


def belongs(scope: Scope, at: datetime, names: Sequence[str], services: frozenset[int]) -> bool:
    """Whether a delivery of this time is about a service of the review: one its hook is for, or one it names itself."""
    if not scope.since <= at <= scope.until:
        return False
    if services & scope.services:
        return True
    heard = [name.casefold() for name in names if name]
    return any(pattern.casefold() in name for pattern in scope.patterns for name in heard if pattern)


def is_genuine(product: str, secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether the sender knew the secret. Compared in constant time, whatever was sent."""
    key = secret.encode()
    if product == "github":
        expected = "sha256=" + hmac.new(key, body, sha256).hexdigest()
        return _same(headers.get("X-Hub-Signature-256", ""), expected)
    if product == "pagerduty":
        expected = "v1=" + hmac.new(key, body, sha256).hexdigest()
        sent = headers.get("X-PagerDuty-Signature", "").split(",")[:8]
        return sum(_same(each.strip(), expected) for each in sent) > 0
    if product == "gitlab":
        return _same(headers.get("X-Gitlab-Token", ""), secret)
    return _same(headers.get("Authorization", ""), f"Bearer {secret}")


def _same(sent: str, expected: str) -> bool:
    return hmac.compare_digest(sent.encode("utf-8", "replace"), expected.encode())


def event_of(product: str, headers: Mapping[str, str]) -> str:
    """What the sender's header calls the event; products that say it in the body have none."""
    return {"github": headers.get("X-GitHub-Event", ""), "gitlab": headers.get("X-Gitlab-Event", "")}.get(product, "")
