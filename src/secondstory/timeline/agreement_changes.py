"""Confirming the timeline, and saying where one's own account differs from it.

A difference is in its writer's words. Nobody else settles it: a facilitator asks its writer, or keeps both accounts.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from secondstory.reviews.models import Review
from secondstory.reviews.record_changes import taken_part_in, touched
from secondstory.timeline.changes import to_change
from secondstory.timeline.margin_changes import facilitates
from secondstory.timeline.models import Agreement, Difference, Moment
from secondstory.timeline.rules import Refused, mark_of, problems_of_words, tidy


class ChangedSince(Exception):
    """The timeline is not the one this person looked at."""


def confirm(review: Review, by: Any, upto: str) -> Agreement:
    """Confirms the timeline that bears the mark `upto`; raises ChangedSince when another one stands by now."""
    with transaction.atomic():
        review = taken_part_in(by, review.pk)
        standing = Moment.objects.visible_to(by).standing().filter(review=review)
        if upto != mark_of(standing.values_list("pk", "version")):
            raise ChangedSince
        mine = Agreement.objects.visible_to(by).filter(review=review, person=by).first()
        agreement = mine or Agreement(review=review, person=by)
        agreement.upto, agreement.at = upto, timezone.now()
        agreement.save()
        touched(review)
    return agreement


def take_back(review: Review, by: Any) -> None:
    """Takes one's own confirmation back, as if it had not been given."""
    with transaction.atomic():
        review = taken_part_in(by, review.pk)
        Agreement.objects.visible_to(by).filter(review=review, person=by).delete()
        touched(review)


def mark(moment_id: str, by: Any, words: str) -> Difference:
    """Says how a moment was for this person, where the timeline says it otherwise."""
    words = _sound(words)
    with transaction.atomic():
        moment = to_change(moment_id, by)
        difference = Difference(review=moment.review, moment=moment, by=by, words=words)
        difference.save(force_insert=True)
        touched(moment.review)
    return difference


def reword(difference_id: str, by: Any, words: str) -> Difference:
    """Its writer says it in other words; a question that was open about the earlier ones falls."""
    words = _sound(words)
    with transaction.atomic():
        difference = _written_by(difference_id, by)
        difference.words = words
        return _kept(difference, settled=False)


def withdraw(difference_id: str, by: Any) -> None:
    """Its writer takes it back: the words go."""
    with transaction.atomic():
        difference = _written_by(difference_id, by)
        difference.delete()
        touched(difference.review)


def settle(difference_id: str, by: Any) -> Difference:
    """Its writer says that the timeline as it now stands says it too."""
    with transaction.atomic():
        difference = _written_by(difference_id, by)
        difference.how = Difference.How.SETTLED
        return _kept(difference, settled=True)


def still_differs(difference_id: str, by: Any) -> Difference:
    """Its writer says that it stands: an open question about it is answered, a settled one opens again."""
    with transaction.atomic():
        return _kept(_written_by(difference_id, by), settled=False)


def ask(difference_id: str, by: Any) -> Difference:
    """The facilitator asks its writer whether it is settled. Until they say yes it stays open."""
    with transaction.atomic():
        difference = _facilitated_by(difference_id, by)
        if difference.settled_at is None:
            difference.asked_at = timezone.now()
            difference.save()
            touched(difference.review)
    return difference


def keep_both(difference_id: str, by: Any) -> Difference:
    """The facilitator leaves both accounts standing side by side, here and in what is published."""
    with transaction.atomic():
        difference = _facilitated_by(difference_id, by)
        if difference.settled_at is None:
            difference.how = Difference.How.BOTH
            _kept(difference, settled=True)
    return difference


def open_again(difference_id: str, by: Any) -> Difference:
    """The facilitator opens one again of which both accounts were kept."""
    with transaction.atomic():
        difference = _facilitated_by(difference_id, by)
        return _kept(difference, settled=False) if difference.how == Difference.How.BOTH else difference


def _kept(difference: Difference, *, settled: bool) -> Difference:
    difference.asked_at = None
    difference.settled_at = timezone.now() if settled else None
    difference.how = difference.how if settled else ""
    difference.save()
    touched(difference.review)
    return difference


def _written_by(difference_id: str, by: Any) -> Difference:
    difference = _here(difference_id, by)
    if difference.by_id != by.pk:
        raise Http404
    return difference


def _facilitated_by(difference_id: str, by: Any) -> Difference:
    difference = _here(difference_id, by)
    if not facilitates(difference.review, by):
        raise Http404
    return difference


def _here(difference_id: str, by: Any) -> Difference:
    rows = Difference.objects.visible_to(by).select_for_update(of=("self",)).select_related("review")
    difference: Difference | None = rows.filter(pk=difference_id).first()
    if difference is None:
        raise Http404
    return difference


def _sound(words: str) -> str:
    words = tidy(words)
    if found := problems_of_words(words):
        raise Refused(found)
    return words
