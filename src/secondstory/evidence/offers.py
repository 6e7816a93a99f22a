"""What evidence says to the slices around it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from secondstory.access.questions import Question
from secondstory.evidence.models import Import
from secondstory.reviews.models import Review
from secondstory.reviews.offers import Missing, Need


class HasEvidence(Question):
    """Whether a review has evidence."""

    asks = "EXISTS(SELECT 1 FROM evidence_evidence one WHERE one.review_id = {review})"


def missing(review: Any, person: Any) -> list[Missing]:  # noqa: ARG001 - it was read along with the review
    """A review without evidence still needs some."""
    if review.has_evidence:
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
