"""The words of quotes, for whoever reads the review. Texts and versions hold only `[quote:ID]`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from secondstory.access.words import Private
from secondstory.people.models import is_member
from secondstory.reviews.models import Participation, Review
from secondstory.sealing.keys import KeyMissing
from secondstory.stories.models import Part, Quote

PLACEHOLDER = re.compile(r"^[ \t]*\[quote:([0-9a-z]{12})\][ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote as this viewer may read it. `attribution` is empty when the author wants no name said."""

    words: str
    attribution: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A quote its author took back; or one that does not open, because somebody moved it by hand (`shut`)."""

    shut: bool = False


def ids_in(text: str) -> list[str]:
    """The quotes a text places, in their order."""
    return PLACEHOLDER.findall(text)


def words_of(review: Review, viewer: Any, ids: Iterable[str]) -> dict[str, Quoted | Withdrawn]:
    """What stands in the place of each quote for this viewer; one they may not read is absent."""
    rows = Quote.objects.visible_to(viewer).filter(review=review, pk__in=list(ids)).select_related("part")
    quotes = list(rows)
    gone = Quote.objects.for_system("that a quote was withdrawn is said to every reader of the review")
    taken_back = gone.filter(review=review, pk__in=list(ids)).exclude(withdrawn_at=None).values_list("pk", flat=True)
    called = _called(review, viewer, [quote.part.author_id for quote in quotes if quote.part])
    answer: dict[str, Quoted | Withdrawn] = {quote.pk: _read(quote, called) for quote in quotes}
    return answer | {id_: Withdrawn() for id_ in taken_back}


def _read(quote: Quote, called: dict[str, tuple[str, str]]) -> Quoted | Withdrawn:
    if quote.withdrawn_at is not None or quote.part is None:
        return Withdrawn()
    try:
        words = quote.read_at(quote.place)
    except KeyMissing:
        return Withdrawn(shut=True)
    name, label = called.get(quote.part.author_id, ("", ""))
    said = {Part.QuoteAs.NAME: name, Part.QuoteAs.LABEL: label}.get(Part.QuoteAs(quote.form), "")
    return Quoted(Private(words), said)


def _called(review: Review, viewer: Any, people: list[str]) -> dict[str, tuple[str, str]]:
    """Name and role label of each author. A guest is told labels; a name only where the author agreed to it."""
    rows = Participation.objects.for_system("what the author of a quote is called").filter(review=review)
    rows = rows.filter(person_id__in=people).select_related("person").order_by("since")
    named = is_member(viewer) or not viewer.is_authenticated
    return {row.person_id: (row.person.name if named else row.role_label, row.role_label) for row in rows}
