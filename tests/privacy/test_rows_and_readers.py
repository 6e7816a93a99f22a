"""Every table and every function that reads for a person, tried by everybody, whatever happened to them since."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from copy import copy
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from tests.privacy import readers, rows
from tests.privacy.extent import in_turn
from tests.privacy.histories import MEMBERS
from tests.privacy.leak import Leak, everything_in, none_of, walked
from tests.privacy.world import AUDIENCES, World

from secondstory.live import offers as rooms
from secondstory.live.models import Change
from secondstory.notify.models import Letter
from secondstory.reviews.models import Review
from secondstory.sealing.seal import opened
from secondstory.stories.audience_changes import Choice, choose_audience, renew
from secondstory.stories.models import Part

# Each test is taken back; the world stays for the next.
pytestmark = pytest.mark.django_db


def wrongly(told: str, who: str) -> set[str]:
    return {word for word, readers_ in AUDIENCES.items() if word in told and who not in readers_}


def rightly(told: str, who: str) -> int:
    return sum(word in told and who in readers_ for word, readers_ in AUDIENCES.items())


@pytest.mark.parametrize("model", rows.tables(), ids=lambda model: model.__name__)
def test_everybody_sees_exactly_the_rows_that_are_theirs(world: World, model: Any) -> None:
    everything = list(rows.system(model))
    expected = {row.pk: rows.may_see(world, model, row) for row in everything}
    wrong, lacking = [], []
    for who, person in world.people().items():
        seen = list(model._default_manager.visible_to(person))
        theirs = {pk for pk, those in expected.items() if who in those}
        told = "" if model.__name__ in rows.MORE_THAN_SHOWN else " ".join(rows.words_in(row) for row in seen)
        wrong += [f"{model.__name__} {row.pk} is seen by {who}" for row in seen if row.pk not in theirs]
        wrong += [f"{model.__name__} told {who} {word}" for word in wrongly(told, who)]
        lacking += [f"{who} lacks {model.__name__} {pk}" for pk in theirs - {row.pk for row in seen}]
        walked.tried(f"table {model.__name__}", who, "all", AUDIENCES, rightly(told, who))
    none_of(wrong)
    assert not lacking


def test_every_word_of_a_story_is_read_by_everybody_who_may(world: World) -> None:
    """The walk would notice: each word that somebody may read is read by each of them, row by row."""
    told: dict[str, str] = {}
    for who, person in world.people().items():
        seen = (row for model in rows.tables() for row in model._default_manager.visible_to(person))
        told[who] = " ".join(rows.words_in(row) for row in seen)
    unread = [
        f"{who} does not find {word}" for word, those in AUDIENCES.items() for who in those if word not in told[who]
    ]
    assert not unread


@pytest.mark.parametrize("change", [choose_audience, renew])
def test_nobody_but_its_author_chooses_who_holds_a_part(world: World, change: Any) -> None:
    wide = {"choice": Choice("quotable", guests=(world.cast.gil.pk,))} if change is choose_audience else {}
    wrong = []
    for each in world.told:
        for part in rows.system(Part).filter(review=each.review):
            for who, person in world.people().items():
                if who != each.history.author and _may(change, part.pk, by=person, **wide):
                    wrong.append(f"{who} widens {part.name} of {each.history.name}")
    none_of(wrong)


def _may(change: Any, part_id: str, **given: Any) -> bool:
    with transaction.atomic(), contextlib.suppress(Http404):
        change(part_id, **given)
        transaction.set_rollback(True)
        return True
    return False


OF_STORIES = {"Story", "Part", "Grant", "Perspective", "Contrast", "Otherwise", "Interview", "InterviewNote", "Text"}
PUBLISHED_WITH = {"Review", "Version", "Quote", "Delivery"}


def test_a_key_without_the_scope_of_stories_opens_none(world: World) -> None:
    """A key of somebody reads no story that its owner may read, unless it was made for that."""
    wrong = []
    for owner in (world.cast.ana, world.cast.bo, world.sue):
        key = copy(owner)
        key.may_open_stories = False
        for model in (each for each in rows.tables() if each.__name__ in OF_STORIES):
            told = " ".join(rows.words_in(row) for row in model._default_manager.visible_to(key))
            wrong += [
                f"{model.__name__} told a key {word}" for word in AUDIENCES if word.startswith("zz") and word in told
            ]
            walked.tried(f"table {model.__name__}", "a key", "all", AUDIENCES, 0)
    none_of(wrong)


def test_a_key_for_what_is_published_sees_nothing_of_the_workshop(world: World) -> None:
    key = copy(world.cast.bo)
    key.sees_only_published = True
    workshop = [each for each in rows.tables() if hasattr(each, "review_id") and each.__name__ not in PUBLISHED_WITH]
    seen = [(model, row) for model in workshop for row in model._default_manager.visible_to(key)]
    none_of(f"{model.__name__} {row.pk} is seen by a key" for model, row in seen)


def _answers(name: str, function: Any, world: World) -> Iterator[tuple[str, str, Review, str, str]]:
    full = [(world.hidden, "there"), (world.shown, "there")]
    told = [(each.review, each.history.name) for each in world.told]
    for who, person in world.people().items():
        for review, history in (*in_turn(full, name, who), *in_turn(told, name, who)):
            given = readers.given_to(function, world, review, person)
            if any(value is None for value in given.values()):
                continue
            # What breaks tells nothing; that it works for those it is for is shown by the pages.
            with contextlib.suppress(Http404, AttributeError, TypeError, StopIteration, NotImplementedError):
                known = everything_in(given)
                yield who, history, review, known, everything_in(readers.ask(function, given))


@pytest.mark.parametrize(
    ("name", "function"), list(readers.readers()), ids=lambda each: each if isinstance(each, str) else ""
)
def test_reading_for_somebody_tells_what_is_theirs(world: World, name: str, function: Any) -> None:
    wrong = []
    ids = ids_by_review(world)
    for who, history, review, known, told in _answers(name, function, world):
        wrong += [f"{name} told {who} {word}" for word in wrongly(told, who) if word not in known]
        if who not in world.taking()[review.pk]:
            new = {id_: label for id_, label in ids[review.pk].items() if id_ in told and id_ not in known}
            wrong += [f"{name} told {who} of {label} {id_}" for id_, label in new.items()]
        walked.tried(f"function {name}", who, history, AUDIENCES, rightly(told, who))
    none_of(wrong)


def ids_by_review(world: World) -> dict[str, dict[str, str]]:
    """Ids that nobody outside a review can know, except of what was published."""
    found: dict[str, dict[str, str]] = {review: {} for review in world.taking()}
    for model in rows.tables():
        if model.__name__ in {"Version", "Quote", "Delivery", "Story", "Part", "Interview", "InterviewNote", "Ranking"}:
            continue
        for row in rows.system(model):
            if getattr(row, "review_id", None) in found and isinstance(row.pk, str):
                found[row.review_id][row.pk] = model.__name__
    return found


def test_every_room_is_closed_to_who_may_not_hear(world: World) -> None:
    wrong = []
    for kind in rooms._rooms:
        for review, taking in world.taking().items():
            for who, person in world.people().items():
                heard = rooms.may_hear(person, f"{kind}:{review}")
                # That a quote was taken back is heard by everybody who reads what was published with it.
                reads = MEMBERS if kind == "quotes" and review == world.shown.pk else set()
                if heard and who not in taking | reads:
                    wrong.append(f"{kind}:{review} is heard by {who}")
                walked.tried(f"room {kind}", who, "all", AUDIENCES, 0)
        for other in world.people().values():
            for who, person in world.people().items():
                if rooms.may_hear(person, f"{kind}:{other.pk}") and other.pk != person.pk:
                    wrong.append(f"{kind} of {other} is heard by {who}")
    none_of(wrong)


def test_what_is_told_to_other_processes_is_ids(world: World) -> None:
    topics = [change.topic for change in rows.system(Change)]
    assert topics
    none_of(topic for topic in topics if any(word in topic for word in AUDIENCES) or " " in topic)


def test_no_letter_tells_anything(world: World) -> None:
    """Letters leave the house: a review needs you, a time, a link."""
    letters = list(rows.system(Letter))
    assert letters
    wrong = []
    for letter in letters:
        told = " ".join(
            opened(getattr(letter, f"sealed_{part}"), f"letter:{letter.pk}:{part}") for part in ("subject", "words")
        )
        wrong += [
            f"a letter tells {word}"
            for word in (*AUDIENCES, "Hidden", "Shown", "Told ")
            if word in f"{told} {letter.once}"
        ]
    none_of(wrong)


def test_a_leak_is_found_when_there_is_one() -> None:
    with pytest.raises(Leak, match="1 leaks"):
        none_of(["a word"])
