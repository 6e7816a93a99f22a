"""Mattermost: the bulk export, JSON lines by themselves or in a zip."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from secondstory.evidence.importers.containers import DAMAGE, HEAD, head_of, is_zip, opened, top_of
from secondstory.evidence.importers.json_stream import Item, items
from secondstory.evidence.importers.lines import Line, lines
from secondstory.evidence.importers.mattermost_post import Names, posts_of
from secondstory.evidence.importers.record import Choices, Place, Problem, Reach, Record
from secondstory.evidence.importers.times import BadTime, bad_time

_TYPES = {
    "version",
    "team",
    "channel",
    "user",
    "bot",
    "emoji",
    "role",
    "scheme",
    "post",
    "direct_channel",
    "direct_post",
}
_LISTING = re.compile(r'\s*\{\s*"type"\s*:\s*"(?:team|channel|direct_channel|post|direct_post)"')


class Mattermost:
    """Posts with their replies, of channels and of direct conversations."""

    name = "mattermost"
    title = "Mattermost bulk export (JSON lines or zip)"

    def recognises(self, path: Path, head: bytes) -> int:
        if path.is_dir():
            return 0
        if is_zip(head):
            return 92 if _inside(path) else 0
        return _score(head)

    def places(self, path: Path, choices: Choices) -> Iterator[Place]:  # noqa: ARG002 - its times are exact
        names, seen = Names(), set[str]()
        with _stream(path) as (stream, where):
            for line in lines(stream, where):
                if not isinstance(line, Line) or not _LISTING.match(line.text):
                    continue
                for place, reach in _listed(line.text, names):
                    if place not in seen:
                        seen.add(place)
                        yield Place(place, reach)

    def read(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        names = Names()
        with _stream(path) as (stream, where):
            for item in items(stream, where, looks_right=_is_entry):
                if isinstance(item, Problem):
                    yield item
                elif not _is_entry(item.value):
                    yield Problem(f"{where} byte {item.offset}", "not an entry of a Mattermost export", "left out")
                elif item.value["type"] in {"post", "direct_post"}:
                    yield from _posts(item, names, choices, where)
                else:
                    names.learn(item.value)


MATTERMOST = Mattermost()


def _posts(item: Item, names: Names, choices: Choices, where: str) -> Iterator[Record | Problem]:
    for found in posts_of(item.value, item.raw, names):
        if isinstance(found, BadTime):
            yield bad_time(f"{where} byte {item.offset}", found)
        elif choices.takes(found.place, found.reach, found.at):
            yield found


def _is_entry(value: Any) -> bool:
    """Whether a value is a line of the export: its type names the key that holds the rest."""
    return isinstance(value, dict) and value.get("type") in _TYPES and value["type"] in value


def _score(head: bytes) -> int:
    if head.lstrip(b"\xef\xbb\xbf \r\n\t\xff\xfe\0")[:1] != b"{":
        return 0
    first = next((i.value for i in items(io.BytesIO(head), "") if isinstance(i, Item)), None)
    if first is None or not _is_entry(first):
        return 0
    return 92 if first["type"] == "version" else 85


def _inside(path: Path) -> str:
    """The name of the export in a zip, or nothing. It lies at the top, among folders of files."""
    with opened(path) as container:
        top = top_of(container.names)
        for name in container.names:
            if "/" not in name[len(top) :] and name.endswith((".jsonl", ".json")):
                with container.open(name) as stream, suppress(*DAMAGE):
                    if _score(stream.read(HEAD)):
                        return name
    return ""


@contextmanager
def _stream(path: Path) -> Iterator[tuple[IO[bytes], str]]:
    if is_zip(head_of(path)):
        inside = _inside(path)
        with opened(path) as container, container.open(inside) as stream:
            yield stream, inside
    else:
        with path.open("rb") as stream:
            yield stream, path.name


def _listed(text: str, names: Names) -> Iterator[tuple[str, Reach]]:
    """The place a line declares or posts to. Direct conversations need not be declared."""
    try:
        value = json.loads(text)
    except ValueError:
        return
    if not _is_entry(value):
        return
    names.learn(value)
    if value["type"] != "team" and isinstance(value[value["type"]], dict):
        yield names.place_of(value)
