"""Every function that reads for a person: it must tell no more than that person may know, whoever calls it.

Pages ask first whether somebody takes part, and then read; so the reading is tried here without that first question.
A new function joins by itself. If it asks for something that `_filled` does not know, the walk fails and says so.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from copy import copy
from datetime import timedelta
from importlib import import_module
from typing import Any

from tests.privacy.rows import system
from tests.privacy.world import World

import secondstory
from secondstory.evidence.models import Evidence
from secondstory.replay.reading import Stand
from secondstory.replay.rules import Told
from secondstory.reviews.models import Participation, Review
from secondstory.stories.models import Interview, Part, Quote
from secondstory.texts.asking import Place
from secondstory.texts.models import LetStand, Text
from secondstory.timeline.models import Lane, Moment, Ranking
from secondstory.timeline.triage_filter import TriageFilter
from secondstory.writing.document import Document
from secondstory.writing.document import Part as WrittenPart
from secondstory.writing.models import Section

LOOKERS = {"person", "viewer", "reader", "user"}
# Commands, writes and pages are walked by other means; the demo tells nobody's story.
ELSEWHERE = {"cli", "demo", "site", "importers", "migrations"}
OTHER_ENDINGS = ("views", "changes", "api", "urls", "apps", "__main__", "consumers")
# Functions that answer a question about the person who looks, not about anything that somebody wrote.
ABOUT_ONESELF = {
    "people.models.is_member",
    "people.models.addresses_of",
    "people.models.unshared_sealed",
    "stories.parts.may_open_stories",
    "stories.parts.unshared_sealed",
    "reviews.taking_part.takes_part",
}
# Rows that `as_told_to` tells a guest with roles in place of handles; what comes of them is walked as a page.
NOT_YET_TOLD = {"replay.reading.lines_of", "replay.reading.readable", "timeline.crowding.crowd_of"}


def readers() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Name and function."""
    for found in pkgutil.walk_packages(secondstory.__path__, "secondstory."):
        parts = found.name.split(".")
        if ELSEWHERE & set(parts) or parts[-1].endswith(OTHER_ENDINGS):
            continue
        module = import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            full = f"{found.name.removeprefix('secondstory.')}.{name}"
            own = (
                function.__module__ == found.name
                and not name.startswith("_")
                and full not in ABOUT_ONESELF | NOT_YET_TOLD
            )
            if own and LOOKERS & set(inspect.signature(function).parameters):
                yield full, function


def given_to(function: Callable[..., Any], world: World, review: Review, person: Any) -> dict[str, Any]:
    """What the function is called with, as somebody who knows the ids would call it."""
    parameters = inspect.signature(function).parameters.values()
    wanted = [each for each in parameters if each.default is inspect.Parameter.empty or each.name in LOOKERS]
    return {each.name: person if each.name in LOOKERS else _filled(each, world, review) for each in wanted}


def ask(function: Callable[..., Any], given: dict[str, Any]) -> Any:
    """Calls it; what it takes any number of comes last."""
    parameters = inspect.signature(function).parameters.values()
    if any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in parameters):
        *first, rest = given.values()
        return function(*first, *rest)
    return function(**given)


def _filled(parameter: inspect.Parameter, world: World, review: Review) -> Any:
    name = "time" if parameter.name == "at" and "datetime" in str(parameter.annotation) else parameter.name
    if name not in FILLS:
        message = f"readers.py does not know what to give for {parameter}"
        raise LookupError(message)
    return FILLS[name](world, review)


def _bare(row: Any) -> Any:
    """The row without its words: what is then told was read anew."""
    if row is None:
        return None
    bare = copy(row)
    for field in row._meta.concrete_fields:
        if field.get_internal_type() in {"CharField", "TextField"} and not field.primary_key and not field.choices:
            setattr(bare, field.attname, "")
    return bare


def _first(model: Any) -> Callable[[World, Review], Any]:
    return lambda _world, review: _bare(system(model).filter(review=review).first())


def _ids(model: Any) -> Callable[[World, Review], Any]:
    return lambda _world, review: list(system(model).filter(review=review).values_list("pk", flat=True))


def _placed(review: Review) -> str:
    """A text in which somebody placed every quote there is."""
    return "\n\n".join(f"[quote:{id_}]" for id_ in _ids(Quote)(None, review))  # type: ignore[arg-type]


def _document(review: Review) -> Document:
    placed = (WrittenPart("summary", "", _placed(review)),)
    return Document(kind="incident", title="", happened_at=review.happened_at.isoformat(), parts=placed)


def _told(moment: Moment) -> Told:
    return Told(moment.at, moment.when, "", own=True)


def _texts_of(world: World, review: Review) -> list[Text]:
    """Of a story where there is one, else of a section; the last is one whose author let wording stand."""
    told = next((each for each in world.told if each.review.pk == review.pk), None)
    model: Any = Part if told else Section
    rows = system(model).filter(review=review).select_related("text").order_by("pk")
    stood = set(system(LetStand).exclude(text=None).values_list("text_id", flat=True))
    return sorted((row.text for row in rows), key=lambda text: text.pk in stood)


FILLS: dict[str, Callable[[World, Review], Any]] = {
    "review": lambda _world, review: _bare(review),
    "review_id": lambda _world, review: review.pk,
    "reviews": lambda _world, review: [review.pk],
    "moment": _first(Moment),
    "lane": _first(Lane),
    "line": _first(Evidence),
    "interview": _first(Interview),
    "part": _first(Participation),
    "parts": lambda _world, review: [_bare(each) for each in system(Part).filter(review=review)],
    "moment_ids": _ids(Moment),
    "moment_id": lambda world, review: world.inside.get(review.pk, {}).get("moment_id", ""),
    "import_id": lambda world, review: world.inside.get(review.pk, {}).get("import_id", ""),
    "ids": _ids(Quote),
    "texts": lambda _world, review: [_placed(review)],
    "rows": lambda _world, review: [_bare(each) for each in system(Evidence).filter(review=review)],
    "numbers": lambda _world, _review: [1, 2, 3],
    "number": lambda _world, _review: 1,
    "words": lambda _world, _review: "",
    "at": lambda _world, review: f"/reviews/{review.pk}/",
    "topic": lambda _world, review: f"review:{review.pk}",
    "given": lambda _world, _review: {},
    "facilitates": lambda _world, _review: True,
    "after": lambda _world, _review: "",
    "before": lambda _world, _review: "",
    "document": lambda _world, review: _document(review),
    "form": lambda _world, _review: TriageFilter({"show": "all"}, ranking=Ranking()),
    "time": lambda _world, review: review.happened_at + timedelta(days=1),
    "way": lambda _world, _review: "next",
    "lane_id": lambda _world, review: system(Lane).filter(review=review).first().pk,
    "moments": lambda _world, review: {each.pk: _told(each) for each in system(Moment).filter(review=review)},
    "stand": lambda _world, review: Stand(_first(Lane)(_world, review), {}, [], []),
    "names": lambda _world, _review: defaultdict(str),
    "notes": lambda _world, _review: {},
    # One who knows the id of a text, though it is somebody else's.
    "text_id": lambda world, review: _texts_of(world, review)[0].pk,
    "place": lambda world, review: Place(_texts_of(world, review)[-1], "", {}),
    "text_ids": lambda world, review: [each.pk for each in _texts_of(world, review)],
    "sections": lambda _world, review: [_bare(each) for each in system(Section).filter(review=review)],
    "about": lambda _world, review: review.pk,
    "window": lambda _world, review: (review.happened_at - timedelta(days=1), review.happened_at + timedelta(days=1)),
}
