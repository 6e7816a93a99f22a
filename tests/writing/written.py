"""A review written to the end, and published; everything in it is invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.cast import HAPPENED, Cast

from secondstory.actions import changes as action_changes
from secondstory.reviews.models import Audience, Review
from secondstory.texts import changes as text_changes
from secondstory.timeline.models import Lane, Moment
from secondstory.writing import changes, publishing_changes
from secondstory.writing.models import NameChoice, Section, Version

BODIES = {
    "summary": "Checkout answered slowly for forty minutes. Ana saw the queue grow and asked Cleo to stop the release.",
    "impact": "Every fourth order waited longer than ten seconds.",
    "learnings": "The queue is only visible to whoever looks at the **old** board.",
}


def section_of(review: Review, key: str) -> Section:
    return Section.objects.for_system("a test's look").select_related("text").get(review=review, key=key)


def body_of(review: Review, key: str) -> str:
    return str(section_of(review, key).text.body)


def write(review: Review, key: str, body: str, by: Any) -> None:
    section = section_of(review, key)
    text_changes.save(section.text_id, body, section.text.version, by)


def add_moments(review: Review, count: int = 2) -> None:
    lane = Lane.objects.for_system("a test's setting").get_or_create(review=review, name="on-call engineer")[0]
    for number in range(count):
        at = HAPPENED + timedelta(minutes=number)
        Moment(
            review=review, lane=lane, at=at, what=f"The queue held {number} orders", information="the old board"
        ).save()


def write_everything(cast: Cast, review: Review) -> None:
    """Words in every section that belongs to every review, moments, factors and actions."""
    changes.lay_out(review, by=cast.bo)
    for key, body in BODIES.items():
        write(review, key, body, cast.ana)
    add_moments(review)
    changes.add_factor(review, by=cast.cleo, group="tooling", words="The new board shows rates, not lengths.")
    words = action_changes.Words("Show the queue's length on the new board", owner=cast.ana.pk, due=date(2026, 4, 1))
    action_changes.add(review, words, by=cast.bo)


def decide_all_names(cast: Cast, review: Review, choice: str = "replace:") -> None:
    from secondstory.writing.composing import draft
    from secondstory.writing.naming import naming

    for about in naming(review, cast.bo, draft(review, cast.bo)).undecided:
        publishing_changes.choose_name(review, by=cast.bo, about=about, choice=choice)


def publish(cast: Cast, review: Review, audience: str = Audience.ORGANISATION) -> Version:
    """Bo asks, everybody agrees."""
    if not Section.objects.for_system("a test's look").filter(review=review).exists():
        write_everything(cast, review)
    decide_all_names(cast, review)
    publication = publishing_changes.ask(review, by=cast.bo, audience=audience)
    for who in (cast.ana, cast.cleo, cast.gil):
        publishing_changes.answer(publication.pk, by=who, agrees=True)
    return Version.objects.for_system("a test's look").filter(review=review).newest_first()[0]


def choices_of(review: Review) -> dict[str, str]:
    return dict(NameChoice.objects.for_system("a test's look").filter(review=review).values_list("about", "choice"))
