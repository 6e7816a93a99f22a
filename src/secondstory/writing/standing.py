"""How the sections of a review stand, read once for all that a page shows of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from secondstory.reviews.models import Review
from secondstory.writing.known import AskedUntil, IsAnswered, IsObjectedTo, OwnOutline
from secondstory.writing.models import Section
from secondstory.writing.rules import Standing

READ = "_sections_as_read"


def sections_of(review: Review, person: Any) -> list[Section]:
    """The sections with their texts, the outline they come from, and how a wish to publish stands: one query.

    The rail and the page around it ask for the same row of the same request, so it is kept with the review.
    """
    kept = review.__dict__.setdefault(READ, {})
    if person.pk not in kept:
        kept[person.pk] = list(_sections(review, person))
    return cast("list[Section]", kept[person.pk])


def forget_sections(review: Review) -> None:
    """After a change they are read again."""
    review.__dict__.pop(READ, None)


def _sections(review: Review, person: Any) -> Any:
    rows = Section.objects.visible_to(person).filter(review=review).select_related("text").with_rows_known()
    here = {"review": "review_id"}
    return rows.annotate(
        outline=OwnOutline({}, kind=review.kind),
        asked_until=AskedUntil(here),
        objected=IsObjectedTo(here),
        answered=IsAnswered(here, person=person.pk),
    )


def standing(sections: Iterable[Section]) -> list[Standing]:
    """Sections read with `with_rows_known`, as the rules see them."""
    return [
        Standing(
            each.key,
            each.title,
            each.state,
            each.text.body,
            each.required,
            has_rows=getattr(each, "rows", False),
            ends_in_person=getattr(each, "ends_in_person", False),
        )
        for each in sections
    ]
