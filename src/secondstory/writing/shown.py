"""A document made ready for a page: HTML in place of Markdown, rows in groups and days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from secondstory.reviews.models import Review
from secondstory.writing.document import ActionRow, ChainRow, Document, Part, Row
from secondstory.writing.models import Factor
from secondstory.writing.telling import html_of

OWN_PICTURE = re.compile(r'src="/reviews/[0-9a-z]{12}/images/(\d+)"')
MINUTES_IN_AN_HOUR = 60
HOURS_TOLD_IN_HOURS = 48


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A moment with its time as it was where it happened."""

    row: Row
    at: datetime
    until: datetime | None
    what: SafeString


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A section with everything that stands in it."""

    key: str
    title: str
    html: SafeString | str = ""
    reason: str = ""
    not_applicable: bool = False
    days: list[tuple[date, list[ShownRow]]] = field(default_factory=list)
    factors: list[tuple[str, list[SafeString]]] = field(default_factory=list)
    actions: list[ActionRow] = field(default_factory=list)
    chains: list[ChainRow] = field(default_factory=list)
    second_stories: list[ChainRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the document's template needs."""

    title: str
    kind: str
    kind_key: str
    happened_at: datetime | None
    zone: str
    facts: list[tuple[str, Any, bool]]
    parts: list[ShownPart]


def shown(document: Document, picture: Callable[[int], str]) -> Shown:
    """The document for a template. `picture` says where this reader gets a picture from."""
    return Shown(
        title=document.title,
        kind=str(Review.Kind(document.kind).label) if document.kind in Review.Kind.values else document.kind,
        kind_key=document.kind,
        happened_at=_time(document.happened_at),
        zone=document.zone,
        facts=_facts(document),
        parts=[_part(document, part, picture) for part in document.parts],
    )


def _part(document: Document, part: Part, picture: Callable[[int], str]) -> ShownPart:
    if part.state == "na":
        return ShownPart(part.key, part.title, reason=part.reason, not_applicable=True)
    return ShownPart(
        part.key,
        part.title,
        html=_html(part.body, picture),
        days=days_of(document.timeline) if part.key == "timeline" else [],
        factors=_factors(document, picture) if part.key == "factors" else [],
        actions=[replace(each, due=_day(each.due)) for each in document.actions] if part.key == "actions" else [],
        chains=list(document.chains) if part.key == "factors" else [],
        second_stories=list(document.second_stories) if part.key == "factors" else [],
    )


def _html(body: str, picture: Callable[[int], str]) -> SafeString:
    html = OWN_PICTURE.sub(lambda found: f'src="{picture(int(found[1]))}"', html_of(body))
    return mark_safe(html)  # noqa: S308 - what `rendered` made of Markdown is clean


def days_of(timeline: Iterable[Row]) -> list[tuple[date, list[ShownRow]]]:
    """Moments by the day they happened on, there."""
    rows = [_row(row) for row in timeline]
    return [(day, list(here)) for day, here in groupby(rows, key=lambda each: each.at.date())]


def _row(row: Row) -> ShownRow:
    until = datetime.fromisoformat(row.until) if row.until else None
    return ShownRow(row, datetime.fromisoformat(row.at), until, _lines(row.what))


def _lines(words: str) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in words.split("\n")))


def _factors(document: Document, picture: Callable[[int], str]) -> list[tuple[str, list[SafeString]]]:
    groups = [
        (str(group.label), [_html(each.words, picture) for each in document.factors if each.group == group.value])
        for group in Factor.Group
    ]
    return [(title, rows) for title, rows in groups if rows]


def _facts(document: Document) -> list[tuple[str, Any, bool]]:
    """Title, words, and whether they are unknown: absent data is said, not guessed."""
    facts: list[tuple[str, Any, bool]] = [(_("When"), _told(document.happened_at), False)]
    facts += [(_("Severity"), document.severity, False)] if document.severity else []
    facts.append((_("Duration"), *_duration(document)))
    facts += [(_("Services"), ", ".join(document.services), False)] if document.services else []
    facts += [(_("People"), ", ".join(document.people), False)] if document.people else []
    facts += [(each.title, _told(each.at) or _("unknown"), not each.at) for each in document.times]
    return facts


def _time(at: str) -> datetime | None:
    try:
        return datetime.fromisoformat(at)
    except ValueError:
        return None


def _told(at: str) -> SafeString | str:
    found = _time(at)
    return format_html('<time datetime="{}">{}</time>', at, date_format(found, "j M Y, H:i")) if found else at


def _day(at: str) -> str:
    found = _time(at)
    return date_format(found, "j M Y") if found else at


def _duration(document: Document) -> tuple[str, bool]:
    known = {each.name: _time(each.at) for each in document.times}
    for first, last in (("started", "resolved"), ("started", "finished"), ("promised", "delivered")):
        begin, end = known.get(first), known.get(last)
        if begin and end and end >= begin:
            return told_duration(end - begin), False
    return _("unknown"), True


def told_duration(length: timedelta) -> str:
    """A length of time in the two units that matter."""
    minutes = int(length.total_seconds()) // 60
    hours, rest = divmod(minutes, MINUTES_IN_AN_HOUR)
    if hours >= HOURS_TOLD_IN_HOURS:
        return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}
    told = ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest}
    if not hours:
        return told
    first = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return _("%(hours)s %(minutes)s") % {"hours": first, "minutes": told} if rest else first
