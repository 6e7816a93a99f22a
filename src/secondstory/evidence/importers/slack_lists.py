"""Who and what is who in a Slack export: people, channels and who could see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from secondstory.evidence.importers.containers import Container
from secondstory.evidence.importers.json_stream import items
from secondstory.evidence.importers.record import Problem, Reach, storable

PEOPLE = ("users.json", "org_users.json")
CHANNELS = {
    "channels.json": Reach.PUBLIC,
    "groups.json": Reach.PRIVATE,
    "mpims.json": Reach.DIRECT,
    "dms.json": Reach.DIRECT,
}
_DIRECT = re.compile(r"D[A-Z0-9]{6,}$|mpdm-")


class Channel(NamedTuple):
    """A place in Slack: what it is called here, and who could see it."""

    name: str
    reach: Reach


class Lists:
    """Handles by id, and channels by the folder their messages lie in. Grows with people, not with messages."""

    def __init__(self) -> None:
        self.handles: dict[str, str] = {"USLACKBOT": "slackbot"}
        self.channels: dict[str, Channel] = {}
        self.problems: list[Problem] = []

    def channel(self, folder: str) -> Channel:
        """The channel of a folder; one that no list names counts as private, for nobody says it was public."""
        return self.channels.get(folder) or Channel(folder, reach_by_id(folder))


def lists_of(container: Container, top: str) -> Lists:
    """Reads what an export says about its people and channels."""
    lists = Lists()
    for name in PEOPLE:
        for user in _listed(container, top + name, lists):
            lists.handles[str(user.get("id", ""))] = handle_of(user)
    for name, reach in CHANNELS.items():
        for entry in _listed(container, top + name, lists):
            _add_channel(lists, entry, reach)
    return lists


def _listed(container: Container, name: str, lists: Lists) -> Iterator[dict[str, Any]]:
    if name not in container.names:
        return
    with container.open(name) as stream:
        for item in items(stream, name):
            if isinstance(item, Problem):
                lists.problems.append(item)
            elif isinstance(item.value, dict):
                yield item.value


def handle_of(user: dict[str, Any]) -> str:
    """What a person was called on screen."""
    profile = user.get("profile")
    shown = profile if isinstance(profile, dict) else {}
    names = (
        shown.get("display_name"),
        user.get("display_name"),
        user.get("name"),
        user.get("real_name"),
        user.get("id"),
    )
    return storable(next((n for n in names if isinstance(n, str) and n), ""))


def _add_channel(lists: Lists, entry: dict[str, Any], reach: Reach) -> None:
    ident = str(entry.get("id", ""))
    name = entry.get("name")
    if entry.get("is_im") or entry.get("is_mpim"):
        reach = Reach.DIRECT
    elif entry.get("is_private") and reach is Reach.PUBLIC:
        reach = Reach.PRIVATE
    if isinstance(name, str) and name:
        shown = storable(name)
        lists.handles[ident] = shown
    else:
        shown = _between(lists, entry, ident)
    channel = Channel(shown, reach)
    lists.channels[ident] = channel
    if isinstance(name, str) and name:
        # Slackdump names folders by id, Slack by name; of two lists naming one folder the narrower reach counts.
        known = lists.channels.get(name)
        lists.channels[name] = known if known and known.reach is not Reach.PUBLIC else channel


def _between(lists: Lists, entry: dict[str, Any], ident: str) -> str:
    members = [m for m in entry.get("members") or [] if isinstance(m, str)]
    shown = ", ".join(sorted({"@" + lists.handles.get(m, m) for m in members})) or ident
    taken = {channel.name for channel in lists.channels.values()}
    return f"{shown} ({ident})" if shown in taken else shown


def reach_by_id(folder: str) -> Reach:
    return Reach.DIRECT if _DIRECT.match(folder) else Reach.PRIVATE
