"""Who listens in this process, and the one loop that hears what other processes changed."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

from channels.db import database_sync_to_async
from django.db.models import Max

from secondstory.live.models import Change

if TYPE_CHECKING:
    from secondstory.live.consumers import PersonSocket

POLL_SECONDS = 0.2


class Listening:
    """The sockets of this process by topic; polls the change table while there is anybody to tell."""

    def __init__(self) -> None:
        self._sockets: defaultdict[str, set[PersonSocket]] = defaultdict(set)
        self._loop: asyncio.Task[None] | None = None

    def join(self, socket: PersonSocket, topic: str) -> None:
        self._sockets[topic].add(socket)
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._poll())

    def leave(self, socket: PersonSocket) -> None:
        for topic in [topic for topic, sockets in self._sockets.items() if socket in sockets]:
            self._sockets[topic].discard(socket)
            if not self._sockets[topic]:
                del self._sockets[topic]

    async def _poll(self) -> None:
        last = await _newest()
        while self._sockets:
            await asyncio.sleep(POLL_SECONDS)
            changes = await _since(last)
            for id_, _topic in changes:
                last = max(last, id_)
            for topic in dict.fromkeys(topic for _id, topic in changes):
                await asyncio.gather(*(socket.tell(topic) for socket in list(self._sockets.get(topic, ()))))


@database_sync_to_async
def _newest() -> int:
    return Change.objects.for_system("where to start listening").aggregate(newest=Max("id"))["newest"] or 0


@database_sync_to_async
def _since(last: int) -> list[tuple[int, str]]:
    return list(Change.objects.for_system("what changed").filter(id__gt=last).values_list("id", "topic"))


listening = Listening()
