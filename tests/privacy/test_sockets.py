"""What an open socket lets somebody hear: that something changed where they may read, and for as long as they may."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from tests.privacy.histories import MEMBERS
from tests.privacy.leak import none_of, walked
from tests.privacy.rows import system
from tests.privacy.world import AUDIENCES, World

from secondstory.live import offers as rooms
from secondstory.live.consumers import RECHECK_SECONDS, PersonSocket
from secondstory.people.models import Person
from secondstory.reviews.models import Participation

pytestmark = pytest.mark.django_db
SOON = RECHECK_SECONDS * 2.5


@pytest.fixture(scope="module")
def clients(world: World) -> dict[str, Client]:
    clients = {name: Client() for name in world.people()}
    for name, person in world.people().items():
        if person.is_authenticated:
            clients[name].force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return clients


class Heard:
    """A socket of somebody, and all that was sent over it."""

    def __init__(self, person: Any, client: Client) -> None:
        self.sent: list[str] = []
        self.socket = PersonSocket()
        self.socket.scope = {"type": "websocket", "user": person, "session": client.session}  # type: ignore[typeddict-item]
        self.socket.base_send = self.send  # type: ignore[assignment, unused-ignore]

    async def send(self, message: Any) -> None:
        self.sent.append(str(message))

    async def hears(self, topic: str) -> bool:
        """Whether who asks to hear of it is let stay, and then told when it changed."""
        await self.socket.connect()
        await self.socket.receive_json({"hear": topic})
        await self.socket.tell(topic)
        await self.socket.disconnect(1000)
        return any("changed" in each for each in self.sent) or not self.closed

    @property
    def closed(self) -> bool:
        return any("websocket.close" in each for each in self.sent)


def test_nobody_hears_of_a_review_that_they_do_not_take_part_in(world: World, clients: dict[str, Client]) -> None:
    wrong = []
    for review, taking in world.taking().items():
        for who, person in world.people().items():
            heard = async_to_sync(Heard(person, clients[who]).hears)(f"review:{review}")
            wrong += [f"{who} hears of review {review}"] if heard and who not in taking else []
            assert heard or who not in taking
            walked.tried("socket", who, "all", AUDIENCES, 0)
    none_of(wrong)


def test_nobody_hears_in_any_room_what_is_not_theirs(world: World, clients: dict[str, Client]) -> None:
    wrong = []
    for who in [*sorted(MEMBERS - {"ana", "bo", "cleo"}), "nobody"]:
        for kind in rooms._rooms:
            for id_ in (world.hidden.pk, world.cast.ana.pk, world.inside[world.hidden.pk]["import_id"]):
                heard = async_to_sync(Heard(world.people()[who], clients[who]).hears)(f"{kind}:{id_}")
                wrong += [f"{who} hears {kind}:{id_}"] if heard else []
    none_of(wrong)


def test_a_socket_closes_on_who_may_hear_no_more(world: World, clients: dict[str, Client]) -> None:
    """Who left, who was signed out, who was blocked; who may still hear is let stay."""
    left_open = async_to_sync(_who_stays)(world, clients)
    none_of(f"{who} goes on hearing" for who in left_open & {"bo", "cleo", "gil"})
    assert left_open == {"ana"}


async def _who_stays(world: World, clients: dict[str, Client]) -> set[str]:
    heard = {who: await sync_to_async(Heard)(world.people()[who], clients[who]) for who in ("ana", "bo", "cleo", "gil")}
    for each in heard.values():
        await each.socket.connect()
        await each.socket.receive_json({"hear": f"review:{world.hidden.pk}"})
        assert not each.closed
    await sync_to_async(_shut_out)(world, clients)
    await asyncio.sleep(SOON)
    for each in heard.values():
        await each.socket.disconnect(1000)
    return {who for who, each in heard.items() if not each.closed}


def _shut_out(world: World, clients: dict[str, Client]) -> None:
    part = system(Participation).filter(review=world.hidden, person=world.cast.cleo)
    part.update(left_at=timezone.now())
    Session.objects.filter(pk=clients["bo"].session.session_key).delete()
    Person.objects.filter(pk=world.cast.gil.pk).update(is_active=False)
