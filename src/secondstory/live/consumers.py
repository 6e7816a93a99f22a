"""The socket of one person. It carries ids; whoever hears one reads again as themselves."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.utils.crypto import constant_time_compare

from secondstory.live.offers import may_hear
from secondstory.live.rooms import listening

ABSENT = 4404
RECHECK_SECONDS = 1.0
MOST_TOPICS = 20


class PersonSocket(AsyncJsonWebsocketConsumer):
    """Subscribes to topics, hears that they changed, and is closed when its person may hear no more."""

    async def connect(self) -> None:
        self.topics: set[str] = set()
        self._watch: asyncio.Task[None] | None = None
        await self.accept()
        if not await self._still_signed_in():
            await self.close(ABSENT)
            return
        self._watch = asyncio.create_task(self._keep_checking())

    async def receive_json(self, content: Any, **_: Any) -> None:
        topic = str(content.get("hear", "")) if isinstance(content, dict) else ""
        if len(self.topics) >= MOST_TOPICS or not await self._may_hear(topic):
            await self.close(ABSENT)
            return
        self.topics.add(topic)
        listening.join(self, topic)

    async def tell(self, topic: str) -> None:
        """Passes on that a topic changed, after asking once more whether this person may know."""
        if await self._may_hear(topic):
            await self.send_json({"changed": [topic]})
        else:
            await self.close(ABSENT)

    async def disconnect(self, code: int) -> None:  # noqa: ARG002 - the same whatever the code
        listening.leave(self)
        if self._watch and self._watch is not asyncio.current_task():
            self._watch.cancel()

    async def _keep_checking(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            if not await self._still_allowed():
                await self.close(ABSENT)
                return

    async def _still_allowed(self) -> bool:
        if not await self._still_signed_in():
            return False
        return all([await self._may_hear(topic) for topic in list(self.topics)])

    @database_sync_to_async
    def _may_hear(self, topic: str) -> bool:
        user: Any = self.scope.get("user")
        person = get_user_model().objects.filter(pk=user.pk, is_active=True).first()
        return person is not None and may_hear(person, topic)

    @database_sync_to_async
    def _still_signed_in(self) -> bool:
        user: Any = self.scope.get("user")
        if user is None or not user.is_authenticated:
            return False
        session = import_module(settings.SESSION_ENGINE).SessionStore(self.scope["session"].session_key)
        person: Any = get_user_model().objects.filter(pk=user.pk, is_active=True).first()
        # A new password leaves other sessions where they are, but with the hash of the old one.
        proof = session.get(HASH_SESSION_KEY, "")
        return bool(
            person
            and session.get(SESSION_KEY) == str(person.pk)
            and constant_time_compare(proof, person.get_session_auth_hash())
        )
