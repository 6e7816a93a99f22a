"""What stories say to the slices below them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from secondstory.reviews.models import Review
from secondstory.reviews.offers import Need
from secondstory.reviews.taking_part import takes_part
from secondstory.sealing.offers import Sealed, sealed_to
from secondstory.stories.holding import grants_of
from secondstory.stories.models import Interview, InterviewNote, Invited, Otherwise, Part, Perspective, Quote, Story
from secondstory.texts.models import Text


def own_texts(person: Any) -> Any:
    """The texts of a story are read and written by its author; others are shown parts, never texts."""
    return Part.objects.visible_to(person).own_of(person).values("text_id")


def interview_texts(person: Any) -> Any:
    """Notes of an interview are read and written by the two who had it."""
    return InterviewNote.objects.visible_to(person).values("text_id")


def place_of_part(text_id: str) -> str:
    """What the text of a part is bound to as its row stands."""
    part = Part.objects.for_system("what its words are bound to").get(text_id=text_id)
    return part.place(grants_of(part))


def place_of_note(text_id: str) -> str:
    """What the text of an interview's note is bound to."""
    notes = InterviewNote.objects.for_system("what its words are bound to").select_related("interview")
    return str(notes.get(text_id=text_id).place)


def sealed_columns() -> list[Sealed]:
    """All that stories keep sealed, for changing and checking keys."""

    def texts_of(kind: str) -> Any:
        return Text.objects.for_system("keys are being changed or checked").filter(kind=kind)

    def beside() -> Any:
        return Perspective.objects.for_system("keys are being changed or checked").select_related("part")

    def later() -> Any:
        rows = Otherwise.objects.for_system("keys are being changed or checked")
        return rows.select_related("perspective__part")

    def quotes() -> Any:
        return Quote.objects.for_system("keys are being changed or checked")

    def place_beside(row: Any) -> str:
        return str(row.place(grants_of(row.part)))

    def place_later(row: Any) -> str:
        return str(row.place(grants_of(row.perspective.part)))

    places = [
        ("parts of stories", lambda: texts_of("story"), lambda row: place_of_part(row.pk)),
        ("notes of interviews", lambda: texts_of("interview"), lambda row: place_of_note(row.pk)),
        ("passages beside moments", beside, place_beside),
        ("what was later found otherwise", later, place_later),
        ("quotes", quotes, lambda row: row.place),
    ]
    return [Sealed(name, rows, "stored", sealed_to("stored", place)) for name, rows, place in places]


def asked_for_an_account(person: Any) -> list[Need]:
    """Reviews that ask this person for their account and have nothing of it yet, unless they set it aside."""
    if not person.is_authenticated:
        return []
    told = Part.objects.visible_to(person).own_of(person).exclude(audience=Part.Audience.ME).values("review_id")
    aside = Story.objects.visible_to(person).exclude(set_aside_at=None).values("review_id")
    rows = Invited.objects.visible_to(person).filter(person_id=person.pk).exclude(review__stage=Review.Stage.CLOSED)
    rows = rows.exclude(review__in=told).exclude(review__in=aside).select_related("review")
    what = _("You are asked how it looked from where you stood")
    return [Need(what, each.review.title, reverse("story", args=[each.review_id]), each.at) for each in rows]


def asked_about_a_passage(person: Any) -> list[Need]:
    """Passages that a facilitator would like to lay beside a moment."""
    if not person.is_authenticated:
        return []
    rows = Perspective.objects.visible_to(person).filter(takes_part(person), part__author_id=person.pk, agreed_at=None)
    what = _("May a passage of yours stand beside a moment?")
    return [
        Need(what, each.review.title, reverse("story", args=[each.review_id]) + "#asked", each.asked_at)
        for each in rows.select_related("review")
    ]


def interview_to_confirm(person: Any) -> list[Need]:
    """Notes of a one-to-one that are this person's to confirm, change or withdraw."""
    if not person.is_authenticated:
        return []
    talks = Interview.objects.visible_to(person).filter(takes_part(person), interviewee_id=person.pk)
    what = _("Notes of your conversation: confirm, change or withdraw them")
    return [
        Need(what, each.review.title, reverse("interview", args=[each.review_id, each.pk]), each.created_at)
        for each in talks.select_related("review")
    ]
