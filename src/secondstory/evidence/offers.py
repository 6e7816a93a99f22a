"""What evidence says to the slices around it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from secondstory.evidence.models import Evidence, Import
from secondstory.reviews.models import Review
from secondstory.reviews.offers import Missing, Need


def is_there(person: Any) -> Exists:
    """Whether a review has evidence, read along with the review."""
    return Exists(Evidence.objects.visible_to(person).filter(review_id=OuterRef("pk")))


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
