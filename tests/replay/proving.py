"""The proof for one generated review: every byte of every answer against the generator's own oracle."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.test import Client
from tests.replay.generating import FORM, Generator, World, at, times

from secondstory.live.models import Change
from secondstory.people.models import Person
from secondstory.replay.asking import written
from secondstory.reviews.record_changes import touched

CANARY = re.compile(FORM)
HEARD = re.compile(rb'data-live="([^"]*)"')
# Where a step leads is checked by going there; from every twentieth time, since each is a request of its own.
STEP_EVERY = 20
WAYS = ("next", "decision", "decision-before", "minute", "back-ten")


@dataclass(slots=True)
class Tally:
    """What was tried and found."""

    tried: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class People:
    """The facilitator who looks, those who tell stories, and a browser signed in as the first."""

    viewer: Person
    authors: list[Person]
    client: Client


def people() -> People:
    viewer = Person.objects.create_user("looks@lantern.example", "a long enough password", name="Looks")
    authors = [
        Person.objects.create_user(f"tells{n}@lantern.example", "a long enough password", name=f"Tells {n}")
        for n in range(4)
    ]
    client = Client()
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")
    return People(viewer, authors, client)


def prove(seed: int, who: People, tally: Tally, count: int = 20) -> None:
    """Makes a review, looks at it from every lane at `count` times, and leaves nothing behind."""
    with transaction.atomic():
        world = Generator(seed, who.viewer, who.authors).world()
        tally.tried["reviews"] += 1
        tally.tried["canaries"] += len(world.canaries)
        for lane in range(len(world.lanes)):
            _lane(seed, world, lane, who, tally, count)
        _sockets(world, tally)
        _without_what_came_later(seed, world, who, tally)
        transaction.set_rollback(True)


def _lane(seed: int, world: World, lane: int, who: People, tally: Tally, count: int) -> None:
    tally.tried["lanes"] += 1
    page, api = _addresses(world, lane)
    for number, time in enumerate(times(seed * 10 + lane, count)):
        expected = world.expected(lane, time)
        tally.tried["times"] += 1
        tally.tried["canaries known then"] += len(expected)
        tally.tried["canaries not known then"] += len(world.canaries) - len(expected)
        for kind, address in (("pages", f"{page}?at={written(time)}"), ("JSON answers", f"{api}?at={written(time)}")):
            _look(kind, who.client.get(address), expected, tally, f"seed {seed} lane {lane} {time} {address}")
        if number % STEP_EVERY == 1:
            part = who.client.get(f"{page}?at={written(time)}&part=accounts")
            _told_only("parts of pages", part, expected & world.passages, tally, f"seed {seed} {time}")
        if number % STEP_EVERY == 0:
            _steps(world, lane, f"{page}?at={written(time)}", who, tally)


def _look(kind: str, answer: Any, expected: set[str], tally: Tally, where: str) -> None:
    _told_only(kind, answer, expected, tally, where)
    heard = {topic for topics in HEARD.findall(answer.content) for topic in topics.decode().split()}
    if any(not topic.startswith(("held:", "review:")) or CANARY.search(topic.encode()) for topic in heard):
        tally.wrong.append(f"{where}: the page hears {heard}")


def _told_only(kind: str, answer: Any, expected: set[str], tally: Tally, where: str) -> None:
    tally.tried[kind] += 1
    tally.tried["bytes"] += len(answer.content)
    told, headers = answer.content, repr(answer.headers).encode() + str(answer.cookies).encode()
    found = {word.decode() for word in CANARY.findall(told)}
    if answer.status_code != 200 or found != expected or CANARY.search(headers) or b"resolved since" in told:
        early, missing = sorted(found - expected), sorted(expected - found)
        tally.wrong.append(f"{kind} {where}: {answer.status_code}, too early {early}, missing {missing}")


def _steps(world: World, lane: int, address: str, who: People, tally: Tally) -> None:
    """A redirect says a time and no more; the page it leads to obeys that time."""
    for way in WAYS:
        answer = who.client.get(f"{address}&to={way}")
        tally.tried["steps"] += 1
        if answer.status_code == 302:
            place = answer.headers["Location"]
            if CANARY.search(place.encode() + answer.content + repr(answer.headers).encode()):
                tally.wrong.append(f"{address} to {way}: the way there tells")
            answer = who.client.get(place)
        there = answer.context["seen"].at
        _look("pages", answer, world.expected(lane, there), tally, f"{address} to {way}")


def _sockets(world: World, tally: Tally) -> None:
    """What a socket that hears the review is sent when it changes: topics, as the socket writes them."""
    touched(world.review)
    for topic in Change.objects.for_system("what sockets are told").values_list("topic", flat=True):
        tally.tried["socket messages"] += 1
        if CANARY.search(json.dumps({"changed": [topic]}).encode()):
            tally.wrong.append(f"a socket is told {topic}")


def _without_what_came_later(seed: int, world: World, who: People, tally: Tally) -> None:
    """The stronger proof: with everything later deleted, page and JSON are the same to the byte."""
    lane = seed % len(world.lanes)
    time = at((seed * 37) % 120)
    addresses = [f"{address}?at={written(time)}" for address in _addresses(world, lane)]
    before = [who.client.get(address) for address in addresses]
    tally.tried["items deleted"] += world.forget_what_comes_after(lane, time)
    for address, answer in zip(addresses, before, strict=True):
        tally.tried["compared to the byte"] += 1
        again = who.client.get(address)
        if (again.content, _headers(again)) != (answer.content, _headers(answer)):
            tally.wrong.append(f"seed {seed}: {address} differs when nothing comes after")


def _headers(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "Content-Security-Policy"}


def _addresses(world: World, lane: int) -> tuple[str, str]:
    address = f"/reviews/{world.review.pk}/replay/{world.lanes[lane].pk}"
    return address, f"/api{address}"
