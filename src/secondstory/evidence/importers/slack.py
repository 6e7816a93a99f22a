"""Slack: its export as zip or folder, also as slackdump writes it, and single files out of either."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from secondstory.evidence.importers.containers import Container, is_zip, opened, top_of
from secondstory.evidence.importers.json_stream import items
from secondstory.evidence.importers.record import Choices, Kind, Place, Problem, Reach, Record, storable
from secondstory.evidence.importers.slack_files import SlackFile, no_public_place, shape_of
from secondstory.evidence.importers.slack_lists import CHANNELS, PEOPLE, Channel, Lists, lists_of
from secondstory.evidence.importers.slack_message import day_of, is_message, messages
from secondstory.evidence.importers.times import BadTime, bad_time, from_seconds

_DAY = re.compile(r"(?P<folder>[^/]+)/(?P<day>\d{4}-\d\d-\d\d)\.json$")
_CANVASES = "canvases.json"
_CANVAS_PLACE = Channel("canvases", Reach.PRIVATE)
# Slack cuts days in the zone of whoever exports; a day's file may reach this far around its date.
_BEFORE, _AFTER = timedelta(hours=14), timedelta(hours=36)
_Days = list[tuple[datetime, str]]


class Slack:
    """Messages of every channel, thread, edit and application, in the order the export has them."""

    name = "slack"
    title = "Slack export (zip, folder or a file of it)"

    def recognises(self, path: Path, head: bytes) -> int:
        if not path.is_dir() and not is_zip(head):
            return shape_of(path, head).score
        with opened(path) as container:
            top = top_of(container.names)
            listed = any(top + name in container.names for name in (*PEOPLE, *CHANNELS))
            return 95 if listed and _folders(container, top) else 0

    def places(self, path: Path, choices: Choices) -> Iterator[Place]:  # noqa: ARG002 - ids of Slack need no choice
        if not _is_archive(path):
            yield from SlackFile(path).places()
            return
        with opened(path) as container:
            top = top_of(container.names)
            lists = lists_of(container, top)
            for folder, days in _folders(container, top).items():
                channel = lists.channel(folder)
                yield Place(channel.name, channel.reach, None, days[0][0], days[-1][0] + timedelta(days=1))
            if top + _CANVASES in container.names:
                yield Place(_CANVAS_PLACE.name, _CANVAS_PLACE.reach)

    def read(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        if not _is_archive(path):
            yield from SlackFile(path).read(choices)
            return
        with opened(path) as container:
            top = top_of(container.names)
            lists = lists_of(container, top)
            yield from (*container.skipped, *lists.problems)
            yield from _read_folders(container, _folders(container, top), lists, choices, path.name)
            if choices.places and _CANVAS_PLACE.name in choices.places and top + _CANVASES in container.names:
                with container.open(top + _CANVASES) as stream:
                    yield from _canvases(stream, _CANVASES, lists, choices)


SLACK = Slack()


def _is_archive(path: Path) -> bool:
    if path.is_dir():
        return True
    with path.open("rb") as stream:
        return is_zip(stream.read(4))


def _folders(container: Container, top: str) -> dict[str, _Days]:
    """The files of messages by the folder they lie in, oldest first."""
    folders: dict[str, _Days] = {}
    for name in container.names:
        match = _DAY.match(name, len(top)) if name.startswith(top) else None
        day = day_of(match["day"]) if match else None
        if match and day:
            folders.setdefault(match["folder"], []).append((day, name))
    return {folder: sorted(folders[folder]) for folder in sorted(folders)}


def _read_folders(
    container: Container, folders: dict[str, _Days], lists: Lists, choices: Choices, where: str
) -> Iterator[Record | Problem]:
    channels = {folder: lists.channel(folder) for folder in folders}
    if choices.places is None and all(channel.reach is not Reach.PUBLIC for channel in channels.values()):
        yield no_public_place(where)
    for folder, days in folders.items():
        channel = channels[folder]
        if not _chosen(channel, choices):
            continue
        for day, name in days:
            if _within(day, choices):
                with container.open(name) as stream:
                    yield from messages(
                        items(stream, name, looks_right=is_message),
                        name,
                        channel.name,
                        channel.reach,
                        lists.handles,
                        choices,
                    )


def _chosen(channel: Channel, choices: Choices) -> bool:
    return channel.reach is Reach.PUBLIC if choices.places is None else channel.name in choices.places


def _within(day: datetime, choices: Choices) -> bool:
    too_late = choices.until is not None and day - _BEFORE > choices.until
    too_early = choices.since is not None and day + _AFTER < choices.since
    return not too_late and not too_early


def _canvases(stream: IO[bytes], where: str, lists: Lists, choices: Choices) -> Iterator[Record | Problem]:
    for item in items(stream, where):
        if isinstance(item, Problem):
            yield item
            continue
        canvas = item.value if isinstance(item.value, dict) else {}
        try:
            at = from_seconds(canvas.get("created") or canvas.get("timestamp") or "")
        except BadTime as error:
            yield bad_time(f"{where} byte {item.offset}", error)
            continue
        if not choices.takes(_CANVAS_PLACE.name, _CANVAS_PLACE.reach, at):
            continue
        user, title = str(canvas.get("user", "")), str(canvas.get("title") or canvas.get("name") or "")
        yield Record(
            at=at,
            author=lists.handles.get(user, user),
            text=storable(f"[canvas] {title}"),
            place=_CANVAS_PLACE.name,
            kind=Kind.MESSAGE,
            original=item.raw,
            reach=_CANVAS_PLACE.reach,
            files=(storable(title),) if title else (),
        )
