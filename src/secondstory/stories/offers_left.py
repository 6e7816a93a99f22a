"""What has left a part: where its words stand besides itself. Shown to its author before anything is narrowed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from secondstory.stories.models import Part, Perspective, Quote


@dataclass(frozen=True, slots=True)
class Left:
    """One place outside the part that holds its words or came from them. `stays`: what narrowing cannot reach there."""

    what: str
    address: str
    stays: str = ""


Ask = Callable[[Collection[Part], Any], list[Left]]
_askers: list[Ask] = []


def offer_left(ask: Ask) -> None:
    """Called from `AppConfig.ready()` of a higher slice; `ask(parts, author)` is answered in one query."""
    _askers.append(ask)


def left(parts: Collection[Part], author: Any) -> list[Left]:
    """Everything that has left these parts, for their author."""
    asked = [each for ask in _askers for each in ask(parts, author)]
    return [*_quotes(parts, author), *_passages(parts, author), *asked]


def _quotes(parts: Collection[Part], author: Any) -> list[Left]:
    rows = Quote.objects.visible_to(author).filter(part__in=parts, withdrawn_at=None)
    unread = _("A quote placed in the review, not published yet")
    return [
        Left(
            _("A quote, published for: %(reach)s") % {"reach": row.get_reach_display()} if row.reach else unread,
            reverse("read", args=[row.review_id]),
        )
        for row in rows
    ]


def _passages(parts: Collection[Part], author: Any) -> list[Left]:
    rows = Perspective.objects.visible_to(author).agreed().filter(part__in=parts).select_related("moment")
    what = _("A passage beside the moment of %(at)s, read by whoever holds this part")
    return [
        Left(
            what % {"at": f"{row.moment.at:%Y-%m-%d %H:%M} UTC"},
            reverse("accounts", args=[row.review_id, row.moment_id]),
        )
        for row in rows
    ]
