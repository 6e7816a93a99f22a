"""A one-to-one, written down by who asked, and from the first word the interviewee's to confirm, change or withdraw."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from secondstory.reviews.models import Participation
from secondstory.reviews.record_changes import send_word, taken_part_in
from secondstory.reviews.rules import Refused
from secondstory.sealing.ledger import Entry, record
from secondstory.stories.changes import TALK_GONE, begin
from secondstory.stories.models import Interview, InterviewNote, may_open_stories
from secondstory.stories.reading import own_parts
from secondstory.stories.rules import NAMES
from secondstory.texts import changes as texts


def begin_interview(review: Any, person_id: str, *, by: Any) -> Interview:
    """The notes of a one-to-one, empty; the interviewee is told where they are. Those there are, if begun before."""
    with transaction.atomic():
        found = taken_part_in(by, review.pk)
        parts = Participation.objects.for_system("who interviews whom").active().filter(review=found)
        part = parts.filter(person_id=person_id).select_related("person").first()
        if part is None or not may_open_stories(by) or not parts.facilitating().filter(person=by).exists():
            raise Http404
        if part.person_id == by.pk:
            raise Refused(_("Tell your own account on its own page."))
        two = {"interviewee": part.person, "interviewer": by}
        interview = Interview.objects.visible_to(by).filter(review=found, **two).first()
        if interview is None:
            interview = Interview(review=found, **two)
            interview.save(force_insert=True)
            for name in NAMES:
                text = texts.begin("interview")
                InterviewNote(interview=interview, review=found, name=name, text=text).save(force_insert=True)
            page = reverse("interview", args=[found.pk, interview.pk])
            send_word(found, part.person, once=f"interview:{interview.pk}", page=page)
    return interview


def confirm(interview_id: str, *, by: Any) -> None:
    """The interviewee's yes: the notes become the draft of their own story, and the interviewer's copy is gone."""
    with transaction.atomic():
        interview = _the_one(interview_id, by)
        if interview.interviewee_id != by.pk:
            raise Http404
        begin(interview.review, by=by)
        by_name = {part.name: part for part in own_parts(interview.review, by)}
        for note in InterviewNote.objects.visible_to(by).filter(interview=interview).select_related("text"):
            if said := note.text.body.strip():
                text = by_name[note.name].text
                words = "\n\n".join(filter(None, [text.body.rstrip(), said]))
                texts.save(text.pk, words, text.version, by)
        interview.delete()


def withdraw(interview_id: str, *, by: Any) -> None:
    """Either of the two ends it: the notes are deleted, and nothing of them is kept."""
    with transaction.atomic():
        _the_one(interview_id, by).delete()
        record(TALK_GONE, [interview_id], timezone.now())


def withdraw_again(entry: Entry) -> None:
    """After a restore: notes that were withdrawn go once more."""
    Interview.objects.for_system("withdrawn before the restore").filter(pk__in=entry.ids).delete()


def _the_one(interview_id: str, by: Any) -> Interview:
    rows = Interview.objects.visible_to(by).select_related("review").select_for_update(of=("self",))
    found = rows.filter(pk=interview_id).first()
    if found is None:
        raise Http404
    return found
