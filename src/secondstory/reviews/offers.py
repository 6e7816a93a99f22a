"""What higher slices say about a review: what a stage still needs, and which pages a review has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django_stubs_ext import StrPromise

from secondstory.access.questions import Question
from secondstory.reviews.models import Review


@dataclass(frozen=True, slots=True)
class Missing:
    """Something a stage still needs, and the page where it is put right."""

    stage: str
    what: str
    address: str


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for one person: what, in which review, where to go, since or until when."""

    what: str
    about: str
    address: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the workshop. `route` is a route name that takes the review's id."""

    key: str
    title: StrPromise | str
    route: str
    position: int
    icon: str = ""


_askers: list[Callable[[Review, Any], list[Missing]]] = []
_pages: list[Page] = []
_needs: list[Callable[[Any], list[Need]]] = []
_known: dict[str, Question] = {}
_clearings: list[Callable[[str], None]] = []


def offer_missing(ask: Callable[[Review, Any], list[Missing]]) -> None:
    """Called from `AppConfig.ready()`; `ask(review, person)` is answered at most in two queries.

    The review bears what `offer_known` reads along, so most need none.
    """
    _askers.append(ask)


def offer_known(name: str, question: type[Question]) -> None:
    """Called from `AppConfig.ready()`; asked of the id of every workshop's review and read along with it as `name`."""
    _known[name] = question({"review": "pk"})


def known() -> dict[str, Question]:
    """What the slices above want read along with a review."""
    return _known


def offer_need(ask: Callable[[Any], list[Need]]) -> None:
    """Called from `AppConfig.ready()`; `ask(person)` is answered in one query, for the home page."""
    _needs.append(ask)


def needs_of(person: Any) -> list[Need]:
    """Everything that waits for this person, the earliest first."""
    needs = [need for ask in _needs for need in ask(person)]
    return sorted(needs, key=lambda need: (need.at is None, need.at))


def offer_page(page: Page) -> None:
    """Called from `AppConfig.ready()`."""
    _pages.append(page)
    _pages.sort(key=lambda each: each.position)


def missing(review: Review, person: Any) -> list[Missing]:
    """All that this review still needs, as far as this person may know."""
    return [each for ask in _askers for each in ask(review, person)]


def pages() -> list[Page]:
    """The pages of a review's workshop in their order."""
    return list(_pages)


def offer_clearing(clear: Callable[[str], None]) -> None:
    """Called from `AppConfig.ready()`; `clear(review_id)` deletes what does not go with the review's row.

    That is stored files and rows that hold no foreign key to the review. Texts go by themselves. It is called
    outside any transaction and may be called again after a crash.
    """
    _clearings.append(clear)


def clear(review_id: str) -> None:
    """Has every slice delete what it keeps of a review outside the review's rows."""
    for each in _clearings:
        each(review_id)
