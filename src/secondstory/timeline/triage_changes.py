"""Writes of triage: lines become a moment, or are left out, and either can be undone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from secondstory.evidence.models import Evidence
from secondstory.evidence.telling import folded, owners_of_handles
from secondstory.reviews.models import Participation, Review
from secondstory.reviews.record_changes import touched
from secondstory.timeline.changes import lane_named, lines_of, part_of, sound, written
from secondstory.timeline.models import Citation, Dismissal, Lane, Moment
from secondstory.timeline.rules import HIGHEST_NUMBER, SYSTEMS, Line, Row, moment_of


def accept(review: Review, by: Any, numbers: Iterable[int], row: Row | None = None) -> Moment:
    """One moment of one or several lines. `row` is what a person made of them; else their own words stand.

    Lines that already are a moment of their own, all of them and no other, answer with that moment.
    """
    with transaction.atomic():
        part_of(review, by)
        lines = lines_of(review, by, numbers)
        if row is None and (there := _made_of(lines)):
            return there
        row = sound(row or suggested(review, lines))
        if any(line.kind in SYSTEMS and line.service == row.lane for line in lines):
            lane_named(review, row.lane, Lane.Kind.SYSTEM)
        moment = written(review, by, row, "accepted", lines)
        Dismissal.objects.for_system("an accepted line is not left out").filter(evidence__in=lines).delete()
        touched(review)
    return moment


def suggested(review: Review, lines: list[Evidence]) -> Row:
    """The row these lines make by themselves."""
    plain = [Line(line.at, line.kind, line.text, line.author, line.service) for line in lines]
    return moment_of(plain, _roles(review, plain))


def dismiss(review: Review, by: Any, numbers: Iterable[int]) -> list[int]:
    """Leaves lines out of triage; answers with those that were not left out before."""
    with transaction.atomic():
        part_of(review, by)
        lines = lines_of(review, by, numbers)
        dismissals = Dismissal.objects.visible_to(by).filter(review=review)
        out = set(dismissals.filter(evidence__in=lines).values_list("evidence_id", flat=True))
        new = [line for line in lines if line.pk not in out]
        dismissals.bulk_create([Dismissal(review=review, evidence=line) for line in new])
        touched(review)
    return [line.number for line in new]


def undismiss(review: Review, by: Any, numbers: Iterable[int]) -> None:
    """Brings lines back into triage."""
    wanted = {number for number in numbers if number <= HIGHEST_NUMBER}
    with transaction.atomic():
        part_of(review, by)
        Dismissal.objects.visible_to(by).filter(review=review, evidence__number__in=wanted).delete()
        touched(review)


def _made_of(lines: list[Evidence]) -> Moment | None:
    first, *_ = lines
    cited = Citation.objects.for_system("whether these lines are a moment already")
    cited = cited.filter(moment__removed_at=None, evidence=first).select_related("moment")
    for citation in cited:
        rests_on = Citation.objects.for_system("all a moment rests on").filter(moment=citation.moment)
        if set(rests_on.values_list("evidence_id", flat=True)) == {line.pk for line in lines}:
            there: Moment = citation.moment
            return there
    return None


def _roles(review: Review, lines: list[Line]) -> dict[str, str]:
    authors = {line.author for line in lines if line.author}
    if not authors:
        return {}
    parts = Participation.objects.for_system("what handles are called in this review").filter(review=review)
    owners = owners_of_handles(parts)
    return {author: owners[folded(author)].role_label for author in authors if folded(author) in owners}
