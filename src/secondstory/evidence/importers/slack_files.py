"""Single files out of a Slack export or from slackdump: a day of messages, a dumped channel, one message, a list."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

from secondstory.evidence.importers.containers import head_of
from secondstory.evidence.importers.json_stream import Item, items
from secondstory.evidence.importers.record import Choices, Place, Problem, Reach, Record, storable
from secondstory.evidence.importers.slack_lists import CHANNELS, PEOPLE, reach_by_id
from secondstory.evidence.importers.slack_message import day_of, is_message, messages

_DUMP = re.compile(rb'^\s*\{.*?"messages"\s*:\s*(?:\[|null)', re.DOTALL)
_LIST_FILES = (*PEOPLE, *CHANNELS, "integration_logs.json", "canvases.json")
_SLACK_ID = re.compile(r"[UWCGDTBF][A-Z0-9]{7,}$")
# Names that, beside an id of Slack's form, only its lists of people, channels, teams and log lines have.
_LIST_NAMES = {
    "profile",
    "is_bot",
    "is_archived",
    "is_general",
    "is_private",
    "is_mpim",
    "is_im",
    "change_type",
}


class Shape(NamedTuple):
    """What a file is ("messages", "dump", "list" or ""), and how surely."""

    what: str
    score: int


def shape_of(path: Path, head: bytes) -> Shape:
    """What a JSON file has to do with Slack."""
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"[", b"{"}:
        return Shape("", 0)
    first = _first(head)
    if is_message(first):
        return Shape("messages", 85)
    if _DUMP.match(head) and (is_message(_first(head, "messages")) or b'"channel_id"' in head[:4096]):
        return Shape("dump", 88)
    if _is_listed(first):
        return Shape("list", 60)
    empty = head.strip() in {b"[]", b"null"}
    return Shape("list", 50) if empty and path.name in _LIST_FILES else Shape("", 0)


def _first(head: bytes, under: str = "") -> Any:
    return next((i.value for i in items(io.BytesIO(head), "", under) if isinstance(i, Item)), None)


def _is_listed(value: Any) -> bool:
    """Whether a value is an entry of one of Slack's lists, or an answer of its API that holds one."""
    if not isinstance(value, dict):
        return False
    for key in ("members", "channels", "team"):
        inner = value.get(key)
        entry = inner[0] if isinstance(inner, list) and inner else inner
        if isinstance(entry, dict) and _is_listed(entry):
            return True
    if {"domain", "email_domain"} <= value.keys():
        return True
    ident = next((value[k] for k in ("id", "user_id") if isinstance(value.get(k), str)), "")
    if not _SLACK_ID.match(ident):
        return False
    return bool(_LIST_NAMES & value.keys()) or {"members", "created"} <= value.keys()


def no_public_place(where: str) -> Problem:
    """Said when nothing was named and nothing in a source is known to be public."""
    return Problem(where, "nothing in it is known to have been public", "name the channels to import")


class SlackFile:
    """One file by itself. No list says who could see its channel, so that counts as private."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._head = head_of(path)
        self._shape = shape_of(path, self._head).what
        self._outer: dict[str, Any] = {}

    def places(self) -> Iterator[Place]:
        if self._shape in {"messages", "dump"}:
            name, reach = self._place()
            yield Place(name, reach)

    def read(self, choices: Choices) -> Iterator[Record | Problem]:
        if self._shape == "list":
            yield Problem(self._path.name, "a list out of a Slack export, without messages", "import the whole export")
            return
        name, reach = self._place()
        if choices.places is None:
            yield no_public_place(self._path.name)
            return
        with self._path.open("rb") as stream:
            yield from messages(self._items(stream), self._path.name, name, reach, {}, choices)

    def _items(self, stream: IO[bytes]) -> Iterator[Item | Problem]:
        under = "messages" if self._shape == "dump" else ""
        return items(stream, self._path.name, under, is_message, self._outer)

    def _place(self) -> tuple[str, Reach]:
        """A dumped channel is called what the dump says, a day of messages after its folder."""
        name = self._path.stem
        if self._shape == "dump":
            named: dict[str, Any] = {}
            with suppress(StopIteration):
                next(items(io.BytesIO(self._head), "", "messages", is_message, named))
            ident = str(named.get("channel_id") or "")
            name = str(named.get("name") or ident or name)
            return storable(name), reach_by_id(ident or name)
        if day_of(name) and self._path.parent.name:
            name = self._path.parent.name
        return storable(name), reach_by_id(name)
