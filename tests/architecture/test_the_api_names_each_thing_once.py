"""What the API takes and hands out has one name each: of two with one name its description would show only one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

from ninja import Schema

from secondstory.site import api

KNOWN = "secondstory."


def test_no_two_schemas_share_a_name() -> None:
    assert api.api.urls, "every slice's addresses are loaded"
    places: dict[str, set[type]] = defaultdict(set)
    for schema in _schemas(Schema):
        for each in (schema, *_choices_in(schema)):
            places[each.__name__].add(each)
    shared = {name: found for name, found in places.items() if len(found) > 1}
    assert len(places) > 40
    assert not shared


def _schemas(parent: type[Any]) -> Iterator[type[Schema]]:
    for child in parent.__subclasses__():
        if child.__module__.startswith(KNOWN):
            yield child
        yield from _schemas(child)


def _choices_in(schema: type[Schema]) -> Iterator[type[Enum]]:
    for field in schema.model_fields.values():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, Enum):
                yield kind
