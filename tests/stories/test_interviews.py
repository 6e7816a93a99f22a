from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.cast import Cast
from tests.stories.telling import part_of, told

from secondstory.reviews import people_changes
from secondstory.reviews.models import Participation, Review
from secondstory.reviews.people_changes import Joining
from secondstory.sealing.keys import KeyMissing
from secondstory.stories import interview_changes
from secondstory.stories.models import Interview, InterviewNote, Part
from secondstory.texts import changes as texts
from secondstory.texts.models import Snapshot, Text

SYSTEM = "looking at rows in a test"
SAID = "She said the page came at noon."


def noted(review: Review, cast: Cast, name: str = "saw") -> InterviewNote:
    interview = interview_changes.begin_interview(review, cast.ana.pk, by=cast.bo)
    note = InterviewNote.objects.visible_to(cast.bo).select_related("text").get(interview=interview, name=name)
    texts.save(note.text_id, SAID, note.text.version, cast.bo)
    return note


def test_the_two_who_talked_read_it_from_the_first_word_and_nobody_else(cast: Cast, review: Review) -> None:
    note = noted(review, cast)
    readers = {n for n, p in cast.everyone().items() if Text.objects.visible_to(p).filter(pk=note.text_id)}
    assert readers == {"ana", "bo"}
    assert Text.objects.visible_to(cast.ana).get(pk=note.text_id).body == SAID
    assert "noon" not in Text.objects.for_system(SYSTEM).get(pk=note.text_id).stored


def test_the_interviewee_changes_what_was_written(cast: Cast, review: Review) -> None:
    note = noted(review, cast)
    texts.save(note.text_id, "I said one o'clock.", 1, cast.ana)
    assert Text.objects.visible_to(cast.bo).get(pk=note.text_id).body == "I said one o'clock."


def test_confirming_makes_it_the_interviewees_own_draft_and_ends_the_other_copy(cast: Cast, review: Review) -> None:
    note = noted(review, cast)
    told(review, cast.ana, name="saw", words="I was there.")
    for person in (cast.bo, cast.cleo, cast.eve):
        with pytest.raises(Http404):
            interview_changes.confirm(note.interview_id, by=person)
    interview_changes.confirm(note.interview_id, by=cast.ana)
    part = part_of(cast.ana, name="saw")
    assert part.text.body == f"I was there.\n\n{SAID}"
    assert part.audience == "me"
    assert not Part.objects.visible_to(cast.bo).exists()
    assert not Interview.objects.for_system(SYSTEM).exists()
    assert not Text.objects.for_system(SYSTEM).filter(kind="interview").exists()


@pytest.mark.parametrize("who", ["ana", "bo"])
def test_withdrawing_leaves_nothing_of_it(cast: Cast, review: Review, who: str) -> None:
    note = noted(review, cast)
    interview_changes.withdraw(note.interview_id, by=getattr(cast, who))
    assert not Interview.objects.for_system(SYSTEM).exists()
    assert not Text.objects.for_system(SYSTEM).filter(pk=note.text_id).exists()
    assert not Snapshot.objects.for_system(SYSTEM).filter(text_id=note.text_id).exists()


def test_notes_moved_to_another_interview_do_not_open(cast: Cast, review: Review) -> None:
    note = noted(review, cast)
    other = interview_changes.begin_interview(review, cast.cleo.pk, by=cast.bo)
    InterviewNote.objects.for_system(SYSTEM).filter(interview=other, name="saw").delete()
    InterviewNote.objects.for_system(SYSTEM).filter(pk=note.pk).update(interview=other)
    with pytest.raises(KeyMissing):
        Text.objects.visible_to(cast.cleo).get(pk=note.text_id).body  # noqa: B018 - reading is what is tried


def test_only_who_decides_begins_one_and_only_of_somebody_who_takes_part(cast: Cast, review: Review) -> None:
    for by, person in ((cast.cleo, cast.ana), (cast.eve, cast.ana), (cast.bo, cast.dov)):
        with pytest.raises(Http404):
            interview_changes.begin_interview(review, person.pk, by=by)


def leave_and_come_back(cast: Cast, review: Review) -> None:
    people_changes.leave(review, by=cast.bo)
    people_changes.add_people(review, by=cast.cleo, people=[Joining(cast.bo, duty="facilitator")])
    people_changes.accept_to_facilitate(review, by=cast.bo)


def stop_facilitating(cast: Cast, review: Review) -> None:
    own = Participation.objects.visible_to(cast.bo).get(review=review, person=cast.bo)
    people_changes.change_part(own, by=cast.cleo, role_label="", duty="participant", involved=False)


def stop_and_facilitate_again(cast: Cast, review: Review) -> None:
    stop_facilitating(cast, review)
    own = Participation.objects.visible_to(cast.bo).get(review=review, person=cast.bo)
    people_changes.change_part(own, by=cast.cleo, role_label="", duty="facilitator", involved=False)
    people_changes.accept_to_facilitate(review, by=cast.bo)


