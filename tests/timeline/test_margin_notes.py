from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone
from tests.cast import Cast

from secondstory.reviews.changes import close
from secondstory.reviews.models import Participation, Review
from secondstory.reviews.signals import person_left
from secondstory.texts.models import Snapshot, Text
from secondstory.timeline import changes, margin_changes
from secondstory.timeline.models import MarginNote, Moment
from secondstory.timeline.rules import Row

WORDS = "Ask about the pager, gently"


@pytest.fixture
def moment(cast: Cast, review: Review) -> Moment:
    return changes.add(review, cast.ana, Row(at=review.happened_at, what="Alert"))


@pytest.fixture
def note(cast: Cast, review: Review, moment: Moment) -> MarginNote:
    return margin_changes.begin_note(review, cast.bo, moment.pk, WORDS)


def second_facilitator(cast: Cast, review: Review) -> None:
    parts = Participation.objects.for_system("a test's setting").filter(review=review, person=cast.cleo)
    parts.update(duty=Participation.Duty.FACILITATOR, accepted_at=timezone.now())


def there() -> tuple[int, int]:
    notes = MarginNote.objects.for_system("a test's question").count()
    return notes, Text.objects.for_system("a test's question").filter(kind="margin").count()


def test_its_writer_reads_a_margin_note_beside_the_moment(
    cast: Cast, review: Review, note: MarginNote, signed_in: Any
) -> None:
    client = signed_in(cast.bo)
    assert WORDS in client.get(f"/reviews/{review.pk}/timeline").content.decode()
    assert client.get(f"/texts/{note.text_id}").status_code == 200


@pytest.mark.parametrize("who", ["ana", "cleo", "gil", "dov", "eve"])
def test_nobody_else_can_tell_that_it_exists(
    cast: Cast, review: Review, moment: Moment, note: MarginNote, signed_in: Any, who: str
) -> None:
    second_facilitator(cast, review)
    person = getattr(cast, who)
    client = signed_in(person)
    assert WORDS not in client.get(f"/reviews/{review.pk}/timeline").content.decode()
    assert client.get(f"/texts/{note.text_id}").status_code == 404
    assert client.put(f"/texts/{note.text_id}", {"body": "x", "version": 1}, "application/json").status_code == 404
    assert client.post(f"/reviews/{review.pk}/timeline/notes/{note.pk}/remove").status_code == 404
    assert not MarginNote.objects.visible_to(person).exists()
    assert there() == (1, 1)


@pytest.mark.parametrize("who", ["ana", "gil", "dov", "nobody"])
def test_only_a_facilitator_begins_one(cast: Cast, review: Review, moment: Moment, who: str) -> None:
    with pytest.raises(Http404):
        margin_changes.begin_note(review, getattr(cast, who), moment.pk)


def test_two_facilitators_each_have_their_own(cast: Cast, review: Review, moment: Moment, note: MarginNote) -> None:
    second_facilitator(cast, review)
    other = margin_changes.begin_note(review, cast.cleo, moment.pk)
    assert other != note
    assert list(MarginNote.objects.visible_to(cast.bo)) == [note]


def test_beginning_twice_is_one_note(cast: Cast, review: Review, moment: Moment, note: MarginNote) -> None:
    assert margin_changes.begin_note(review, cast.bo, moment.pk) == note


def test_it_keeps_no_history(note: MarginNote) -> None:
    assert not Snapshot.objects.for_system("a test's question").filter(text=note.text_id).exists()


def test_it_is_gone_with_its_words_when_the_review_closes(cast: Cast, review: Review, note: MarginNote) -> None:

    close(review, by=cast.bo)
    assert there() == (0, 0)


def test_the_sweep_finds_what_another_way_of_closing_left(cast: Cast, review: Review, note: MarginNote) -> None:
    Review.objects.for_system("a test's setting").filter(pk=review.pk).update(stage=Review.Stage.CLOSED)
    assert not MarginNote.objects.visible_to(cast.bo).exists()
    margin_changes.forget_notes_of_closed_reviews()
    assert there() == (0, 0)


def test_who_leaves_leaves_no_notes_behind(cast: Cast, review: Review, note: MarginNote) -> None:
    person_left.send(sender=None, review_id=review.pk, person_id=cast.bo.pk)
    assert there() == (0, 0)


def test_who_no_longer_facilitates_no_longer_reads_theirs(cast: Cast, review: Review, note: MarginNote) -> None:
    parts = Participation.objects.for_system("a test's setting").filter(review=review, person=cast.bo)
    parts.update(duty=Participation.Duty.PARTICIPANT)
    assert not MarginNote.objects.visible_to(cast.bo).exists()
    assert not Text.objects.visible_to(cast.bo).filter(pk=note.text_id).exists()


def test_its_writer_can_delete_it(cast: Cast, note: MarginNote) -> None:
    margin_changes.remove_note(note.pk, cast.bo)
    assert there() == (0, 0)
