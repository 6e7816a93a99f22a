"""GitLab webhooks and system hooks.

A push is one record and each commit it lists is another; everything else is one record a delivery.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from secondstory.evidence.importers.deliveries import Deliveries, Delivery, Payload, moment, no_time, part, said
from secondstory.evidence.importers.gitlab_events import ANY_OTHER, EVENTS, Event
from secondstory.evidence.importers.record import Kind, Problem, Reach, Record

NOWHERE = "0" * 40
SHORT = 8
_SYSTEM_EVENTS = ("project_", "group_", "subgroup_", "user_", "key_", "repository_update")


def fits(payload: Payload) -> int:
    """How surely an object is GitLab's."""
    kind, event = said(payload.get("object_kind")), said(payload.get("event_name"))
    if kind and (payload.keys() & {"project", "project_id", "object_attributes", "group", "build_id"}):
        return 96
    if event in {"push", "tag_push"} and "project_id" in payload:
        return 96
    system = event.startswith(_SYSTEM_EVENTS) and payload.keys() & {"updated_at", "project_id", "refs"}
    return 94 if system else 0


def tell(delivery: Delivery) -> Iterator[Record | Problem]:
    """The records of one delivery."""
    payload = delivery.payload
    name = said(payload.get("object_kind") or payload.get("event_name"))
    if name in {"push", "tag_push"}:
        yield from _push(delivery)
    else:
        yield _told(delivery, EVENTS.get(name, ANY_OTHER))


def _told(delivery: Delivery, event: Event) -> Record | Problem:
    payload = delivery.payload
    subject = part(payload, "object_attributes") or payload
    at = moment(delivery, event.exact(payload, subject), event.near(payload, subject))
    if at is None:
        return no_time(delivery)
    return Record(
        at=at,
        author=_author(payload),
        text=event.say(payload, subject),
        place=_place(payload),
        kind=event.kind,
        original=delivery.raw,
        reach=_reach(payload),
        thread=event.thread(payload, subject),
        edited=subject.get("action") == "update",
        link=event.link(payload, subject),
        service=_project(payload),
    )


def _author(payload: Payload) -> str:
    user = part(payload, "user")
    told = user.get("username") or user.get("name")
    keys = ("user_username", "username", "user_name", "owner_name", "name")
    return said(told) or next((said(payload[key]) for key in keys if payload.get(key)), "GitLab")


def _project(payload: Payload) -> str:
    """The path of the project; older jobs and system hooks name it elsewhere."""
    project = part(payload, "project")
    told = project.get("path_with_namespace") or payload.get("path_with_namespace")
    told = told or payload.get("project_path_with_namespace") or _path_in(part(payload, "repository").get("homepage"))
    told = told or payload.get("project_name") or payload.get("full_path") or payload.get("group_path")
    return said(told or part(payload, "group").get("group_path") or payload.get("path")) or "GitLab"


def _path_in(homepage: Any) -> str:
    """The path part of a project's address."""
    return said(homepage).partition("://")[2].partition("/")[2]


def _confidential(payload: Payload) -> bool:
    about = (part(payload, "object_attributes"), part(payload, "issue"))
    named = said(payload.get("event_type")).startswith("confidential")
    return named or any(one.get("confidential") or one.get("internal") for one in about)


def _reach(payload: Payload) -> Reach:
    return Reach.PRIVATE if _confidential(payload) else Reach.PUBLIC


def _place(payload: Payload) -> str:
    """Confidential issues and their notes stand apart, so that they are only taken when named."""
    return f"{_project(payload)} · confidential" if _confidential(payload) else _project(payload)


def _push(delivery: Delivery) -> Iterator[Record | Problem]:
    commits = list(delivery.parts("commits"))
    newest = [commit.get("timestamp") for commit, _ in commits]
    at = moment(delivery, (), tuple(newest))
    if at is None:
        yield no_time(delivery)
    else:
        yield _push_itself(delivery, at)
    for commit, raw in commits:
        yield _commit(delivery, commit, raw, at)


def _push_itself(delivery: Delivery, at: datetime) -> Record:
    payload = delivery.payload
    before, after = said(payload.get("before")), said(payload.get("after"))
    web = said(part(payload, "project").get("web_url") or part(payload, "repository").get("homepage"))
    compared = web and NOWHERE not in (before, after)
    return Record(
        at=at,
        author=_author(payload),
        text=_push_text(payload, before, after),
        place=_project(payload),
        kind=Kind.CHANGE,
        original=delivery.raw,
        link=f"{web}/-/compare/{before}...{after}" if compared else web,
        service=_project(payload),
    )


def _push_text(payload: Payload, before: str, after: str) -> str:
    ref = said(payload.get("ref"))
    sort = "tag" if ref.startswith("refs/tags/") else "branch"
    name = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
    if after == NOWHERE:
        return f"Deleted {sort} {name}"
    listed = len(payload.get("commits") or ())
    total = payload.get("total_commits_count")
    count = total if isinstance(total, int) else listed
    commits = f"{count} commit{'' if count == 1 else 's'}" + (f", {listed} of them listed" if listed < count else "")
    if before == NOWHERE:
        return f"Created {sort} {name} at {after[:SHORT]}" + (f" with {commits}" if count else "")
    return f"Pushed {commits} to {name} ({before[:SHORT]}…{after[:SHORT]})"


def _commit(delivery: Delivery, commit: Payload, raw: bytes, pushed: datetime | None) -> Record | Problem:
    at = moment(delivery, (commit.get("timestamp"),))
    if at is None:
        return no_time(delivery)
    lists = (commit.get(key) for key in ("added", "modified", "removed"))
    return Record(
        at=at,
        author=said(part(commit, "author").get("name")),
        text=said(commit.get("message")).strip() or "(no message)",
        place=_project(delivery.payload),
        kind=Kind.COMMIT,
        original=raw,
        thread=said(commit.get("id")),
        files=tuple(said(name) for listed in lists if isinstance(listed, list) for name in listed),
        link=said(commit.get("url")),
        service=_project(delivery.payload),
        seen_from=pushed if pushed and pushed > at else None,
    )


GITLAB = Deliveries("gitlab", "GitLab", fits, tell)
