"""What has left a part: where its words stand besides itself. Shown to its author before anything is narrowed."""

from __future__ import annotations

from collections.abc import Callable
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


_askers: list[Callable[[Part, Any], list[Left]]] = []


def offer_left(ask: Callable[[Part, Any], list[Left]]) -> None:
    """Called from `AppConfig.ready()` of a higher slice; `ask(part, author)` is answered in one query."""
    _askers.append(ask)


def left(part: Part, author: Any) -> list[Left]:
    """Everything that has left this part, for its author."""
    return [*_quotes(part, author), *_passages(part, author), *(each for ask in _askers for each in ask(part, author))]


def _quotes(part: Part, author: Any) -> list[Left]:
    rows = Quote.objects.visible_to(author).filter(part=part, withdrawn_at=None)
    address = reverse("read", args=[part.review_id])
    unread = _("A quote placed in the review, not published yet")
    return [
        Left(
            _("A quote, published for: %(reach)s") % {"reach": row.get_reach_display()} if row.reach else unread,
            address,
        )
        for row in rows
    ]


def _passages(part: Part, author: Any) -> list[Left]:
    rows = Perspective.objects.visible_to(author).agreed().filter(part=part).select_related("moment")
    what = _("A passage beside the moment of %(at)s, read by whoever holds this part")
    return [
        Left(
            what % {"at": f"{row.moment.at:%Y-%m-%d %H:%M} UTC"},
            reverse("accounts", args=[row.review_id, row.moment_id]),
        )
        for row in rows
    ]
