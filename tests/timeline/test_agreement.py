"""Confirming the timeline, and differences that only their writer settles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.http import Http404
from tests.cast import HAPPENED, Cast

from secondstory.reviews.models import Review
from secondstory.timeline import agreement_changes, changes
from secondstory.timeline.differing import confirmations, mark_now
from secondstory.timeline.models import Agreement, Difference, Moment
from secondstory.timeline.rules import LONGEST, Refused, Row

ROW = Row(at=HAPPENED, what="Checkout answers slowly")
WORDS = "It was slow an hour before that for us."


@pytest.fixture
def moment(cast: Cast, review: Review) -> Moment:
    return changes.add(review, cast.ana, ROW)


@pytest.fixture
def difference(cast: Cast, moment: Moment) -> Difference:
    return agreement_changes.mark(moment.pk, cast.cleo, WORDS)


def standing(review: Review, person: Any) -> list[Difference]:
    """What the written review is told of."""
    return list(Difference.objects.visible_to(person).told().filter(review=review))


def mark(review: Review, person: Any) -> str:
    return mark_now(Moment.objects.visible_to(person).standing().filter(review=review))


@pytest.mark.parametrize("who", ["ana", "bo", "cleo", "gil"])
def test_whoever_takes_part_confirms_the_timeline_and_takes_it_back(
    cast: Cast, review: Review, moment: Moment, who: str
) -> None:
    person = getattr(cast, who)
    agreement_changes.confirm(review, person, mark(review, person))
    agreement_changes.confirm(review, person, mark(review, person))
    assert [each.person_id for each in confirmations(review, cast.ana)] == [person.pk]
    agreement_changes.take_back(review, person)
    assert not confirmations(review, cast.ana)


def test_a_timeline_that_one_has_not_seen_cannot_be_confirmed(cast: Cast, review: Review, moment: Moment) -> None:
    seen = mark(review, cast.cleo)
    changes.edit(moment.pk, cast.ana, replace(ROW, what="Checkout is down"), moment.version)
    with pytest.raises(agreement_changes.ChangedSince):
        agreement_changes.confirm(review, cast.cleo, seen)
    assert not confirmations(review, cast.ana)


def test_a_later_change_makes_a_confirmation_one_of_the_timeline_before(
    cast: Cast, review: Review, moment: Moment
) -> None:
    agreement_changes.confirm(review, cast.cleo, mark(review, cast.cleo))
    (before,) = confirmations(review, cast.ana)
    assert before.upto == mark(review, cast.ana)
    assert before.changed_at is None
    changes.remove(moment.pk, cast.ana)
    changes.put_back(moment.pk, cast.ana)
    (after,) = confirmations(review, cast.ana)
    assert after.upto != mark(review, cast.ana)
    assert after.changed_at > after.at


def test_a_difference_stands_in_its_writers_words_until_they_settle_it(
    cast: Cast, review: Review, moment: Moment, difference: Difference
) -> None:
    (told,) = standing(review, cast.ana)
    assert (told.moment_id, told.words, told.by_id, told.settled_at is None) == (moment.pk, WORDS, cast.cleo.pk, True)
    agreement_changes.ask(difference.pk, cast.bo)
    assert standing(review, cast.ana)[0].settled_at is None
    agreement_changes.settle(difference.pk, cast.cleo)
    assert not standing(review, cast.ana)
    agreement_changes.still_differs(difference.pk, cast.cleo)
    assert standing(review, cast.ana)[0].settled_at is None


def test_the_facilitator_keeps_both_accounts_and_may_open_it_again(
    cast: Cast, review: Review, difference: Difference
) -> None:
    agreement_changes.keep_both(difference.pk, cast.bo)
    (told,) = standing(review, cast.ana)
    assert (told.words, told.settled_at is None) == (WORDS, False)
    agreement_changes.open_again(difference.pk, cast.bo)
    assert standing(review, cast.ana)[0].settled_at is None


def test_the_facilitator_opens_nothing_again_that_its_writer_settled(
    cast: Cast, review: Review, difference: Difference
) -> None:
    agreement_changes.settle(difference.pk, cast.cleo)
    agreement_changes.open_again(difference.pk, cast.bo)
    agreement_changes.keep_both(difference.pk, cast.bo)
    assert not standing(review, cast.ana)


def test_other_words_answer_the_facilitators_question(cast: Cast, difference: Difference) -> None:
    agreement_changes.ask(difference.pk, cast.bo)
    again = agreement_changes.reword(difference.pk, cast.cleo, "Half an hour before.")
    assert (again.words, again.asked_at) == ("Half an hour before.", None)


def test_what_is_withdrawn_is_gone(cast: Cast, difference: Difference) -> None:
    agreement_changes.withdraw(difference.pk, cast.cleo)
    assert not Difference.objects.for_system("a test's question").exists()


WRITERS: dict[str, Callable[[str, Any], Any]] = {
    "settle": agreement_changes.settle,
    "still_differs": agreement_changes.still_differs,
    "withdraw": agreement_changes.withdraw,
    "reword": lambda pk, by: agreement_changes.reword(pk, by, "in other words"),
}
FACILITATORS = {
    "ask": agreement_changes.ask,
    "keep_both": agreement_changes.keep_both,
    "open_again": agreement_changes.open_again,
}


@pytest.mark.parametrize("deed", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("who", ["ana", "bo", "gil", "dov", "eve", "nobody"])
def test_nobody_but_its_writer_settles_or_changes_a_difference(
    cast: Cast, difference: Difference, who: str, deed: Callable[[str, Any], Any]
) -> None:
    with pytest.raises(Http404):
        deed(difference.pk, getattr(cast, who))
    difference.refresh_from_db()
    assert (difference.words, difference.settled_at) == (WORDS, None)


@pytest.mark.parametrize("deed", FACILITATORS.values(), ids=FACILITATORS)
@pytest.mark.parametrize("who", ["ana", "cleo", "gil", "dov", "eve", "nobody"])
def test_only_the_facilitator_asks_or_keeps_both(
    cast: Cast, difference: Difference, who: str, deed: Callable[[str, Any], Any]
) -> None:
    with pytest.raises(Http404):
        deed(difference.pk, getattr(cast, who))
    difference.refresh_from_db()
    assert (difference.asked_at, difference.settled_at) == (None, None)


@pytest.mark.parametrize("who", ["dov", "eve", "nobody"])
def test_for_everybody_else_agreement_is_absent(
    cast: Cast, review: Review, moment: Moment, difference: Difference, who: str
) -> None:
    person = getattr(cast, who)
    agreement_changes.confirm(review, cast.ana, mark(review, cast.ana))
    assert not standing(review, person)
    assert not confirmations(review, person)
    for deed in (
        lambda: agreement_changes.confirm(review, person, mark(review, cast.ana)),
        lambda: agreement_changes.take_back(review, person),
        lambda: agreement_changes.mark(moment.pk, person, "mine"),
    ):
        with pytest.raises(Http404):
            deed()
    assert Agreement.objects.for_system("a test's question").count() == 1


@pytest.mark.parametrize("words", ["", " \n ", "x" * (LONGEST + 1)])
def test_a_difference_needs_words_and_not_too_many(cast: Cast, moment: Moment, words: str) -> None:
    with pytest.raises(Refused):
        agreement_changes.mark(moment.pk, cast.ana, words)


def test_a_difference_on_a_moment_that_was_taken_out_is_not_told(
    cast: Cast, review: Review, moment: Moment, difference: Difference
) -> None:
    changes.remove(moment.pk, cast.ana)
    assert not standing(review, cast.ana)
