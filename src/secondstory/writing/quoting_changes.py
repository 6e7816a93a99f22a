"""Putting a quote into a section: the passage goes into a quote of its own, the section gets its place."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404

from secondstory.stories.models import Quote
from secondstory.stories.quote_changes import place_quote
from secondstory.texts import changes as text_changes
from secondstory.texts.models import Text
from secondstory.writing.models import Section


def put_quote(section_id: str, *, part_id: str, words: str, by: Any, form: str = "") -> Quote:
    """A quote on a line of its own at the end of the section."""
    section: Section | None = Section.objects.visible_to(by).filter(pk=section_id).first()
    if section is None:
        raise Http404
    with transaction.atomic():
        quote = place_quote(part_id, by=by, words=words, form=form)
        if quote.review_id != section.review_id:
            raise Http404
        # Whoever types there meanwhile saves before this, or is shown both.
        texts = Text.objects.for_system("the section's words, seen above").select_for_update()
        text = texts.get(pk=section.text_id)
        body = f"{text.body.rstrip()}\n\n[quote:{quote.pk}]\n".lstrip()
        text_changes.save(text.pk, body, text.version, by)
    return quote
