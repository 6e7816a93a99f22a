"""GitHub webhook deliveries: the payloads themselves, or deliveries as GitHub's own delivery log exports them.

A push is one record and each of its commits is another; everything else is one record a delivery.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from secondstory.evidence.importers.deliveries import Deliveries, Delivery, Payload, moment, no_time, part, said, titled
from secondstory.evidence.importers.github_events import EVENTS, Event, event_of
from secondstory.evidence.importers.record import Kind, Problem, Record

NOWHERE = "0" * 40
SHORT = 7
_PUSH = frozenset({"ref", "before", "after", "forced", "compare"})


def fits(payload: Payload) -> int:
    """How surely an object is GitHub's: its users and repositories carry links that no look-alike sends."""
    sender, repository = part(payload, "sender"), part(payload, "repository")
    if "events_url" in sender and "login" in sender:
        return 96
    if "archive_url" in repository and payload.keys() & {"sender", "pusher", "action"}:
        return 95
    if payload.keys() >= _PUSH:
        return 90
    if "ghsa_id" in part(payload, "security_advisory"):
        return 90
    if "hook_id" in payload and "zen" in payload:
        return 95
    # The head of a large payload shows its subject but not yet the repository and the sender that come last.
    return 85 if "action" in payload and _names_a_user(payload) else 0


def _names_a_user(payload: Payload) -> bool:
    inner = (value for subject in payload.values() if isinstance(subject, dict) for value in subject.values())
    return any(isinstance(value, dict) and "events_url" in value and "login" in value for value in inner)


def unwrapped(delivery: Delivery) -> Delivery:
    """The payload inside an entry of GitHub's delivery log, with its event and the time of delivery."""
    entry = delivery.payload
    inner = part(entry, "request", "payload")
    if "event" not in entry or not inner:
        return delivery
    at = delivery.clock.at(entry.get("delivered_at"))
    return replace(delivery, payload=inner, arrived=at or delivery.arrived, event=said(entry.get("event")))


def tell(delivery: Delivery) -> Iterator[Record | Problem]:
    """The records of one delivery."""
    event = EVENTS.get(delivery.event) or event_of(delivery.payload)
    if event.name == "push":
        yield from _push(delivery, event)
    else:
        yield _told(delivery, event)


def _told(delivery: Delivery, event: Event) -> Record | Problem:
    payload = delivery.payload
    subject = event.subject(payload)
    exact, near = event.times(payload, subject)
    at = moment(delivery, exact, near)
    if at is None:
        return no_time(delivery)
    return Record(
        at=at,
        author=_actor(payload, subject),
        text=event.text(payload, subject),
        place=_place(payload),
        kind=event.kind,
        original=delivery.raw,
        thread=event.thread(payload),
        edited=payload.get("action") == "edited",
        link=event.link(payload, subject),
        service=_place(payload),
    )


def _actor(payload: Payload, subject: Payload) -> str:
    """Whose doing it was: the sender, except that a deployment or comment names its own maker."""
    users = (part(payload, "sender"), part(subject, "user"), part(subject, "creator"), part(subject, "author"))
    return next((said(user.get("login")) for user in users if user.get("login")), "GitHub")


def _place(payload: Payload) -> str:
    repository = part(payload, "repository")
    told = repository.get("full_name") or part(payload, "organization").get("login")
    return said(told) or "GitHub"


def _push(delivery: Delivery, event: Event) -> Iterator[Record | Problem]:
    payload = delivery.payload
    commits = list(delivery.parts("commits"))
    newest = [commit.get("timestamp") for commit, _ in commits]
    at = moment(
        delivery,
        (part(payload, "repository").get("pushed_at"),),
        (part(payload, "head_commit").get("timestamp"), *newest),
    )
    if at is None:
        yield no_time(delivery)
    else:
        yield Record(
            at=at,
            author=said(part(payload, "sender").get("login") or part(payload, "pusher").get("name")) or "GitHub",
            text=_push_text(payload, len(newest)),
            place=_place(payload),
            kind=event.kind,
            original=delivery.raw,
            link=said(payload.get("compare")),
            service=_place(payload),
        )
    for commit, raw in commits:
        yield _commit(delivery, commit, raw, at)


def _push_text(payload: Payload, count: int) -> str:
    ref = said(payload.get("ref"))
    sort = "tag" if ref.startswith("refs/tags/") else "branch"
    name = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    before, after = said(payload.get("before")), said(payload.get("after"))
    if payload.get("deleted") or after == NOWHERE:
        return f"Deleted {sort} {name}"
    commits = f"{count} commit{'' if count == 1 else 's'}"
    if payload.get("created") or before == NOWHERE:
        return f"Created {sort} {name} at {after[:SHORT]}" + (f" with {commits}" if count else "")
    how = "Force-pushed" if payload.get("forced") else "Pushed"
    return titled(f"{how} {commits} to {name} ({before[:SHORT]}…{after[:SHORT]})")


def _commit(delivery: Delivery, commit: Mapping[str, Any], raw: bytes, pushed: datetime | None) -> Record | Problem:
    at = moment(delivery, (commit.get("timestamp"),))
    if at is None:
        return no_time(delivery)
    author = part(commit, "author")
    return Record(
        at=at,
        author=said(author.get("username") or author.get("name")),
        text=said(commit.get("message")).strip() or "(no message)",
        place=_place(delivery.payload),
        kind=Kind.COMMIT,
        original=raw,
        thread=said(commit.get("id")),
        files=_files(commit),
        link=said(commit.get("url")),
        service=_place(delivery.payload),
        seen_from=pushed if pushed and pushed > at else None,
    )


def _files(commit: Payload) -> tuple[str, ...]:
    lists = (commit.get(key) for key in ("added", "modified", "removed"))
    return tuple(said(name) for listed in lists if isinstance(listed, list) for name in listed)


GITHUB = Deliveries("github", "GitHub", fits, tell, unwrap=unwrapped)
