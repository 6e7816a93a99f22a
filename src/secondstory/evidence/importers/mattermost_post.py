"""One Mattermost post, its replies and its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from secondstory.evidence.importers.record import Kind, Reach, Record, storable
from secondstory.evidence.importers.slack_text import told
from secondstory.evidence.importers.times import BadTime, from_seconds

Post = dict[str, Any]
_LATEST = 10**15
_REACH = {"O": Reach.PUBLIC, "P": Reach.PRIVATE, "D": Reach.DIRECT, "G": Reach.DIRECT}


class Names:
    """What the export declared so far: teams, and channels with who could see them."""

    def __init__(self) -> None:
        self._teams: set[str] = set()
        self._reach: dict[tuple[str, str], Reach] = {}

    def learn(self, entry: dict[str, Any]) -> None:
        """Takes in a team or channel; everything else says nothing about places."""
        kind, told_of = entry["type"], entry[entry["type"]]
        if not isinstance(told_of, dict):
            return
        if kind == "team":
            self._teams.add(str(told_of.get("name", "")))
        elif kind == "channel":
            key = (str(told_of.get("team", "")), str(told_of.get("name", "")))
            self._reach[key] = _REACH.get(str(told_of.get("type")), Reach.PRIVATE)

    def place_of(self, entry: dict[str, Any]) -> tuple[str, Reach]:
        """The name and reach of what an entry declares or was posted to; undeclared channels count as private."""
        kind, told_of = entry["type"], entry[entry["type"]]
        if kind.startswith("direct"):
            members = told_of.get("channel_members") or told_of.get("members") or []
            # Later versions list the members of a direct channel as objects.
            names = {m.get("username", "") if isinstance(m, dict) else str(m) for m in members}
            return storable(", ".join("@" + name for name in sorted(names))), Reach.DIRECT
        team, name = str(told_of.get("team", "")), str(told_of.get("name" if kind == "channel" else "channel", ""))
        shown = f"{team}/{name}" if len(self._teams) > 1 else name
        return storable(shown), self._reach.get((team, name), Reach.PRIVATE)


def posts_of(entry: dict[str, Any], raw: bytes, names: Names) -> Iterator[Record | BadTime]:
    """The post and its replies, a BadTime in place of one whose time cannot be."""
    post = entry[entry["type"]]
    if not isinstance(post, dict):
        yield BadTime("a post without content")
        return
    place, reach = names.place_of(entry)
    replies = [reply for reply in post.get("replies") or [] if isinstance(reply, dict)]
    thread = f"{post.get('create_at')}-{post.get('user')}" if replies else ""
    yield _record(post, raw, place, reach, thread)
    for reply in replies:
        yield _record(reply, json.dumps(reply).encode(), place, reach, thread)


def _record(post: Post, raw: bytes, place: str, reach: Reach, thread: str) -> Record | BadTime:
    try:
        at = _at(post)
    except BadTime as error:
        return error
    props = post.get("props") if isinstance(post.get("props"), dict) else {}
    files = _files(post)
    return Record(
        at=at,
        author=storable(str((props or {}).get("override_username") or post.get("user") or "")),
        text=storable(_text(post, props or {}, files)),
        place=place,
        kind=Kind.MESSAGE,
        original=raw,
        reach=reach,
        thread=storable(thread),
        edited=bool(post.get("edit_at")),
        files=files,
    )


def _at(post: Post) -> datetime:
    created = post.get("create_at")
    if isinstance(created, bool) or not isinstance(created, int | float):
        raise BadTime("not a time")
    if abs(created) > _LATEST:
        raise BadTime("not a time")
    return from_seconds(created / 1000)


def _text(post: Post, props: dict[str, Any], files: tuple[str, ...]) -> str:
    message = post.get("message")
    text = message if isinstance(message, str) else ""
    if props.get("attachments"):
        text = "\n".join(filter(None, (text, *told(props["attachments"], {}))))
    return text or (f"[{', '.join(files)}]" if files else "")


def _files(post: Post) -> tuple[str, ...]:
    listed = post.get("attachments") or []
    paths = (str(f.get("path", "")) for f in listed if isinstance(f, dict))
    return tuple(storable(PurePosixPath(path).name) for path in paths if path)
