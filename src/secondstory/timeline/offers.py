"""What the timeline says to the slices below it, and what those above lay beside its moments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from secondstory.reviews.models import Review
from secondstory.reviews.offers import Missing
from secondstory.timeline.models import MarginNote, Moment


@dataclass(frozen=True, slots=True)
class Beside:
    """What a higher slice shows in the row of one moment: `template` finds it as `beside`.

    `differs`: accounts in it differ, which the lanes mark. `shown` is whatever the template needs.
    """

    template: str
    shown: Any
    differs: bool = False


Ask = Callable[[Review, Any, Collection[str]], Mapping[str, Beside]]
_askers: list[Ask] = []


def offer_beside(ask: Ask) -> None:
    """Called from `AppConfig.ready()`; `ask(review, person, moment_ids)` answers by moment, in one query."""
    _askers.append(ask)


def beside(review: Review, person: Any, moment_ids: Collection[str]) -> dict[str, list[Beside]]:
    """What stands beside these moments, as far as this person may see it."""
    found: dict[str, list[Beside]] = {}
    for ask in _askers:
        for moment_id, each in ask(review, person, moment_ids).items():
            found.setdefault(moment_id, []).append(each)
    return found


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
