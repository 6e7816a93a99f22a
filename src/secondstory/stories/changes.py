"""Telling a story, choosing who holds it, taking it back."""

from __future__ import annotations

from secondstory.texts.models import Text


def forget_words(text_id: str) -> None:
    """The words of a part or a note that is gone. Within the caller's transaction."""
    Text.objects.for_system("the row they were told in is gone").filter(pk=text_id).delete()
