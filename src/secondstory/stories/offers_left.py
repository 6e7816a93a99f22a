"""What has left a part: where its words stand besides itself. Shown to its author before anything is narrowed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from secondstory.stories.models import Part, Perspective, Quote, QuoteRows


@dataclass(frozen=True, slots=True)
class Left:
    """One place outside the part that holds its words or came from them. `stays`: what narrowing cannot reach there."""

    what: str
    address: str
    stays: str = ""


OfParts = Callable[[Collection[Part], Any], list[Left]]
OfQuotes = Callable[[QuoteRows, Any], list[Left]]
_of_parts: list[OfParts] = []
_of_quotes: list[OfQuotes] = []


def offer_left(ask: OfParts) -> None:
    """Called from `AppConfig.ready()` of a higher slice; `ask(parts, author)` is answered in one query."""
    _of_parts.append(ask)


def offer_left_with_quotes(ask: OfQuotes) -> None:
    """The same for what leaves with quotes: `ask(quotes, author)`."""
    _of_quotes.append(ask)


def left(parts: Collection[Part], author: Any) -> list[Left]:
    """Everything that has left these parts, for their author."""
    quotes = Quote.objects.visible_to(author).filter(part__in=parts, withdrawn_at=None)
    asked = [each for ask in _of_parts for each in ask(parts, author)]
    return [*left_with(quotes, author), *_passages(parts, author), *asked]


def left_with(quotes: QuoteRows, author: Any) -> list[Left]:
    """Where these quotes stand, and what they were taken along in, for their author."""
    asked = [each for ask in _of_quotes for each in ask(quotes, author)]
    return [*(_quote(row) for row in quotes), *asked]


def _quote(row: Quote) -> Left:
    reach = _("A quote, published for: %(reach)s") % {"reach": row.get_reach_display()}
    what = reach if row.reach else _("A quote placed in the review, not published yet")
    return Left(what, reverse("read", args=[row.review_id]))


def _passages(parts: Collection[Part], author: Any) -> list[Left]:
    rows = Perspective.objects.visible_to(author).agreed().filter(part__in=parts).select_related("moment")
    what = _("A passage beside the moment of %(at)s, read by whoever may read this part")
    return [
        Left(
            what % {"at": f"{row.moment.at:%Y-%m-%d %H:%M} UTC"},
            reverse("accounts", args=[row.review_id, row.moment_id]),
        )
        for row in rows
    ]
