"""What the timeline says to the slices below it, and what those above lay beside its moments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from secondstory.access.questions import Question
from secondstory.reviews.models import Review
from secondstory.reviews.offers import Missing, Need
from secondstory.timeline.models import Difference, MarginNote, Moment


@dataclass(frozen=True, slots=True)
class Beside:
    """What a higher slice shows in the row of one moment: `template` finds it as `beside`.

    `differs`: accounts in it differ. `shown` is whatever the template needs.
    """

    template: str
    shown: Any
    differs: bool = False


Ask = Callable[[Review, Any, Mapping[str, Moment]], Mapping[str, Beside]]
Differing = Callable[[Review, Any], Collection[str]]
_askers: list[tuple[Ask, Differing]] = []


def offer_beside(ask: Ask, differing: Differing = lambda _review, _person: ()) -> None:
    """Called from `AppConfig.ready()`.

    `ask(review, person, moments)` gets the page's moments by id and answers by id, in a constant number of queries;
    `differing(review, person)` says in one query beside which moments accounts differ, which the lanes mark.
    """
    _askers.append((ask, differing))


def differing(review: Review, person: Any) -> set[str]:
    """The moments beside which accounts differ, as far as this person may see them."""
    return {moment_id for _ask, say in _askers for moment_id in say(review, person)}


def beside(review: Review, person: Any, moments: Mapping[str, Moment]) -> dict[str, list[Beside]]:
    """What stands beside these moments, as far as this person may see it."""
    found: dict[str, list[Beside]] = {}
    for ask, _say in _askers:
        for moment_id, each in ask(review, person, moments).items():
            found.setdefault(moment_id, []).append(each)
    return found


class PivotMarked(Question):
    """Whether a pivot point is marked in a review; None without any moment."""

    asks = (
        "(SELECT one.pivot FROM timeline_moment one WHERE one.review_id = {review} AND one.removed_at IS NULL"
        " ORDER BY one.pivot DESC LIMIT 1)"
    )


def missing(review: Any, person: Any) -> list[Missing]:  # noqa: ARG001 - it was read along with the review
    """A debrief needs a timeline, and the points to dwell on."""
    if review.pivot_marked is None:
        return [
            Missing(Review.Stage.GATHERING, _("no moments in the timeline yet"), reverse("triage", args=[review.pk]))
        ]
    if not review.pivot_marked:
        return [Missing(Review.Stage.DEBRIEF, _("no pivot point marked"), reverse("timeline", args=[review.pk]))]
    return []


def needs(person: Any) -> list[Need]:
    """Differences whose writer has been asked whether they are settled."""
    rows = Difference.objects.visible_to(person).unsettled().filter(by_id=person.pk, asked_at__isnull=False)
    return [
        Need(
            _("Say whether a difference you marked is settled"),
            row.review.title,
            reverse("agreement", args=[row.review_id]) + f"#d-{row.pk}",
            row.asked_at,
        )
        for row in rows.filter(moment__removed_at=None).select_related("review")[:20]
    ]


def margin_texts(person: Any) -> Any:
    """The margin notes that this person reads and writes: their own."""
    return MarginNote.objects.visible_to(person).values("text_id")
