"""What stands beside moments, as one person may read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Value

from secondstory.access.questions import Question
from secondstory.reviews.frame import called
from secondstory.reviews.models import Review
from secondstory.stories.holding import grants_by_part
from secondstory.stories.models import Contrast, Otherwise, Perspective
from secondstory.stories.reading import opened
from secondstory.timeline.offers import Beside

OTHERWISE = "otherwise"


@dataclass(slots=True)
class Laid:
    """One passage beside a moment. `contrasts`: what people said of it and another one of the same moment."""

    row: Perspective
    who: str
    words: str
    shut: bool
    own: bool
    later: Otherwise | None = None
    how: str = ""
    contrasts: list[tuple[str, str]] = field(default_factory=list)


class HasPassages(Question):
    """Whether any passage stands beside a moment of a review, whoever may read it. It is told to nobody."""

    asks = "EXISTS(SELECT 1 FROM stories_perspective one WHERE one.review_id = {review} AND one.agreed_at IS NOT NULL)"


def beside_moments(review: Review, person: Any, moment_ids: Collection[str]) -> dict[str, Beside]:
    """For the timeline: the passages beside each of these moments."""
    if not getattr(review, "has_passages", True):
        return {}
    found = beside_of(review, person, moment_ids)
    differing = {each.row.moment_id for rows in found.values() for each in rows if _differs(each)}
    return {id_: Beside("stories/_beside.html", rows, differs=id_ in differing) for id_, rows in found.items()}


def differing_moments(review: Review, person: Any) -> set[str]:
    """For the lanes: moments beside which somebody said that two passages differ."""
    marks: Any = Contrast.objects.visible_to(person).filter(review=review, mark=Contrast.Mark.DIFFERS)
    return set(marks.values_list("a__moment_id", flat=True))


def beside_of(review: Review, person: Any, moment_ids: Collection[str]) -> dict[str, list[Laid]]:
    """The same as rows, in a constant number of queries."""
    seen = Perspective.objects.visible_to(person).agreed().filter(review=review)
    if len(moment_ids) == 1:
        seen = seen.filter(moment_id__in=moment_ids)
    rows = list(seen.select_related("part"))
    if not rows:
        return {}
    grants, names = grants_by_part([row.part for row in rows]), called(review, person)
    laid: dict[str, Laid] = {}
    for row in rows:
        words, shut = opened(lambda row=row: row.read_at(row.place(grants.get(row.part_id, []))))  # type: ignore[misc]
        who = names.get(row.part.author_id, "")
        laid[row.pk] = Laid(row, who, words, shut, own=row.part.author_id == person.pk)
    _add_what_was_found(laid, review, person, grants)
    by_moment: dict[str, list[Laid]] = defaultdict(list)
    for each in sorted(laid.values(), key=lambda one: (one.who, one.row.asked_at)):
        by_moment[each.row.moment_id].append(each)
    return by_moment


def _add_what_was_found(laid: dict[str, Laid], review: Review, person: Any, grants: dict[str, Any]) -> None:
    """Marks between two passages and what was later found otherwise, in one query."""
    marks: Any = Contrast.objects.visible_to(person).filter(review=review)
    found: Any = Otherwise.objects.visible_to(person).filter(review=review)
    rows = marks.values_list("a_id", "b_id", "mark", "at", Value(""))
    for one_id, other_id, mark, at, stored in rows.union(
        found.values_list("perspective_id", Value(""), Value(OTHERWISE), "at", "stored"), all=True
    ):
        one, other = laid.get(one_id), laid.get(other_id)
        if one and mark == OTHERWISE:
            _add_otherwise(one, Otherwise(perspective=one.row, at=at, stored=stored), grants)
        elif one and other:
            _add_contrast(one, other, mark)


def _add_contrast(one: Laid, other: Laid, mark: str) -> None:
    one.contrasts.append((mark, other.who))
    if mark != Contrast.Mark.ADDS:
        other.contrasts.append((mark, one.who))


def _add_otherwise(one: Laid, found: Otherwise, grants: dict[str, Any]) -> None:
    one.later = found
    one.how, _shut = opened(lambda: found.read_at(found.place(grants.get(one.row.part_id, []))))


def _differs(each: Laid) -> bool:
    return any(mark == Contrast.Mark.DIFFERS for mark, _other in each.contrasts)
