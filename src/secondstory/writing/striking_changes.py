"""When a line of evidence is struck at somebody's request, its words go from what was written and published as well."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from secondstory.texts.models import Snapshot, Text
from secondstory.timeline.rules import without
from secondstory.writing.document import Document, with_every_text
from secondstory.writing.models import Chain, ChainSnapshot, Publication, Section, Version

# "Rolled back" is everybody's; four words in a row are somebody's.
FEWEST_WORDS = 4


def let_go(review_id: str, quote: str) -> None:
    """Takes the words out of sections with their history, of wishes to publish, and of every published version."""
    if len(quote.split()) < FEWEST_WORDS:
        return
    with transaction.atomic():
        for model in (Version, Publication):
            for row in model.objects.for_system("copies that quote a struck line").filter(review_id=review_id):
                _less_of_a_document(row, quote)
        for kind in (Chain, ChainSnapshot):
            for kept in kind.objects.for_system("chains that quote a struck line").filter(review_id=review_id):
                _less_of_a_chain(kept, quote)
        held = Section.objects.for_system("texts that may quote a struck line").filter(review_id=review_id)
        for text in Text.objects.for_system("texts that may quote a struck line").filter(pk__in=held.values("text_id")):
            _less_of_a_text(text, quote)


def _less_of_a_document(row: Any, quote: str) -> None:
    if not row.document:
        return
    kept = with_every_text(Document.from_json(row.document), lambda text: _less(text, quote)).as_json()
    if kept != row.document:
        row.document = kept
        row.save(update_fields=["document"])


def _less_of_a_chain(row: Any, quote: str) -> None:
    links = [{**each, "words": _less(each["words"], quote)} for each in row.links]
    question = _less(row.question, quote)
    if (question, links) != (row.question, row.links):
        row.question, row.links = question, links
        row.save(update_fields=["question", "links"])


def _less_of_a_text(text: Text, quote: str) -> None:
    for snapshot in Snapshot.objects.for_system("its history quotes it too").filter(text=text):
        if (kept := _less(snapshot.stored, quote)) != snapshot.stored:
            snapshot.stored = kept
            snapshot.save(update_fields=["stored"])
    if (kept := _less(text.body, quote)) != text.body:
        text.body, text.version = kept, text.version + 1
        text.save()


def _less(text: str, quote: str) -> str:
    return without(text, quote, _("(taken back)"))
