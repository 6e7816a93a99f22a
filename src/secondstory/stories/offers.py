"""What stories say to the slices below them."""

from __future__ import annotations

from typing import Any

from secondstory.stories.models import Grant, InterviewNote, Part


def own_texts(person: Any) -> Any:
    """The texts of a story are read and written by its author; others are shown parts, never texts."""
    return Part.objects.visible_to(person).own_of(person).values("text_id")


def interview_texts(person: Any) -> Any:
    """Notes of an interview are read and written by the two who had it."""
    return InterviewNote.objects.visible_to(person).values("text_id")


def place_of_part(text_id: str) -> str:
    """What the text of a part is bound to as its row stands."""
    part = Part.objects.for_system("what its words are bound to").get(text_id=text_id)
    return str(part.place(Grant.objects.for_system("the people its audience holds").standing().filter(part=part)))


def place_of_note(text_id: str) -> str:
    """What the text of an interview's note is bound to."""
    notes = InterviewNote.objects.for_system("what its words are bound to").select_related("interview")
    return str(notes.get(text_id=text_id).place)
