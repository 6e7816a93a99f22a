"""The review as a document: as its participants write it, and as it is frozen for readers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from secondstory.reviews.models import KeyTime, Review
from secondstory.reviews.rules import KEY_TIMES, zone_named
from secondstory.timeline.models import Citation, Difference, Moment
from secondstory.timeline.wording import source
from secondstory.writing import offers
from secondstory.writing.beside import Beside, beside
from secondstory.writing.document import ChainRow, Document, Part, Row, Time, with_every_text
from secondstory.writing.models import Chain, Section
from secondstory.writing.names import Names
from secondstory.writing.quotes import Found, only_read, quote_rows, quotes_in
from secondstory.writing.rules import words_of_ones_own

# A link into the workshop leads a reader nowhere; its words stay.
WORKSHOP_LINK = re.compile(r"(?<!!)\[([^\]\n]*)\]\(/reviews/[^)\s]*\)")


def draft(
    review: Review, person: Any, sections: Sequence[Section] | None = None, rows: Beside | None = None
) -> Document:
    """The review as it stands now, for one of its participants."""
    rows = rows or beside(review, person)
    if sections is None:
        sections = list(Section.objects.visible_to(person).filter(review=review).select_related("text"))
    return Document(
        kind=review.kind,
        title=review.title,
        happened_at=review.happened_at.astimezone(zone_named(review.zone)).isoformat(),
        zone=review.zone,
        severity=review.severity.name if review.severity else "",
        services=tuple(rows.services),
        people=tuple(dict.fromkeys(rows.labels)),
        times=_times(review, rows.times),
        parts=tuple(_part(each) for each in sections if each.state != Section.State.REMOVED),
        timeline=timeline_of(review, person),
        factors=tuple(rows.factors),
        actions=tuple(offers.exported(review, person)),
        chains=tuple(rows.chains[Chain.Kind.HOW]),
        second_stories=tuple(rows.chains[Chain.Kind.STORY]),
    )


def _part(section: Section) -> Part:
    away = section.state == Section.State.NOT_APPLICABLE
    return Part(section.key, section.title, "" if away else section.text.body, section.state, section.reason)


def _times(review: Review, known: dict[str, datetime]) -> tuple[Time, ...]:
    zone = zone_named(review.zone)
    return tuple(
        Time(name, str(KeyTime.Name(name).label), known[name].astimezone(zone).isoformat() if name in known else "")
        for name in KEY_TIMES[review.kind]
    )


def timeline_of(review: Review, person: Any, *, with_sources: bool = True) -> tuple[Row, ...]:
    """The standing moments as readers will see them."""
    zone = zone_named(review.zone)
    told = Difference.objects.visible_to(person).told().filter(review=review)
    moments: Any = Moment.objects.visible_to(person).standing().filter(review=review).select_related("lane")
    moments = list(moments.annotate(differs=Exists(told.filter(moment=OuterRef("pk")))))
    sources = _sources(review, person, zone) if with_sources else defaultdict(list)
    differing = _differing(told) if any(each.differs for each in moments) else defaultdict(list)
    return tuple(
        Row(
            at=each.at.astimezone(zone).isoformat(),
            when=each.when,
            until=each.until.astimezone(zone).isoformat() if each.until else "",
            what=each.what,
            information=each.information,
            decision=each.decision,
            lane=each.lane.name if each.lane else "",
            perspective=each.perspective,
            pivot=each.pivot,
            sources=tuple(dict.fromkeys(sources[each.pk])),
            differing=tuple(differing[each.pk]),
        )
        for each in moments
    )


def _differing(told: Any) -> defaultdict[str, list[str]]:
    """How else it was for somebody, in their words; whose they are is not said."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for moment, words in told.values_list("moment_id", "words"):
        found[moment].append(words)
    return found


def _sources(review: Review, person: Any, zone: ZoneInfo) -> defaultdict[str, list[str]]:
    cited = Citation.objects.visible_to(person).filter(review=review).order_by("evidence__at", "evidence__number")
    found: defaultdict[str, list[str]] = defaultdict(list)
    for moment, kind, at in cited.values_list("moment_id", "evidence__kind", "evidence__at"):
        found[moment].append(_("from %(source)s, %(time)s") % {"source": source(kind), "time": _clock(at, zone)})
    return found


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def frozen(document: Document, names: Names, found: Found | None = None) -> Document:
    """The document as readers get it: labels for names, no links into the workshop, no section without words.

    A question that nobody answered stays behind, and so does a first story without its second. `found` are the quotes
    as whoever freezes it reads them: the document keeps their places alone, and no quote that was not read for names.
    """
    labels = {row.person for row in document.actions if row.person}
    owners = {person: names.label_of(person) for person in labels}
    bare = replace(
        document,
        actions=tuple(replace(row, owner=owners.get(row.person, row.owner), person="") for row in document.actions),
        parts=tuple(replace(each, body=only_read(_for_readers(each.body), found or {})) for each in document.parts),
        chains=_answered(document, document.chains),
        second_stories=_answered(document, document.second_stories),
    )
    told = with_every_text(bare, names.replaced)
    # An owner's label was chosen already; replacing in it would put a label into a label.
    actions = tuple(
        replace(row, owner=owners[was.person]) if was.person else row
        for row, was in zip(told.actions, document.actions, strict=True)
    )
    people = tuple(sorted({names.replaced(label) for label in document.people}))
    parts = tuple(each for each in told.parts if has_words(told, each))
    quotes = quote_rows(quotes_in(told), found or {}, names)
    return replace(told, actions=actions, people=people, parts=parts, quotes=quotes)


def _answered(document: Document, chains: Sequence[ChainRow]) -> tuple[ChainRow, ...]:
    part = document.part("factors")
    return tuple(each for each in chains if each.links and part and part.state != Section.State.NOT_APPLICABLE)


def _for_readers(body: str) -> str:
    return WORKSHOP_LINK.sub(r"\1", words_of_ones_own(body))


def has_words(document: Document, part: Part) -> bool:
    """Whether a section says anything to a reader."""
    rows = {
        "timeline": document.timeline,
        "factors": (*document.factors, *document.chains, *document.second_stories),
        "actions": document.actions,
    }
    return bool(part.state == "na" or part.body.strip() or rows.get(part.key))
