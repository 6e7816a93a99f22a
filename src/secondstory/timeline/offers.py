"""What the timeline says to the slices below it."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from secondstory.reviews.models import Review
from secondstory.reviews.offers import Missing
from secondstory.timeline.models import MarginNote, Moment


def marked(person: Any) -> Subquery:
    """Whether a pivot point is marked; None without any moment. Read along with the review."""
    moments = Moment.objects.visible_to(person).standing().filter(review_id=OuterRef("pk"))
    return Subquery(moments.order_by("-pivot").values("pivot")[:1])


def missing(review: Any, person: Any) -> list[Missing]:  # noqa: ARG001 - it was read along with the review
    """A debrief needs a timeline, and the points to dwell on."""
    if review.pivot_marked is None:
        return [
            Missing(Review.Stage.GATHERING, _("no moments in the timeline yet"), reverse("triage", args=[review.pk]))
        ]
    if not review.pivot_marked:
        return [Missing(Review.Stage.DEBRIEF, _("no pivot point marked"), reverse("timeline", args=[review.pk]))]
    return []


def margin_texts(person: Any) -> Any:
    """The margin notes that this person reads and writes: their own."""
    return MarginNote.objects.visible_to(person).values("text_id")
