"""What the timeline says to the slices below it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from secondstory.reviews.models import Review
from secondstory.reviews.offers import Missing
from secondstory.timeline.models import MarginNote, Moment


def missing(review: Review, person: Any) -> list[Missing]:
    """A debrief needs a timeline, and the points to dwell on."""
    moments = Moment.objects.visible_to(person).standing().filter(review=review)
    found = list(moments.order_by("-pivot").values_list("pivot", flat=True)[:1])
    if not found:
        return [
            Missing(Review.Stage.GATHERING, _("no moments in the timeline yet"), reverse("triage", args=[review.pk]))
        ]
    if not found[0]:
        return [Missing(Review.Stage.DEBRIEF, _("no pivot point marked"), reverse("timeline", args=[review.pk]))]
    return []


def margin_texts(person: Any) -> Any:
    """The margin notes that this person reads and writes: their own."""
    return MarginNote.objects.visible_to(person).values("text_id")
