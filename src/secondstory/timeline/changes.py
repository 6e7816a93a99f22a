"""Every write to moments: who may, in one transaction, kept in the moment's history, told to who looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils import timezone

from secondstory.evidence.models import Evidence
from secondstory.reviews.models import Review
from secondstory.reviews.record_changes import touched
from secondstory.timeline.models import Citation, Lane, Moment, MomentChange
from secondstory.timeline.rules import HIGHEST_NUMBER, Line, Refused, Row, problems, tidied, words_of


class Conflict(Exception):
    """Somebody changed the moment in between; carries it as it now stands."""

    def __init__(self, moment: Moment) -> None:
        super().__init__("changed by somebody else in between")
        self.moment = moment


def add(review: Review, by: Any, row: Row) -> Moment:
    """A moment as somebody wrote it; raises Refused when it cannot stand."""
    row = sound(row)
    with transaction.atomic():
        part_of(review, by)
        moment = written(review, by, row, "added")
        touched(review)
    return moment


def edit(moment_id: str, by: Any, row: Row, version: int) -> Moment:
    """Writes a row over `version`; raises Conflict when another version stands there."""
    row = sound(row)
    with transaction.atomic():
        moment = to_change(moment_id, by)
        before = moment.row
        if row == before:
            return moment
        if moment.version != version:
            raise Conflict(moment)
        _fill(moment, row)
        save_with_history(moment, by, "edited", _told(before), _told(row))
    return moment


def set_pivot(moment_id: str, by: Any, *, pivot: bool) -> Moment:
    """Marks a moment as a point where things could have gone another way, or takes the mark off."""
    with transaction.atomic():
        moment = to_change(moment_id, by)
        if moment.pivot != pivot:
            moment.pivot = pivot
            save_with_history(moment, by, "edited", {"pivot": not pivot}, {"pivot": pivot})
    return moment


def remove(moment_id: str, by: Any, version: int | None = None) -> Moment:
    """Takes a moment out of the timeline; it and its history stay, and it can be put back."""
    with transaction.atomic():
        moment = to_change(moment_id, by)
        if version is not None and moment.version != version:
            raise Conflict(moment)
        moment.removed_at = timezone.now()
        save_with_history(moment, by, "removed", _told(moment.row), {})
    return moment


def remove_all(versions: Mapping[str, int], by: Any) -> None:
    """Takes moments out, all or none; raises Conflict when one was changed since."""
    with transaction.atomic():
        for moment_id, version in versions.items():
            remove(moment_id, by, version)


def put_back(moment_id: str, by: Any) -> Moment:
    """Undoes a removal."""
    with transaction.atomic():
        moment = to_change(moment_id, by, removed=True)
        if moment.removed_at:
            moment.removed_at = None
            save_with_history(moment, by, "put_back", {}, _told(moment.row))
    return moment


def cite(moment_id: str, by: Any, numbers: Iterable[int]) -> Moment:
    """Rests a moment on further lines of evidence."""
    with transaction.atomic():
        moment = to_change(moment_id, by)
        added = rest_on(moment, lines_of(moment.review, by, numbers))
        if added:
            save_with_history(moment, by, "cited", {}, {"evidence": added})
    return moment


def uncite(moment_id: str, by: Any, numbers: Iterable[int]) -> Moment:
    """Takes lines of evidence off a moment; the lines stay in the review."""
    with transaction.atomic():
        moment = to_change(moment_id, by)
        wanted = {number for number in numbers if number <= HIGHEST_NUMBER}
        gone = Citation.objects.visible_to(by).filter(moment=moment, evidence__number__in=wanted)
        taken = sorted(gone.values_list("evidence__number", flat=True))
        if taken:
            gone.delete()
            save_with_history(moment, by, "uncited", {"evidence": taken}, {})
    return moment


def import_rows(review: Review, by: Any, rows: Sequence[Row]) -> list[Moment]:
    """Adds the rows of a table, all or none; a row that already stands in the timeline is not doubled."""
    rows = [sound(row) for row in rows]
    with transaction.atomic():
        part_of(review, by)
        standing = Moment.objects.visible_to(by).standing().filter(review=review).select_related("lane")
        there = {moment.row for moment in standing}
        moments = [written(review, by, row, "imported") for row in dict.fromkeys(rows) if row not in there]
        touched(review)
    return moments


def sound(row: Row) -> Row:
    """The row as it will be stored, or Refused."""
    row = tidied(row)
    if found := problems(row):
        raise Refused(found)
    return row


def part_of(review: Review, by: Any) -> Review:
    """The review, if this person takes part in it; absent otherwise."""
    mine = Review.objects.visible_to(by).with_part_of(by).filter(pk=review.pk).first()
    if mine is None:
        raise Http404
    return mine


def lines_of(review: Review, by: Any, numbers: Iterable[int]) -> list[Evidence]:
    """These lines of the review's evidence in their order in time; a number that is not there is 404."""
    wanted = set(numbers)
    if not wanted or max(wanted) > HIGHEST_NUMBER:
        raise Http404
    lines = list(Evidence.objects.visible_to(by).filter(review=review, number__in=wanted, struck_at=None))
    if len(lines) != len(wanted):
        raise Http404
    return lines


