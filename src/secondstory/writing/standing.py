"""How the sections of a review stand, read once for all that a page shows of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import OuterRef, Subquery

from secondstory.reviews.models import Review
from secondstory.writing.known import IsAnswered, IsObjectedTo
from secondstory.writing.models import Publication, Section, Template
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
    waiting = Publication.objects.visible_to(person).waiting().filter(review=OuterRef("review"))
    outline = Template.objects.for_system("an outline holds nothing of a review").filter(kind=review.kind)
    rows = Section.objects.visible_to(person).filter(review=review).select_related("text").with_rows_known(person)
    here = {"review": "review_id"}
    return rows.annotate(
        outline=Subquery(outline.values("sections")[:1]),
        asked_until=Subquery(waiting.values("due_at")[:1]),
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
