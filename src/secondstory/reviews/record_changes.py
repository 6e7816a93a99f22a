"""The row to change, found with the eyes of whoever changes it, and the word of it to all who take part."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from secondstory.live.changes import tell
from secondstory.notify.changes import write_letter
from secondstory.reviews.history import What
from secondstory.reviews.models import Review, ReviewEvent

DETAIL_LENGTH = 200


def decided_by(by: Any, review_id: str) -> Review:
    """The review, locked, for who decides on it; absent for everybody else. Within the caller's transaction."""
    reviews = Review.objects.for_system("the row to change, as its decider").decided_by(by)
    return _the_one(reviews.select_for_update().filter(pk=review_id).first())


def taken_part_in(by: Any, review_id: str) -> Review:
    """The review, locked, for who takes part in it; absent for everybody else. Within the caller's transaction."""
    reviews = Review.objects.for_system("the row to change, as a participant").with_part_of(by)
    return _the_one(reviews.select_for_update().filter(pk=review_id).first())


def note(review: Review, what: What, *, by: Any, about: Any = None, detail: str = "") -> None:
    """Writes the change into the review's history and tells every page that shows the review."""
    ReviewEvent(review=review, by=by, what=what, about=about, detail=str(detail)[:DETAIL_LENGTH]).save()
    touched(review)


def touched(review: Review) -> None:
    """Says that something in the review changed; called by every slice inside its own transaction."""
    review.changed_at = timezone.now()
    review.save(update_fields=["changed_at"])
    tell(f"review:{review.pk}")


def send_word(review: Review, person: Any, *, once: str, before: str = "", page: str = "") -> None:
    """A letter that says no more than that a review needs this person, until when, and on which page: its own, if none."""
    with translation.override(person.locale):
        subject = _("A review needs you")
        until = _("It needs you before %(time)s.") % {"time": before} if before else ""
        address = settings.ORIGIN + (page or reverse("review", args=[review.pk]))
        words = "\n\n".join(filter(None, [_("A review needs you."), until, address]))
    write_letter(once=f"review:{review.pk}:{once}:{person.pk}", address=person.email, subject=subject, words=words)


def _the_one(review: Review | None) -> Review:
    if review is None:
        raise Http404
    return review
