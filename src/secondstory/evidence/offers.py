"""What evidence says to the slices around it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from secondstory.evidence.models import Evidence, Import
from secondstory.reviews.models import Review
from secondstory.reviews.offers import Missing, Need


def missing(review: Review, person: Any) -> list[Missing]:
    """A review without evidence still needs some."""
    if Evidence.objects.visible_to(person).filter(review=review).exists():
        return []
    return [
        Missing(
            Review.Stage.GATHERING,
            _("Evidence: what was said, alerted and deployed"),
            reverse("evidence", args=[review.pk]),
        )
    ]


def needs(person: Any) -> list[Need]:
    """Uploads that wait for this person's choice."""
    rows = Import.objects.visible_to(person).filter(by_id=person.pk, state=Import.State.WAITING)
    return [
        Need(
            _("Choose what of %(name)s comes in") % {"name": row.name},
            row.review.title,
            reverse("evidence_choose", args=[row.review_id]),
            row.at,
        )
        for row in rows.select_related("review")[:20]
    ]


def may_hear(person: Any, import_id: str) -> bool:
    """Whoever may see an import may hear how far it is."""
    return Import.objects.visible_to(person).filter(pk=import_id).exists()
