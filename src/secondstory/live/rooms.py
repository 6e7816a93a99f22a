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
# PostgreSQL gives ids out before it commits: a change may appear behind ones that were heard already.
LATE = 200


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
        heard = {id_ for id_, _topic in await _since(await _newest() - LATE)}
        while self._sockets:
            await asyncio.sleep(POLL_SECONDS)
            changes = await _since(max(heard, default=0) - LATE)
            new = [(id_, topic) for id_, topic in changes if id_ not in heard]
            heard = {id_ for id_, _topic in changes} or heard
            for topic in dict.fromkeys(topic for _id, topic in new):
                await asyncio.gather(*(socket.tell(topic) for socket in list(self._sockets.get(topic, ()))))


@database_sync_to_async
def _newest() -> int:
    return Change.objects.for_system("where to start listening").aggregate(newest=Max("id"))["newest"] or 0


@database_sync_to_async
def _since(last: int) -> list[tuple[int, str]]:
    return list(Change.objects.for_system("what changed").filter(id__gt=last).values_list("id", "topic"))


listening = Listening()
