"""Asking for accounts, and the one nudge: the same words to everybody who has shared nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from secondstory.reviews.models import Participation, Review
from secondstory.reviews.record_changes import decided_by, send_word
from secondstory.stories.models import Invited, Part
from secondstory.work.rows import each_by_itself

NUDGE_AFTER = timedelta(days=3)
AT_ONCE = 50


def invite(review: Review, *, by: Any, people: Iterable[str]) -> int:
    """Asks people who take part for their account; answers how many were not asked before."""
    with transaction.atomic():
        found = decided_by(by, review.pk)
        parts = Participation.objects.for_system("whom to ask").active().select_related("person")
        known = set(Invited.objects.visible_to(by).filter(review=found).values_list("person_id", flat=True))
        new = [part.person for part in parts.filter(review=found, person_id__in=set(people) - known)]
        for person in new:
            Invited(review=found, person=person, nudge_at=timezone.now() + NUDGE_AFTER).save(force_insert=True)
            _ask(found, person, "story")
    return len(new)


def nudge_due() -> bool:
    """Writes once more to whoever has shared nothing, whether they began or not: it looks the same to all."""
    rows = Invited.objects.for_system("sweep of the one nudge").filter(nudge_at__lte=timezone.now())
    due = list(rows.select_related("review", "person").order_by("nudge_at")[:AT_ONCE])
    return each_by_itself("nudge for accounts", due, _nudge) == AT_ONCE


def _ask(review: Review, person: Any, once: str) -> None:
    send_word(review, person, once=once, page=reverse("story", args=[review.pk]))


def _nudge(invited: Invited) -> None:
    with transaction.atomic():
        rows = Invited.objects.for_system("the nudge is claimed before it is written").filter(pk=invited.pk)
        if not rows.filter(nudge_at=invited.nudge_at).update(nudge_at=None):
            return
        if _still_takes_part(invited) and not _has_shared(invited):
            _ask(invited.review, invited.person, "story-again")


def _has_shared(invited: Invited) -> bool:
    parts = Part.objects.for_system("has this person shared anything").exclude(audience=Part.Audience.ME)
    return bool(parts.filter(review_id=invited.review_id, author_id=invited.person_id).exists())


def _still_takes_part(invited: Invited) -> bool:
    parts = Participation.objects.for_system("does this person still take part").active()
    here = parts.filter(review_id=invited.review_id, person_id=invited.person_id, review__deleted_at=None)
    return bool(here.exclude(review__stage=Review.Stage.CLOSED).exists())
