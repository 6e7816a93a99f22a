"""Every write of an import: an upload kept, a choice made, rows added, a worker's claim, the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from secondstory.evidence import storing, uploads
from secondstory.evidence.importers.record import Choices, Refused, storable
from secondstory.evidence.models import Evidence, Import
from secondstory.evidence.rules import written
from secondstory.evidence.signals import evidence_added
from secondstory.evidence.storing import Row
from secondstory.live.changes import tell
from secondstory.people.models import is_member
from secondstory.reviews.models import Review
from secondstory.work.rows import each_by_itself

LEASE = timedelta(seconds=60)
# Nobody else can go on with files that only the calling process can read; it may be silent for long.
OWN_LEASE = timedelta(minutes=15)
MOST_ATTEMPTS = 5
KEPT_UNCHOSEN = timedelta(days=1)


def add(review_id: str, source_id: str | None, rows: Sequence[Row]) -> tuple[int, float]:
    """Adds a batch, all of it or nothing; answers how many were new and how long the write lock was held."""
    ready = storing.ready(review_id, source_id, rows)
    with transaction.atomic():
        began = monotonic()
        # PostgreSQL has no single writer: the review's row is held so that no number is given twice.
        Review.objects.for_system("one numbering at a time").select_for_update(no_key=True).filter(pk=review_id).first()
        added = storing.insert(storing.last_number(review_id), ready)
    return added, monotonic() - began


def may_import(review: Review, person: Any) -> bool:
    """Whoever of the organisation takes part."""
    return is_member(person) and Review.objects.visible_to(person).with_part_of(person).filter(pk=review.pk).exists()


def receive(
    review: Review, by: Any, file: File[bytes], name: str, choices: Choices | None = None, *, chosen: bool = False
) -> Import:
    """Keeps an upload until somebody has looked into it and chosen, or for the worker if they have `chosen`."""
    if not may_import(review, by):
        raise Http404
    row = Import(review=review, by=by, name=storable(name[-255:]))
    row.state = Import.State.RUNNING if chosen else Import.State.LOOKING
    row.choices = written(choices or Choices())
    row.upload = uploads.keep(row.pk, file)
    row.save(force_insert=True)
    return row


def begin_here(review: Review, by: Any, name: str, choices: Choices) -> Import:
    """An import that the calling process runs itself, from files it can read: no upload, no worker."""
    if not may_import(review, by):
        raise Http404
    row = Import(review=review, by=by, name=name[-255:], state=Import.State.RUNNING, choices=written(choices))
    row.lease_until, row.attempts = timezone.now() + OWN_LEASE, 1
    row.save(force_insert=True)
    return row


def looked(row: Import, found: dict[str, Any]) -> None:
    """An upload was looked into: what it holds can be chosen from now on."""
    Import.objects.for_system("what an upload holds").filter(pk=row.pk, state=Import.State.LOOKING).update(
        found=found, state=Import.State.WAITING, format=", ".join(found.get("formats", []))[:120], lease_until=None
    )
    _tell(row)


def choose(row: Import, by: Any, choices: Choices, expected: int | None) -> None:
    """Somebody chose what of their upload comes in; the worker takes it from here."""
    if row.by_id != by.pk or not may_import(row.review, by):
        raise Http404
    fields = {"choices": written(choices), "expected": expected, "state": Import.State.RUNNING, "lease_until": None}
    mine = Import.objects.visible_to(by).filter(pk=row.pk, state=Import.State.WAITING)
    mine.update(found={}, attempts=0, **fields)
    tell(f"review:{row.review_id}")


def drop(row: Import, by: Any) -> None:
    """Takes back an upload that nothing was chosen of yet."""
    waiting = [Import.State.WAITING, Import.State.LOOKING, Import.State.REFUSED]
    gone, _ = Import.objects.visible_to(by).filter(pk=row.pk, by_id=by.pk, state__in=waiting).delete()
    if not gone:
        raise Http404
    uploads.forget(row.upload)


def claim(state: str) -> Import | None:
    """The next upload in this state that nobody works at, now held by the caller until its lease runs out."""
    now = timezone.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    waiting = Import.objects.for_system("the next import to work at").filter(free, state=state).order_by("at", "pk")
    for row in waiting[:10]:
        mine = Import.objects.for_system("claiming an import").filter(
            free, pk=row.pk, attempts=row.attempts, state=state
        )
        if mine.update(lease_until=now + LEASE, attempts=row.attempts + 1):
            row.attempts += 1
            return row
    return None


def note(row: Import, counts: Mapping[str, Any]) -> None:
    """How far an import has come; also renews the lease."""
    with transaction.atomic():
        Import.objects.for_system("progress of an import").filter(pk=row.pk).update(
            lease_until=timezone.now() + (LEASE if row.upload else OWN_LEASE), **counts
        )
        _tell(row)


def finish(row: Import, counts: Mapping[str, Any]) -> None:
    """An import is done; its upload goes."""
    fields = dict(counts)
    if row.attempts > 1:
        fields |= _counted_again(row, int(fields["read"]))
    with transaction.atomic():
        Import.objects.for_system("the end of an import").filter(pk=row.pk).update(
            state=Import.State.DONE, done_at=timezone.now(), lease_until=None, upload="", refusal="", **fields
        )
        _tell(row)
        announce(row.review_id)
    uploads.forget(row.upload)


def announce(review_id: str) -> None:
    """Says inside the change's own transaction that a review has more evidence."""
    evidence_added.send(sender=Evidence, review_id=review_id)
    tell(f"review:{review_id}")


def _counted_again(row: Import, read: int) -> dict[str, int]:
    """After a break the rows themselves say what this import has added."""
    added = Evidence.objects.for_system("counting what an import added").filter(source=row).count()
    return {"added": added, "known": max(0, read - added)}


def refuse(row: Import, refused: Refused) -> None:
    """The upload as a whole cannot be taken; its bringer reads why, and it is not kept."""
    with transaction.atomic():
        Import.objects.for_system("an import that cannot be").filter(pk=row.pk).update(
            state=Import.State.REFUSED,
            refusal=f"{refused.what}\n{refused.do}".strip(),
            found={},
            upload="",
            lease_until=None,
            done_at=timezone.now(),
        )
        _tell(row)
    uploads.forget(row.upload)


def stumble(row: Import, kind: str) -> None:
    """An import broke off for a reason of ours; it is tried again later, and not for ever."""
    if row.attempts >= MOST_ATTEMPTS:
        refuse(row, Refused(f"the import broke off {row.attempts} times ({kind})", "what came in until then stays"))
        return
    later = timezone.now() + timedelta(seconds=10 * 2**row.attempts)
    Import.objects.for_system("an import that broke off").filter(pk=row.pk).update(lease_until=later)


def forget_unchosen(now: datetime | None = None) -> bool:
    """Deletes uploads nobody chose from within a day, and says so of imports whose own process died."""
    before = (now or timezone.now()) - KEPT_UNCHOSEN
    waiting = [Import.State.WAITING, Import.State.LOOKING]
    rows = Import.objects.for_system("uploads nobody chose from").filter(state__in=waiting, at__lt=before)
    each_by_itself("forget what nobody chose", rows[:50], _forget)
    return False


def _forget(row: Import) -> None:
    # The file first: once the row is gone nobody knows of it.
    uploads.forget(row.upload)
    Import.objects.for_system("uploads nobody chose from").filter(pk=row.pk).delete()


def _tell(row: Import) -> None:
    tell(f"import:{row.pk}")