def to_change(moment_id: str, by: Any, *, removed: bool = False) -> Moment:
    """The moment, locked for this transaction, if this person may change it."""
    moments = Moment.objects.visible_to(by).select_for_update(of=("self",)).select_related("lane", "review")
    moment: Moment | None = moments.filter(pk=moment_id).first()
    if moment is None or (moment.removed_at and not removed):
        raise Http404
    return moment


def written(review: Review, by: Any, row: Row, what: str, lines: Sequence[Evidence] = ()) -> Moment:
    """A new moment with its first line of history."""
    moment = Moment(review=review)
    _fill(moment, row)
    moment.save(force_insert=True)
    after = _told(row)
    if numbers := rest_on(moment, lines):
        after["evidence"] = numbers
    _note(moment, by, what, {}, after)
    return moment


def rest_on(moment: Moment, lines: Sequence[Evidence]) -> list[int]:
    """Cites lines that are not cited yet, and answers with their numbers."""
    cited = Citation.objects.for_system("cited once only").filter(moment=moment)
    there = set(cited.values_list("evidence_id", flat=True)) if lines else set()
    new = [line for line in lines if line.pk not in there]
    cited.bulk_create(
        [
            Citation(
                review_id=moment.review_id,
                moment=moment,
                evidence=line,
                quote=words_of(Line(line.at, line.kind, line.text)),
            )
            for line in new
        ]
    )
    return [line.number for line in new]


def _fill(moment: Moment, row: Row) -> None:
    for name in ("when", "at", "until", "what", "information", "decision", "perspective", "pivot"):
        setattr(moment, name, getattr(row, name))
    moment.lane = lane_named(moment.review, row.lane)


def lane_named(review: Review, name: str, kind: str = Lane.Kind.ROLE) -> Lane | None:
    """The review's lane of this name; a name that is new makes a new lane below the others."""
    if not name:
        return None
    lanes = Lane.objects.for_system("lanes of a review whose part was checked").filter(review=review)
    there: Lane | None = lanes.filter(name=name).first()
    if there:
        return there
    last = lanes.aggregate(last=Max("position"))["last"]
    lane = Lane(review=review, name=name, kind=kind, position=0 if last is None else last + 1)
    lane.save(force_insert=True)
    return lane


def save_with_history(moment: Moment, by: Any, what: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """The next version of a moment, with who made it and what differs, told to every page that shows it."""
    moment.version += 1
    moment.save()
    _note(moment, by, what, before, after)
    touched(moment.review)


def _note(moment: Moment, by: Any, what: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    MomentChange(
        review_id=moment.review_id,
        moment=moment,
        by=by,
        what=what,
        before={name: before[name] for name in before if name in changed},
        after={name: after[name] for name in after if name in changed},
    ).save(force_insert=True)


def _told(row: Row) -> dict[str, Any]:
    fields: dict[str, Any] = {name: getattr(row, name) for name in Row.__dataclass_fields__}
    times = {name: fields[name].isoformat() if fields[name] else "" for name in ("at", "until")}
    return {name: value for name, value in (fields | times).items() if value}
