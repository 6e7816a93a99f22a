"""Who confirmed the timeline and where accounts differ, read as one person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from secondstory.reviews.models import Review
from secondstory.timeline.models import Agreement, Difference, Moment, MomentChange
from secondstory.timeline.rules import mark_of


@dataclass(frozen=True, slots=True)
class Marked:
    """A difference on the page of agreement. `who` is a role label for a guest; empty for somebody who has left."""

    difference: Difference
    who: str
    mine: bool

    @property
    def state(self) -> str:
        """Open, both accounts kept, or settled by its writer."""
        return self.difference.how or "open"


def differences_of(review: Review, person: Any, names: Mapping[str, str]) -> dict[str, list[Marked]]:
    """Every difference by its state, in the order of their moments."""
    rows = Difference.objects.visible_to(person).filter(review=review, moment__removed_at=None)
    found: dict[str, list[Marked]] = {"open": [], Difference.How.BOTH: [], Difference.How.SETTLED: []}
    for each in rows.select_related("moment").order_by("moment__at", "moment__id", "at"):
        marked = Marked(each, names.get(each.by_id or "", ""), mine=each.by_id == person.pk)
        found[marked.state].append(marked)
    return found


def mark_now(moments: Iterable[Moment]) -> str:
    """The mark of the timeline that these standing moments make."""
    return mark_of((moment.pk, moment.version) for moment in moments)


def confirmations(review: Review, person: Any) -> list[Any]:
    """Who confirmed, by when; each with `changed_at`, when the timeline first changed after that."""
    later: Any = MomentChange.objects.for_system("when a timeline changed that one takes part in")
    later = later.filter(review=OuterRef("review"), at__gt=OuterRef("at")).order_by("at").values("at")[:1]
    rows: Any = Agreement.objects.visible_to(person).filter(review=review)
    return list(rows.annotate(changed_at=Subquery(later)))
