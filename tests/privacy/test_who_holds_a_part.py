"""Who reads a part once its author chose anew, once days ran out or a guest became a member; and who hears of a choice."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.clients import client_of
from tests.privacy.histories import PARTS, Happened
from tests.privacy.leak import everything_in, none_of, walked
from tests.privacy.rows import standing, system, words_in
from tests.privacy.told import everything_told
from tests.privacy.world import AUDIENCES, World

from secondstory.actions.models import Passage
from secondstory.live.models import Change
from secondstory.people.models import Person
from secondstory.reviews.models import Participation
from secondstory.sealing.seal import sealed
from secondstory.stories.audience_changes import Choice, choose_audience, renew
from secondstory.stories.beside_changes import mark, take_back
from secondstory.stories.changes import withdraw
from secondstory.stories.models import InterviewNote, Otherwise, Part, Perspective, Quote
from secondstory.stories.quoting import words_of
from secondstory.texts.models import Text

pytestmark = pytest.mark.django_db
# What stands in a part or was taken out of one; what was published goes as far as it was published.
OF_PARTS = (*PARTS, "laid", "otherwise", "asked", "confided", "idea", "quoted")
PUBLISHED = ("toparticipants", "toorganisation", "topublic")
OF_A_REVIEW: tuple[Any, ...] = (Part, Perspective, Otherwise, Quote, InterviewNote)
ASKED = "marmotcanary"
# What a quote may be signed with.
SIGNED = ("Ana", "on-call engineer")
# Whom the facilitator's level holds today, where that is not Bo.
FACILITATING = {"changed": {"cleo"}, "left": set[str]()}


def _after(world: World, name: str) -> Happened:
    return next(each for each in world.told if each.history.name == name)


def _held(world: World) -> list[Happened]:
    """Histories in which somebody besides the author holds something."""
    return [each for each in world.told if each.history.among]


def _part(happened: Happened, case: str) -> Part:
    found: Part = system(Part).get(review=happened.review, name=PARTS[case][0])
    return found


def _told(happened: Happened, person: Any) -> str:
    """All that somebody reads of the stories of a review, row by row."""
    review = happened.review
    texts = system(Part).filter(review=review).values("text_id")
    seen = [model.objects.visible_to(person).filter(review=review) for model in OF_A_REVIEW]
    seen += [Passage.objects.visible_to(person).filter(part__review=review)]
    seen += [Text.objects.visible_to(person).filter(pk__in=texts)]
    return " ".join(words_in(row) for found in seen for row in found)


def _wrongly(happened: Happened, who: str, person: Any, cases: tuple[str, ...], state: str) -> list[str]:
    """The words of these cases that somebody is still told."""
    told, name = _told(happened, person), happened.history.name
    walked.tried(f"rows of stories, {state}", who, name, AUDIENCES, 0)
    return [f"{who} is told {case} of {name}, {state}" for case in cases if happened.history.word(case) in told]


def _tries(change: Callable[[], Any]) -> None:
    """What is refused or breaks has changed nothing."""
    with contextlib.suppress(Exception), transaction.atomic():
        change()


@pytest.mark.parametrize("audience", ["me", "facilitator"])
def test_what_its_author_narrows_is_read_by_nobody_it_no_longer_holds(world: World, audience: str) -> None:
    there, people = _after(world, "there"), world.people()
    word = there.history.word("among")
    assert word in _told(there, people["cleo"])
    for part in system(Part).filter(review=there.review):
        _tries(partial(choose_audience, part.pk, by=world.cast.ana, choice=Choice(audience)))
    holding = {"ana"} | ({"bo"} if audience == "facilitator" else set())
    cases, state = (*OF_PARTS, *PUBLISHED), f"narrowed to {audience}"
    wrong = [each for who in set(people) - holding for each in _wrongly(there, who, people[who], cases, state)]
    for who, person in people.items():
        said = everything_in(words_of(there.review, person, _quotes(there)))
        wrong += [f"{who} is told by {name} of a quote that was taken back" for name in SIGNED if name in said]
    none_of(wrong)
    assert word in _told(there, people["ana"])


def _quotes(happened: Happened) -> list[str]:
    return list(system(Quote).filter(review=happened.review).values_list("pk", flat=True))


def test_whose_days_are_over_reads_nothing_that_is_not_their_own(world: World) -> None:
    wrong, people = [], world.people()
    for happened in _held(world):
        author = happened.history.author
        parts = system(Participation).filter(review=happened.review)
        parts.exclude(person=people[author]).update(until=timezone.now())
        interviewee = author if author == "sue" else "cleo"
        for who in set(people) - {author}:
            cases = (*OF_PARTS, "toparticipants", *(("heard",) if who != interviewee else ()))
            wrong += _wrongly(happened, who, people[who], cases, "after their days")
    none_of(wrong)


def test_a_guest_who_becomes_a_member_holds_nothing_as_a_guest(world: World) -> None:
    named = _after(world, "named")
    assert named.history.word("among") in _told(named, world.cast.gil)
    Person.objects.get_queryset().filter(pk=world.cast.gil.pk).update(is_guest=False)
    member = Person.objects.get_queryset().get(pk=world.cast.gil.pk)
    none_of(_wrongly(named, "gil", member, OF_PARTS, "a member since"))


def test_a_passage_that_was_only_asked_for_is_for_its_author_and_who_asked(world: World) -> None:
    """Whoever else holds the part is not told that anything was asked of it."""
    there, cast = _after(world, "there"), world.cast
    asked = _asked(there, cast.bo)
    seen = {who for who, each in world.people().items() if Perspective.objects.visible_to(each).filter(pk=asked.pk)}
    assert {"ana", "bo"} <= seen
    none_of(f"{who} sees what was only asked of ana" for who in seen - {"ana", "bo"})
    heard = _heard(world, lambda: mark(asked.pk, there.values["perspective_id"], by=cast.bo, says="adds"))
    none_of(f"{who} hears of what was only asked of ana" for who in heard - {"ana", "bo"})


def test_a_passage_stands_nowhere_before_its_author_says_yes(world: World) -> None:
    """Who asked is not shown it either: by its being gone they would be told of a no."""
    there = _after(world, "there")
    _asked(there, world.cast.bo)
    review_id, moment_id, lane_id = (there.values[name] for name in ("review_id", "moment_id", "lane_id"))
    replay = reverse("replay_lane", args=[review_id, lane_id])
    pages = (reverse("accounts", args=[review_id, moment_id]), reverse("timeline", args=[review_id]))
    wrong, laid = [], there.history.word("laid")
    for who in ("ana", "bo", "cleo"):
        client = client_of(world.people()[who])
        for page in (*pages, replay, f"/api{replay}"):
            told = everything_told(client.get(page, {"at": "2026-03-10T00:00:00Z"}))
            assert laid in told, page
            wrong += [f"{page} told {who} what was only asked for"] if ASKED in told else []
            walked.tried(page.replace(review_id, "").replace(lane_id, ""), who, "there", {ASKED: ()}, 0)
    none_of(wrong)


def _asked(happened: Happened, by: Any) -> Perspective:
    part = _part(happened, "among")
    asked = Perspective(review=happened.review, part=part, kind="saw", asked_by=by)
    asked.moment_id = happened.values["moment_id"]
    asked.stored = sealed(ASKED, asked.place(standing(part)))
    asked.save()
    return asked


def _heard(world: World, change: Callable[[], Any]) -> set[str]:
    """Who is told by a change to read again what they hold."""
    before = set(system(Change).values_list("pk", flat=True))
    with contextlib.suppress(Http404), transaction.atomic():
        change()
    topics = set(system(Change).exclude(pk__in=before).values_list("topic", flat=True))
    return {who for who, person in world.people().items() if f"held:{person.pk}" in topics}


def test_who_holds_nothing_hears_nothing_when_an_author_chooses(world: World) -> None:
    """Not even that something happened: a message at that time would tell it."""
    wrong = []
    for each in (each for each in world.told if each.history.name != "deleted"):
        history, author = each.history, world.people()[each.history.author]
        guided = history.guided | FACILITATING.get(history.name, {"bo"})
        among = history.among | history.taking - {"gil"}
        for case, those in (("guide", guided), ("among", among)):
            heard = _heard(world, partial(renew, _part(each, case).pk, by=author))
            assert history.author in heard
            wrong += [f"{who} hears of {case} of {history.name}" for who in heard - those - {history.author}]
            walked.tried("hearing of a choice", history.author, history.name, AUDIENCES, len(heard))
    none_of(wrong)


def test_who_held_a_part_before_does_not_hear_that_it_is_deleted(world: World) -> None:
    there, ana = _after(world, "there"), world.cast.ana
    for part in system(Part).filter(review=there.review):
        choose_audience(part.pk, by=ana, choice=Choice("facilitator"))
    heard = _heard(world, partial(withdraw, there.values["story_id"], by=ana))
    assert heard >= {"ana", "bo"}
    none_of(f"{who} hears of what was taken from them before" for who in heard - {"ana", "bo"})


def test_who_took_part_does_not_hear_that_an_account_is_deleted(world: World) -> None:
    there = _after(world, "there")
    system(Participation).filter(review=there.review, person=world.cast.bo).update(left_at=timezone.now())
    heard = _heard(world, partial(withdraw, there.values["story_id"], by=world.cast.ana))
    assert "ana" in heard
    none_of(f"{who} hears of what they hold no more" for who in heard & {"bo"})


def test_nobody_hears_of_a_no_to_what_was_only_asked_for(world: World) -> None:
    asked = _asked(_after(world, "there"), world.cast.bo)
    heard = _heard(world, partial(take_back, asked.pk, by=world.cast.ana))
    assert "ana" in heard
    none_of(f"{who} hears that ana said no" for who in heard - {"ana"})


def test_a_quote_is_signed_with_what_its_author_is_called_in_its_own_review(world: World) -> None:
    """What somebody is called elsewhere, or what another one is called, is told to nobody who reads it."""
    for part in system(Participation):
        system(Participation).filter(pk=part.pk).update(role_label=f"label {part.pk}")
    labels = dict(system(Participation).values_list("role_label", "pk"))
    wrong, rightly = [], 0
    for each in (each for each in world.told if each.history.name != "deleted"):
        author = world.people()[each.history.author]
        own = set(system(Participation).filter(review=each.review, person=author).values_list("role_label", flat=True))
        for who, person in world.people().items():
            said = everything_in(words_of(each.review, person, _quotes(each)))
            found = {label for label in labels if label in said}
            wrong += [f"{who} is told {label} by a quote of {each.history.name}" for label in found - own]
            rightly += len(found & own)
    none_of(wrong)
    assert rightly


def test_a_quote_says_nothing_in_another_review(world: World) -> None:
    """Not even that it was taken back: whoever knows its id would be told what became of it."""
    there = _after(world, "there")
    system(Quote).filter(review=there.review).update(stored="", withdrawn_at=timezone.now())
    wrong = []
    for who, person in world.people().items():
        assert words_of(there.review, person, _quotes(there))
        wrong += [f"{who} is told of {id_} elsewhere" for id_ in words_of(world.hidden, person, _quotes(there))]
    none_of(wrong)
