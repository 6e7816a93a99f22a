"""A written review becomes a review of its own: every slice brings in its part, all of them or none."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from secondstory.actions import changes as actions
from secondstory.people.models import Team
from secondstory.reviews import changes as reviews
from secondstory.reviews.models import Review, Service, Severity
from secondstory.texts import changes as texts
from secondstory.timeline import changes as timeline
from secondstory.writing import chain_changes
from secondstory.writing import changes as writing
from secondstory.writing.chains import links_of
from secondstory.writing.exporters.markdown import as_moment
from secondstory.writing.importing import document_from
from secondstory.writing.models import Chain, Section

if TYPE_CHECKING:
    from secondstory.people.models import Person
    from secondstory.writing.document import Document, Part


class Unreadable(Exception):
    """The text is no review; says what is missing."""


def bring_in(markdown: str, by: Person) -> Review:
    """Open a review from Markdown with front matter."""
    try:
        document = document_from(markdown)
        happened_at = datetime.fromisoformat(document.happened_at)
    except ValueError as error:
        raise Unreadable(str(error) or "it has no front matter with kind, title and date") from error
    with transaction.atomic():
        review = _review(document, happened_at, by)
        _times(document, review, by)
        timeline.import_rows(review, by, [as_moment(row) for row in document.timeline])
        _sections(document, review, by)
        _rows(document, review, by)
    return review


def _review(document: Document, happened_at: datetime, by: Person) -> Review:
    return reviews.create_review(
        by=by,
        kind=document.kind,
        title=document.title,
        happened_at=happened_at,
        zone=document.zone,
        severity=Severity.objects.visible_to(by).filter(name=document.severity).first(),
        services=Service.objects.visible_to(by).filter(name__in=document.services),
    )


def _times(document: Document, review: Review, by: Person) -> None:
    known = {time.name: datetime.fromisoformat(time.at) for time in document.times if time.at}
    reviews.set_times(review, by=by, times=known)


def _sections(document: Document, review: Review, by: Person) -> None:
    writing.lay_out(review, by=by)
    sections = {section.key: section for section in Section.objects.visible_to(by).filter(review=review)}
    for part in document.parts:
        if part.key in sections:
            _section(part, sections[part.key], by)


def _section(part: Part, section: Section, by: Person) -> None:
    if part.body:
        texts.save(section.text_id, part.body, section.text.version, by)
    if part.state != Section.State.OPEN:
        writing.mark(section.pk, by=by, state=part.state, reason=part.reason)


def _rows(document: Document, review: Review, by: Person) -> None:
    for factor in document.factors:
        writing.add_factor(review, by=by, group=factor.group, words=factor.words)
    for kind, chains in ((Chain.Kind.HOW, document.chains), (Chain.Kind.STORY, document.second_stories)):
        for chain in chains:
            chain_changes.add(review, by=by, kind=kind, question=chain.question, links=links_of(chain.links))
    teams = {team.name: team.pk for team in Team.objects.visible_to(by)}
    for row in document.actions:
        words = actions.Words(
            wording=row.wording, state=row.state, success_metric=row.metric, team=teams.get(row.owner)
        )
        actions.add(review, words, by=by)
