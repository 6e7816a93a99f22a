"""What the reviews themselves know to wait for somebody."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from secondstory.reviews.models import Participation, Review
from secondstory.reviews.offers import Need


def asked_to_facilitate(person: Any) -> list[Need]:
    """Reviews that ask this person to facilitate and have no answer yet."""
    asked = (
        Participation.objects.visible_to(person)
        .of(person)
        .filter(duty=Participation.Duty.FACILITATOR, accepted_at=None, review__deleted_at=None)
    )
    what = _("You are asked to facilitate")
    return [
        Need(what, part.review.title, reverse("review", args=[part.review_id]), part.since)
        for part in asked.select_related("review")
    ]


def to_be_deleted(person: Any) -> list[Need]:
    """Reviews that go soon: the last days to keep one."""
    leaving = Review.objects.visible_to(person).with_part_of(person).filter(deletion_due_at__isnull=False)
    what = _("The last days of this review: it is to be deleted")
    return [
        Need(what, each.title, reverse("review", args=[each.pk]), each.deletion_due_at)
        for each in leaving.order_by("deletion_due_at")
    ]
