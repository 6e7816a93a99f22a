"""The words of quotes, for whoever reads the review. Texts and versions hold only `[quote:ID]`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from secondstory.people.models import is_member
from secondstory.reviews.models import Participation
from secondstory.stories.models import Part, Quote
from secondstory.stories.reading import opened

PLACEHOLDER = re.compile(r"^[ \t]*\[quote:([0-9a-z]{12})\][ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote as this viewer may read it. `attribution` is empty when the author wants no name said."""

    words: str
    attribution: str
    form: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A quote its author took back; or one that does not open, because somebody moved it by hand (`shut`)."""

    shut: bool = False


def ids_in(text: str) -> list[str]:
    """The quotes a text places, in their order."""
    return PLACEHOLDER.findall(text)


def words_of(review: Any, viewer: Any, ids: Iterable[str]) -> dict[str, Quoted | Withdrawn]:
    """What stands in the place of each quote for this viewer, in one query; one they may not read is absent.

    `review` is the review or its id. That a quote was withdrawn is said to every reader of the review.
    """
    label = Participation.objects.for_system("what the author of a quote is called").filter(
        review=OuterRef("review"), person=OuterRef("part__author")
    )
    rows = Quote.objects.for_system("words only for whom they reach, asked in `seen`")
    quotes: Any = (
        rows.filter(review=review, pk__in=set(ids))
        .select_related("part__author")
        .annotate(
            seen=Exists(Quote.objects.visible_to(viewer).filter(pk=OuterRef("pk"))),
            label=Coalesce(Subquery(label.order_by("-since").values("role_label")[:1]), Value("")),
        )
    )
    return {quote.pk: _read(quote, viewer) for quote in quotes if quote.seen or _is_gone(quote)}


def _is_gone(quote: Any) -> bool:
    return quote.withdrawn_at is not None or quote.part is None


def _read(quote: Any, viewer: Any) -> Quoted | Withdrawn:
    if _is_gone(quote):
        return Withdrawn()
    words, shut = opened(quote.words)
    return Withdrawn(shut) if shut else Quoted(words, _signed(quote, viewer), quote.form, quote.part.author_id)


def _signed(quote: Any, viewer: Any) -> str:
    """A name only where the author agreed to it; a guest is told labels."""
    if quote.form == Part.QuoteAs.NAME and (is_member(viewer) or not viewer.is_authenticated):
        return str(quote.part.author.name)
    return "" if quote.form == Part.QuoteAs.NOBODY else str(quote.label)
