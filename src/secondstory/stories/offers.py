"""What stories say to the slices below them."""

from __future__ import annotations

from typing import Any

from secondstory.sealing.offers import Sealed, sealed_to
from secondstory.stories.holding import grants_of
from secondstory.stories.models import InterviewNote, Otherwise, Part, Perspective, Quote
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
