"""Telling a story, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from secondstory.live.changes import tell
from secondstory.people.models import unshared_sealed
from secondstory.reviews.models import Review
from secondstory.reviews.record_changes import taken_part_in
from secondstory.reviews.rules import Refused
from secondstory.sealing.ledger import Entry, record
from secondstory.stories.holding import counting_of, lock
from secondstory.stories.models import Interview, Part, Quote, Story, may_open_stories
from secondstory.stories.quote_changes import QUOTE, tell_readers
from secondstory.stories.rules import NAMES
from secondstory.texts import changes as texts
from secondstory.texts.models import Text

WITHDRAWN = "stories.withdrawn"
TALK_GONE = "stories.interview"


def begin(review: Review, *, by: Any) -> Story:
    """The person's story of this review, with all its parts empty and shared with nobody; the one there is, if begun."""
    with transaction.atomic():
        found = taken_part_in(by, review.pk)
        if not may_open_stories(by):
            raise Http404
        story = Story.objects.visible_to(by).filter(review=found).first()
        if story is None:
            story = Story(review=found, author=by)
            story.save(force_insert=True)
            for name in NAMES:
                text = texts.begin("story")
                Part(story=story, review=found, author=by, name=name, text=text).save(force_insert=True)
    return story


def set_aside(review: Review, *, by: Any, aside: bool) -> None:
    """The author's "not now", known to them alone, or taken up again."""
    with transaction.atomic():
        story = begin(review, by=by)
        story.set_aside_at = timezone.now() if aside else None
        story.save()


def withdraw(story_id: str, *, by: Any) -> None:
    """Really deletes a story: rows, words, grants, passages beside moments, and its quotes wherever they stand."""
    with transaction.atomic():
        story = Story.objects.visible_to(by).select_for_update().filter(pk=story_id).first()
        if story is None:
            raise Http404
        if unshared_sealed(by):
            raise Refused(
                _("Somebody else changed how you sign in. Until that is settled nothing of yours is deleted.")
            )
        at = timezone.now()
        _erase(story)
        record(WITHDRAWN, [story_id], at)


def withdraw_again(entry: Entry) -> None:
    """After a restore: what was withdrawn goes once more."""
    with transaction.atomic():
        for story in Story.objects.for_system("withdrawn before the restore").filter(pk__in=entry.ids):
            _erase(story)


def note_deleted(review_id: str) -> None:
    """A review is being deleted: a backup that is restored later shall not bring back what people told in it."""
    at = timezone.now()
    for kind, rows in (
        (WITHDRAWN, Story.objects.for_system("told in a review that is deleted")),
        (TALK_GONE, Interview.objects.for_system("told in a review that is deleted")),
        (QUOTE, Quote.objects.for_system("told in a review that is deleted")),
    ):
        if ids := sorted(rows.filter(review_id=review_id).values_list("pk", flat=True)):
            record(kind, ids, at)


def _erase(story: Story) -> None:
    parts = list(Part.objects.for_system("a story its author takes back").filter(story=story))
    for part in parts:
        tell_people(part, counting_of(part))
    story.delete()


def lock_own(part_id: str, by: Any) -> Part:
    """A part of one's own, locked until the caller's transaction ends; absent for everybody else."""
    if not Part.objects.visible_to(by).own_of(by).filter(pk=part_id).exists():
        raise Http404
    return lock(part_id)


def tell_people(part: Part, people: Iterable[str]) -> None:
    """Open pages of these people and of the author read again what they hold."""
    for person_id in {*people, part.author_id}:
        tell(f"held:{person_id}")


def forget_words(text_id: str) -> None:
    """The words of a part or a note that is gone. Within the caller's transaction."""
    Text.objects.for_system("the row they were told in is gone").filter(pk=text_id).delete()


def forget_quotes(part_id: str) -> None:
    """The quotes of a part that is going: "withdrawn by its author" everywhere. Within the caller's transaction."""
    rows = Quote.objects.for_system("their part is going").filter(part_id=part_id, withdrawn_at=None)
    reviews = list(rows.values_list("review_id", flat=True))
    rows.update(stored="", withdrawn_at=timezone.now())
    tell_readers(reviews)
