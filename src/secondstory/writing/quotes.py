"""Quotes in the written review: the one place where `[quote:ID]` becomes words, for whoever reads and as far as they may.

Texts, snapshots, wishes to publish and versions keep the placeholder alone. A version adds what a quote is signed with
and where in it a name gives way to a label: places and labels, never the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from secondstory.stories.models import Part
from secondstory.stories.quoting import PLACEHOLDER, Quoted, Withdrawn, ids_in, words_of
from secondstory.writing.document import Document, QuoteRow
from secondstory.writing.names import Names
from secondstory.writing.telling import html_of

Found = Mapping[str, Quoted | Withdrawn]


def quotes_in(document: Document) -> list[str]:
    """The quotes that sections of a document place."""
    return list(dict.fromkeys(id_ for part in document.parts for id_ in ids_in(part.body)))


def quotes_for(review: Any, viewer: Any, texts: Iterable[str]) -> Found:
    """What stands in the place of each quote of these texts, for this viewer. No query where there is none."""
    ids = [id_ for text in texts for id_ in ids_in(text)]
    return words_of(review, viewer, ids) if ids else {}


def found_in(document: Document, review: Any, viewer: Any) -> Found:
    """The same for a document."""
    return quotes_for(review, viewer, (part.body for part in document.parts))


def filled(document: Document, found: Found) -> Document:
    """The document as this viewer reads it: a quote they may not read leaves no trace."""
    kept = {row.id: row for row in document.quotes}
    parts = tuple(replace(part, body=with_words(part.body, found, kept)) for part in document.parts)
    return replace(document, parts=parts, quotes=())


def as_read(document: Document, review: Any, viewer: Any) -> Document:
    """The document with its quotes as this viewer may read them."""
    return filled(document, found_in(document, review, viewer))


def with_words(body: str, found: Found, kept: Mapping[str, QuoteRow] | None = None) -> str:
    """The text with every placeholder answered."""
    return PLACEHOLDER.sub(lambda at: _markdown(found.get(at[1]), (kept or {}).get(at[1])), body)


def placed(body: str, found: Found) -> list[tuple[str, SafeString]]:
    """The quotes of a text one by one, as its writers see them: the placeholder, and what it says."""
    lines = [(f"[quote:{id_}]", with_words(f"[quote:{id_}]", found)) for id_ in ids_in(body)]
    return [(line, mark_safe(html_of(said))) for line, said in lines if said]  # noqa: S308 - `rendered` made it clean


def only_read(body: str, found: Found) -> str:
    """The text with those quotes alone that `found` has words for: what nobody could check is not published."""
    return PLACEHOLDER.sub(lambda at: at[0] if isinstance(found.get(at[1]), Quoted) else "", body)


def without_quotes(body: str) -> str:
    """The text without its quotes, for lists and summaries."""
    return PLACEHOLDER.sub("", body)


def _markdown(quote: Quoted | Withdrawn | None, kept: QuoteRow | None) -> str:
    if quote is None:
        return ""
    if isinstance(quote, Withdrawn):
        return f"> *{_('cannot be opened') if quote.shut else _('withdrawn by its author')}*"
    words, signed = _for_readers(quote, kept) if kept else (quote.words, quote.attribution)
    return f"> “{words}”" + (f"\n>\n> — {signed}" if signed else "")


def _for_readers(quote: Quoted, kept: QuoteRow) -> tuple[str, str]:
    """With labels for the names others are called by, and signed as the author allows today."""
    words, last = "", 0
    for start, end, label in kept.instead:
        words += quote.words[last:start] + label
        last = end
    label = kept.label if quote.form == Part.QuoteAs.LABEL else quote.attribution
    return words + quote.words[last:], label


def quote_rows(ids: Iterable[str], found: Found, names: Names) -> tuple[QuoteRow, ...]:
    """What a version keeps of its quotes."""
    quoted = [(id_, quote) for id_, quote in ((id_, found.get(id_)) for id_ in ids) if isinstance(quote, Quoted)]
    return tuple(QuoteRow(id_, names.label_of(quote.author), names.replacements(quote.words)) for id_, quote in quoted)