@pytest.mark.parametrize("away", [leave_and_come_back, stop_facilitating, stop_and_facilitate_again])
def test_who_leaves_the_role_they_asked_in_reads_the_notes_no_more_also_when_they_come_back(
    cast: Cast, review: Review, signed_in: Any, away: Callable[[Cast, Review], None]
) -> None:
    note = noted(review, cast)
    rows = Participation.objects.for_system(SYSTEM).filter(review=review, person=cast.cleo)
    rows.update(duty="facilitator", accepted_at=timezone.now())
    here = reverse("interview", args=[review.pk, note.interview_id])
    bo, ana = signed_in(cast.bo), signed_in(cast.ana)
    assert SAID in bo.get(here).content.decode()
    away(cast, review)
    assert bo.get(here).status_code == 404
    assert bo.post(reverse("interview_withdraw", args=[review.pk, note.interview_id])).status_code == 404
    assert not Text.objects.visible_to(cast.bo).filter(pk=note.text_id)
    assert note.interview_id not in bo.get(reverse("stories", args=[review.pk])).content.decode()
    assert SAID in ana.get(here).content.decode()


def test_a_new_conversation_has_notes_of_its_own(cast: Cast, review: Review) -> None:
    note = noted(review, cast)
    rows = Participation.objects.for_system(SYSTEM).filter(review=review, person=cast.cleo)
    rows.update(duty="facilitator", accepted_at=timezone.now())
    leave_and_come_back(cast, review)
    again = interview_changes.begin_interview(review, cast.ana.pk, by=cast.bo)
    assert list(Interview.objects.visible_to(cast.bo)) == [again]
    assert {each.pk for each in Interview.objects.visible_to(cast.ana)} == {note.interview_id, again.pk}
    interview_changes.confirm(note.interview_id, by=cast.ana)
    assert part_of(cast.ana, name="saw").text.body == SAID


def test_a_creator_who_waits_for_a_facilitator_writes_no_conversation_down(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    """The notes would not be theirs to read once somebody accepts."""
    Participation.objects.for_system(SYSTEM).filter(review=review, person=cast.bo).update(duty="participant")
    assert Review.objects.visible_to(cast.bo).decided_by(cast.bo).filter(pk=review.pk)
    with pytest.raises(Http404):
        interview_changes.begin_interview(review, cast.ana.pk, by=cast.bo)
    page = signed_in(cast.bo).get(reverse("stories_people", args=[review.pk])).content.decode()
    assert "Ask those chosen" in page
    assert "Write down a conversation" not in page


def test_pasted_words_of_the_notes_are_recognised_for_who_took_them(cast: Cast, review: Review, signed_in: Any) -> None:
    note = noted(review, cast)
    texts.save(note.text_id, "She said that the page came at noon, and not before.", 1, cast.ana)
    address, pasted = reverse("stories_confided", args=[review.pk]), {"words": "that the page came at noon and not"}
    asked = {who: signed_in(getattr(cast, who)).post(address, pasted).status_code for who in ("bo", "ana", "cleo")}
    assert asked == {"bo": 200, "ana": 204, "cleo": 204}


def test_the_pages_of_an_interview(cast: Cast, review: Review, signed_in: Any) -> None:
    bo, ana = signed_in(cast.bo), signed_in(cast.ana)
    bo.post(reverse("interview_begin", args=[review.pk]), {"person": cast.ana.pk})
    interview = Interview.objects.for_system(SYSTEM).get()
    here = reverse("interview", args=[review.pk, interview.pk])
    assert b"It is as I told it" in ana.get(here).content
    assert b"It is as I told it" not in bo.get(here).content
    for who in (cast.cleo, cast.dov, cast.eve, cast.gil):
        assert signed_in(who).get(here).status_code == 404
    assert b"notes of a conversation with you" in ana.get(reverse("story", args=[review.pk])).content
    ana.post(reverse("interview_withdraw", args=[review.pk, interview.pk]))
    assert ana.get(here).status_code == 404


def test_who_left_still_reads_and_withdraws_what_was_noted_of_them(cast: Cast, review: Review, signed_in: Any) -> None:
    note = noted(review, cast)
    people_changes.leave(review, by=cast.ana)
    ana, bo = signed_in(cast.ana), signed_in(cast.bo)
    assert SAID in ana.get(reverse("talk_words", args=[note.interview_id])).content.decode()
    assert bo.get(reverse("talk_words", args=[note.interview_id])).status_code == 404
    assert bo.post(reverse("talk_withdraw", args=[note.interview_id])).status_code == 404
    ana.post(reverse("talk_withdraw", args=[note.interview_id]))
    assert not Interview.objects.for_system(SYSTEM).exists()
