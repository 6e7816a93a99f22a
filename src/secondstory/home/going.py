"""Finds what somebody may go to: pages of the site, of the review they are in, and reviews by their words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from secondstory.reviews.models import Review
from secondstory.reviews.offers import pages

MOST = 7
REVIEW_ADDRESS = re.compile(r"^/reviews/(\w{12})/")


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go."""

    title: str
    address: str
    icon: str
    note: str = ""


def places(person: Any, words: str, at: str) -> list[Place]:
    """The nearest first: pages of the review one is in, then the site's, then other reviews."""
    near = [place for place in (*_of_review(person, at), *_of_site(person)) if _fits(words, place.title)]
    return [*near, *_reviews(person, words)]


def _fits(words: str, title: str) -> bool:
    return all(word in title.casefold() for word in words.casefold().split())


def _of_review(person: Any, at: str) -> list[Place]:
    found = REVIEW_ADDRESS.match(at)
    review = Review.objects.visible_to(person).with_part_of(person).filter(pk=found[1]).first() if found else None
    if review is None:
        return []
    return [
        Place(str(page.title), reverse(page.route, args=[review.pk]), page.icon or "page", review.title)
        for page in pages()
    ]


def _of_site(person: Any) -> Iterable[Place]:
    known = [
        (_("Home"), "home", "home"),
        (_("Reviews"), "reviews", "book"),
        (_("New review"), "review_new", "plus"),
        (_("Profile"), "profile", "person"),
    ]
    if person.is_administrator:
        known.append((_("Settings"), "settings", "settings"))
    for title, route, icon in known:
        try:
            yield Place(title, reverse(route), icon)
        except NoReverseMatch:
            continue


def _reviews(person: Any, words: str) -> list[Place]:
    """Participants are found by the working title, everybody else by the published one."""
    seen = Review.objects.visible_to(person)
    own = seen.with_part_of(person).filter(_all_words("title", words)).order_by("-changed_at")[:MOST]
    found = [Place(review.title, reverse("review", args=[review.pk]), review.kind, _stage(review)) for review in own]
    others = seen.exclude(pk__in=seen.with_part_of(person).values("pk")).filter(_all_words("published_title", words))
    read = others.exclude(published_title="").order_by("-happened_at")[: MOST - len(found)]
    published = _("Published")
    return [
        *found,
        *(Place(each.published_title, reverse("review", args=[each.pk]), each.kind, published) for each in read),
    ]


def _all_words(field: str, words: str) -> Q:
    return reduce(and_, (Q(**{f"{field}__icontains": word}) for word in words.split()), Q())


def _stage(review: Review) -> str:
    return str(Review.Stage(review.stage).label)
