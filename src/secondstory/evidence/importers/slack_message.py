"""One Slack message as a record, whatever its subtype."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from secondstory.evidence.importers.json_stream import Item
from secondstory.evidence.importers.record import Choices, Kind, Problem, Reach, Record, storable
from secondstory.evidence.importers.slack_text import plain, told
from secondstory.evidence.importers.times import BadTime, bad_time, from_seconds

Message = dict[str, Any]


def is_message(value: Any) -> bool:
    """Whether a JSON object is a Slack message: it has a time of Slack's form and something said or done."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("ts"), str | int | float)
        and ("text" in value or value.get("type") == "message" or "subtype" in value)
    )


def messages(
    found: Iterator[Item | Problem],
    where: str,
    place: str,
    reach: Reach,
    handles: Mapping[str, str],
    choices: Choices,
) -> Iterator[Record | Problem]:
    """The chosen messages of one file as records, the replies slackdump puts inside them included."""
    for item in found:
        if isinstance(item, Problem):
            yield item
        elif not is_message(item.value):
            yield Problem(f"{where} byte {item.offset}", "not a message", "left out")
        else:
            replies = item.value.get("slackdump_thread_replies")
            try:
                at = from_seconds(item.value["ts"])
            except BadTime as error:
                yield bad_time(f"{where} byte {item.offset}", error)
            else:
                if choices.takes(place, reach, at):
                    yield record_of(item.value, at, item.raw, place, reach, handles)
            if replies:
                inside = (Item(r, json.dumps(r).encode(), item.offset) for r in replies)
                yield from messages(inside, where, place, reach, handles, choices)


def record_of(
    message: Message, at: datetime, original: bytes, place: str, reach: Reach, handles: Mapping[str, str]
) -> Record:
    """The record of a message; an edit or deletion is told of the message it changed."""
    inner = message.get("message") or message.get("previous_message")
    subtype = message.get("subtype")
    changed = subtype in {"message_changed", "message_deleted", "message_replied"} and isinstance(inner, dict)
    told_of: Message = inner if changed and isinstance(inner, dict) else message
    thread = told_of.get("thread_ts") or ""
    return Record(
        at=at,
        author=_author(told_of, handles),
        text=_text(told_of, handles) if subtype != "message_deleted" else "[message_deleted]",
        place=place,
        kind=Kind.MESSAGE,
        original=original,
        reach=reach,
        thread=thread if isinstance(thread, str) else "",
        edited="edited" in told_of or subtype in {"message_changed", "message_deleted"},
        files=_files(told_of),
        link=told_of["permalink"] if isinstance(told_of.get("permalink"), str) else "",
    )


def _author(message: Message, handles: Mapping[str, str]) -> str:
    user = message.get("user")
    if isinstance(user, str) and user in handles:
        return handles[user]
    for key, names in (("user_profile", ("display_name", "name", "real_name")), ("bot_profile", ("name",))):
        profile = message.get(key)
        if isinstance(profile, dict):
            for name in names:
                if isinstance(profile.get(name), str) and profile[name]:
                    return storable(profile[name])
    for key in ("username", "user", "bot_id", "inviter"):
        if isinstance(message.get(key), str) and message[key]:
            return storable(handles.get(message[key], message[key]))
    return ""


def _text(message: Message, handles: Mapping[str, str]) -> str:
    said = message.get("text")
    text = plain(said, handles) if isinstance(said, str) else ""
    attachments, blocks = message.get("attachments"), message.get("blocks")
    if not text and blocks:
        text = "\n".join(told(blocks, handles))
    if attachments:
        more = "\n".join(line for line in told(attachments, handles) if line not in text)
        text = f"{text}\n{more}" if text and more else text or more
    if not text:
        text = _nothing_said(message)
    return storable(text)


def _nothing_said(message: Message) -> str:
    files = _files(message)
    if files:
        return "[" + ", ".join(files) + "]"
    subtype = message.get("subtype")
    return f"[{subtype}]" if isinstance(subtype, str) else ""


def _files(message: Message) -> tuple[str, ...]:
    files = message.get("files")
    if not files and not message.get("file"):
        return ()
    listed = files if isinstance(files, list) else [message.get("file")]
    names = (f.get("title") or f.get("name") or f.get("id") for f in listed if isinstance(f, dict))
    return tuple(storable(n) for n in names if isinstance(n, str))


def day_of(stem: str) -> datetime | None:
    """The day a file of messages is named after."""
    try:
        return datetime.strptime(stem, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
