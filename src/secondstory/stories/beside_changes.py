"""Passages laid beside moments, what people say of two of them, and what was later found otherwise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from secondstory.live.changes import tell
from secondstory.reviews.models import Review
from secondstory.reviews.record_changes import taken_part_in
from secondstory.reviews.rules import Refused
from secondstory.sealing.ledger import Entry, record
from secondstory.stories.changes import lock_own, tell_people
from secondstory.stories.holding import counting_of, grants_of, lock
from secondstory.stories.models import Contrast, Otherwise, Part, Perspective
from secondstory.stories.quote_changes import passage_of
from secondstory.timeline import changes as moments
from secondstory.timeline.models import Moment
from secondstory.timeline.rules import Row

TAKEN_BACK = "stories.perspective"
LONGEST_HOW = 1_000


def lay(part_id: str, moment_id: str, *, by: Any, kind: str, words: str) -> Perspective:
    """The author lays a passage of their own beside a moment; whoever holds the part sees it there."""
    with transaction.atomic():
        part = lock_own(part_id, by)
        beside = _laid(part, moment_id, by, kind, words)
        beside.agreed_at = beside.asked_at
        beside.save(force_insert=True)
        tell_people(part, counting_of(part))
    return beside


def make_moment(part_id: str, row: Row, *, by: Any, kind: str, words: str) -> Moment:
    """A moment for all who take part, in its author's words, and beside it the passage it comes from, if they lay one."""
    with transaction.atomic():
        part = lock_own(part_id, by)
        moment = moments.add(part.review, by, row)
        if words:
            lay(part_id, moment.pk, by=by, kind=kind, words=words)
    return moment


def ask_for(part_id: str, moment_id: str, *, by: Any, kind: str, words: str) -> Perspective:
    """The facilitator asks the author whether a passage may stand beside a moment. Until then nobody else sees it."""
    with transaction.atomic():
        part = Part.objects.visible_to(by).filter(pk=part_id).first()
        if part is None or not Review.objects.visible_to(by).decided_by(by).filter(pk=part.review_id).exists():
            raise Http404
        beside = _laid(lock(part_id), moment_id, by, kind, words)
        beside.asked_by = by
        beside.save(force_insert=True)
        tell(f"held:{part.author_id}")
    return beside


def agree(perspective_id: str, *, by: Any) -> None:
    """The author's yes."""
    with transaction.atomic():
        beside = _own_beside(perspective_id, by)
        if beside.agreed_at is None:
            beside.agreed_at = timezone.now()
            beside.save()
            tell_people(beside.part, counting_of(beside.part))


def take_back(perspective_id: str, *, by: Any) -> None:
    """The author's no, before or after; or the facilitator's, of what was only asked for. The words go with the row."""
    with transaction.atomic():
        rows = Perspective.objects.visible_to(by).select_related("part").select_for_update(of=("self",))
        beside = rows.filter(pk=perspective_id).first()
        if beside is None or not _may_take_back(beside, by):
            raise Http404
        # A no to what was only asked for is nobody's to notice.
        tell_people(beside.part, counting_of(beside.part) if beside.agreed_at else ())
        beside.delete()
        record(TAKEN_BACK, [perspective_id], timezone.now())


def take_back_again(entry: Entry) -> None:
    """After a restore: a passage taken back goes once more."""
    Perspective.objects.for_system("taken back before the restore").filter(pk__in=entry.ids).delete()


def mark(one_id: str, other_id: str, *, by: Any, says: str) -> None:
    """What a person says of two perspectives on a moment; empty takes the mark off. Nothing computes it."""
    with transaction.atomic():
        one, other = _readable(one_id, by), _readable(other_id, by)
        if one.pk == other.pk or one.moment_id != other.moment_id or says not in {"", *Contrast.Mark.values}:
            raise Refused(_("Two accounts of the same moment can be the same, add to one another, or differ."))
        review = taken_part_in(by, one.review_id)
        marks = Contrast.objects.for_system("the mark to change")
        marks.filter(a__in=[one, other], b__in=[one, other]).delete()
        if says:
            Contrast(review=review, a=one, b=other, mark=says, by=by).save()
        tell_people(one.part, counting_of(one.part))
        tell_people(other.part, counting_of(other.part))


def found_otherwise(perspective_id: str, *, by: Any, at: datetime | None, how: str) -> None:
    """When and how it was learned that something expected or taken to be so was otherwise; no time takes it off."""
    with transaction.atomic():
        beside = _readable(perspective_id, by)
        review = taken_part_in(by, beside.review_id)
        if beside.kind not in {Perspective.Kind.EXPECTED, Perspective.Kind.ASSUMED}:
            raise Refused(_("Only what was expected or taken to be so can later be found otherwise."))
        if at is not None and not 0 < len(how.strip()) <= LONGEST_HOW:
            raise Refused(_("Say in a few words how it was learned."))
        Otherwise.objects.for_system("what was said before").filter(perspective=beside).delete()
        if at is not None:
            found = Otherwise(review=review, perspective=beside, at=at, by=by)
            beside.part = lock(beside.part_id)
            found.bind(how.strip(), found.place(grants_of(beside.part)))
            found.save()
        tell_people(beside.part, counting_of(beside.part))


def _laid(part: Part, moment_id: str, by: Any, kind: str, words: str) -> Perspective:
    review = taken_part_in(by, part.review_id)
    moment = Moment.objects.visible_to(by).standing().filter(review=review, pk=moment_id).first()
    if moment is None:
        raise Http404
    if kind not in Perspective.Kind.values:
        raise Refused(_("A passage says what somebody did, saw, expected or took to be so."))
    beside = Perspective(review=review, moment=moment, part=part, kind=kind)
    beside.bind(passage_of(part, words), beside.place(grants_of(part)))
    return beside


def _own_beside(perspective_id: str, by: Any) -> Perspective:
    rows = Perspective.objects.visible_to(by).select_related("part").filter(part__author_id=by.pk)
    found = rows.filter(pk=perspective_id).first()
    if found is None:
        raise Http404
    return found


def _readable(perspective_id: str, by: Any) -> Perspective:
    rows = Perspective.objects.visible_to(by).agreed().select_related("part")
    found = rows.filter(pk=perspective_id).first()
    if found is None:
        raise Http404
    return found


def _may_take_back(beside: Perspective, by: Any) -> bool:
    return bool(beside.part.author_id == by.pk or (beside.agreed_at is None and beside.asked_by_id == by.pk))
