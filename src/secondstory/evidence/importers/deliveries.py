"""Files of webhook deliveries: one JSON object, an array of them, or one a line.

Each product says what fits it and what it tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

from pydantic_core import from_json

from secondstory.evidence.importers.clock import NO_TIME, SAY_A_DATE, Clock, exact_anchor
from secondstory.evidence.importers.containers import head_of, size_of
from secondstory.evidence.importers.json_stream import items
from secondstory.evidence.importers.json_window import Item, encoding_of, listed
from secondstory.evidence.importers.record import Choices, Problem, Record, Refused
from secondstory.evidence.importers.streamed import Streamed
from secondstory.evidence.importers.times import BadTime, bad_time, believable

Payload: TypeAlias = Mapping[str, Any]
MOST_HELD = 1_000


@dataclass(slots=True, frozen=True)
class Delivery:
    """One payload as it came; from a webhook also the event its header names and when it arrived."""

    payload: Payload
    raw: bytes
    where: str
    clock: Clock
    event: str = ""
    arrived: datetime | None = None

    def parts(self, key: str) -> Iterator[tuple[Payload, bytes]]:
        """The objects of one inner list with their exact bytes."""
        for value, raw in listed(self.raw, key) or _listed_anyhow(self, key):
            if isinstance(value, dict):
                yield value, raw


def _listed_anyhow(delivery: Delivery, key: str) -> Iterator[tuple[Any, bytes]]:
    found = items(BytesIO(delivery.raw), delivery.where, under=key)
    return ((item.value, item.raw) for item in found if isinstance(item, Item))


Telling: TypeAlias = Callable[[Delivery], Iterator[Record | Problem]]


@dataclass
class Deliveries(Streamed):
    """An importer for one product's deliveries. `fits` gives 0 to 100; `tell` may raise Refused for an old version."""

    name: str
    title: str
    fits: Callable[[Payload], int]
    tell: Telling
    lists: tuple[str, ...] = ()
    unwrap: Callable[[Delivery], Delivery] = field(default=lambda delivery: delivery)

    def recognises(self, path: Path, head: bytes) -> int:
        """How surely the first object in a file is this product's."""
        if path.is_dir():
            return 0
        first = first_object(head, self.lists)
        return self.fits(self.unwrap(Delivery(first, b"", "", Clock(Choices()))).payload) if first else 0

    def received(self, raw: bytes, choices: Choices, at: datetime, event: str = "") -> Iterator[Record | Problem]:
        """What one webhook delivery tells; the moment it arrived stands in for a time it lacks."""
        sample = Delivery({}, b"", "delivery", Clock(choices), event, at)
        found = self._tell_all(items(BytesIO(raw), "delivery", looks_right=self._mine), sample)
        for told in refused_if_empty(found):
            if isinstance(told, Problem) or choices.takes(told.place, told.reach, told.at):
                yield told
            else:
                yield Problem("delivery", "not a place or time that was chosen", "name private places one by one")

    def _mine(self, payload: Payload) -> bool:
        return self.fits(payload) > 0

    def everything(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        size_of(path)
        clock = Clock(choices)
        under = list_key(head_of(path), self.lists)
        with path.open("rb") as stream:
            sample = Delivery({}, b"", path.name, clock, arrived=exact_anchor(choices))
            yield from refused_if_empty(
                self._tell_all(items(stream, path.name, under=under, looks_right=self._mine), sample)
            )
        yield from clock.assumptions(path.name)

    def _tell_all(self, found: Iterator[Item | Problem], sample: Delivery) -> Iterator[Record | Problem]:
        for number, item in enumerate(found, 1):
            if isinstance(item, Problem):
                yield item
                continue
            where = f"{sample.where} item {number}"
            if isinstance(item.value, dict):
                yield from self._one(self.unwrap(replace(sample, payload=item.value, raw=item.raw, where=where)))
            else:
                yield Problem(where, f"not a {self.title} delivery", "")

    def _one(self, delivery: Delivery) -> Iterator[Record | Problem]:
        if not self.fits(delivery.payload):
            yield Problem(delivery.where, f"not a {self.title} delivery")
            return
        try:
            for told in self.tell(delivery):
                yield _checked(told, delivery.where)
        except Refused as refusal:
            yield Problem(delivery.where, refusal.what, refusal.do)
        except (TypeError, ValueError, AttributeError, KeyError, IndexError) as error:
            yield Problem(delivery.where, f"its fields are not what {self.title} sends ({type(error).__name__})")


def _checked(told: Record | Problem, where: str) -> Record | Problem:
    try:
        if isinstance(told, Record):
            believable(told.at)
    except BadTime as error:
        return bad_time(where, error)
    return told


def refused_if_empty(found: Iterator[Record | Problem]) -> Iterator[Record | Problem]:
    """Holds problems back until a record comes; with none at all the commonest problem refuses the whole file."""
    held: list[Problem] = []
    for told in found:
        if isinstance(told, Problem) and len(held) < MOST_HELD:
            held.append(told)
            continue
        yield from held
        yield told
        yield from found
        return
    if held:
        what, do = Counter((problem.what, problem.do) for problem in held).most_common(1)[0][0]
        raise Refused(what, do)
    raise Refused("there is nothing in it")


def no_time(delivery: Delivery) -> Problem:
    return Problem(delivery.where, NO_TIME, SAY_A_DATE)


def moment(delivery: Delivery, exact: tuple[object, ...], near: tuple[object, ...] = ()) -> datetime | None:
    """An event's own time; else when it arrived; else the newest time it mentions; else the day one named."""
    clock = delivery.clock
    return clock.first(*exact) or delivery.arrived or clock.newest(*near) or clock.day()


def text_of(head: bytes) -> str:
    encoding, mark = encoding_of(head)
    return head[mark:].decode(encoding, "ignore")


def first_value(head: bytes) -> object:
    """The first JSON value of a file, as far as its head shows it; None when it is no JSON."""
    text = text_of(head).lstrip()
    if not text.startswith(("{", "[")):
        return None
    try:
        return from_json(text, allow_partial=True)
    except ValueError:
        return None


def first_object(head: bytes, lists: tuple[str, ...] = ()) -> Payload:
    value = first_value(head)
    key = next((key for key in lists if isinstance(value, dict) and isinstance(value.get(key), list)), "")
    if key and isinstance(value, dict):
        value = value[key]
    if isinstance(value, list):
        value = next((element for element in value if isinstance(element, dict)), None)
    return value if isinstance(value, dict) else {}


def list_key(head: bytes, lists: tuple[str, ...]) -> str:
    """The key of the outermost object under which its records are listed, if there is one."""
    value = first_value(head) if lists else None
    return next((key for key in lists if isinstance(value, dict) and isinstance(value.get(key), list)), "")


def said(value: object) -> str:
    """A field as text, "" when it is absent or null."""
    return "" if value is None or isinstance(value, dict | list) else str(value)


def part(payload: Payload, *keys: str) -> Payload:
    """An inner object, empty when it is absent or something else."""
    for key in keys:
        inner = payload.get(key)
        if not isinstance(inner, dict):
            return {}
        payload = inner
    return payload


def titled(headline: str, body: object = "") -> str:
    """A headline with the body, if any, below it."""
    told = said(body).strip()
    return f"{headline}\n\n{told}" if told else headline
