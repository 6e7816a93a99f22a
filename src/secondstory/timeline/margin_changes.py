"""Margin notes: a facilitator's own, read by nobody else, gone when the review closes."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404

from secondstory.reviews.models import Participation, Review
from secondstory.texts.changes import begin
from secondstory.texts.models import Text
from secondstory.timeline.changes import part_of
from secondstory.timeline.models import MarginNote, Moment

BATCH = 100


def facilitates(review: Review, person: Any) -> bool:
    """Whether this person facilitates the review now."""
    parts = Participation.objects.for_system("who facilitates a review").facilitating().of(person)
    return parts.filter(review=review).exists()


def begin_note(review: Review, by: Any, moment_id: str | None = None, body: str = "") -> MarginNote:
    """The facilitator's note beside a moment or the whole timeline; the one that is there, if there is one."""
    with transaction.atomic():
        review = part_of(review, by)
        if not facilitates(review, by) or review.stage == Review.Stage.CLOSED:
            raise Http404
        if moment_id and not Moment.objects.visible_to(by).filter(review=review, pk=moment_id).exists():
            raise Http404
        notes = MarginNote.objects.visible_to(by).filter(review=review, moment_id=moment_id)
        if note := notes.select_related("text").first():
            return note
        note = MarginNote(review=review, moment_id=moment_id, writer=by, text=begin("margin", body, by))
        note.save(force_insert=True)
    return note


def remove_note(note_id: str, by: Any) -> None:
    """Deletes a note and its words."""
    with transaction.atomic():
        texts = Text.objects.for_system("the words of a note its writer removes")
        gone, _ = texts.filter(pk__in=MarginNote.objects.visible_to(by).filter(pk=note_id).values("text_id")).delete()
        if not gone:
            raise Http404


def forget_notes(review_id: str) -> None:
    """Deletes all margin notes of a review that closes."""
    with transaction.atomic():
        while _forget(MarginNote.objects.for_system("the review closes").filter(review_id=review_id)):
            pass


def forget_notes_by(review_id: str, person_id: str) -> None:
    """Deletes the margin notes of somebody who leaves the review."""
    with transaction.atomic():
        notes = MarginNote.objects.for_system("their writer left").filter(review_id=review_id, writer_id=person_id)
        while _forget(notes):
            pass


def forget_notes_of_closed_reviews() -> bool:
    """Deletes what a review closed by another way left behind: nothing depends on how it was closed."""
    notes = MarginNote.objects.for_system("sweep of closed reviews").filter(review__stage=Review.Stage.CLOSED)
    with transaction.atomic():
        return _forget(notes) == BATCH


def _forget(notes: Any) -> int:
    texts = list(notes.values_list("text_id", flat=True)[:BATCH])
    if texts:
        Text.objects.for_system("the words of forgotten notes").filter(pk__in=texts).delete()
    return len(texts)
