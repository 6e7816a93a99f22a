"""Striking evidence, and keeping pictures that belong to a text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from secondstory.evidence import pictures, uploads
from secondstory.evidence.import_changes import add
from secondstory.evidence.importers.image import IMAGE
from secondstory.evidence.importers.record import Kind, Record
from secondstory.evidence.importing import row_of
from secondstory.evidence.models import Evidence, Import
from secondstory.evidence.rules import address_of, is_author
from secondstory.evidence.signals import evidence_struck
from secondstory.live.changes import tell
from secondstory.people.models import addresses_of
from secondstory.reviews.history import What
from secondstory.reviews.models import Review
from secondstory.reviews.record_changes import note
from secondstory.sealing.ledger import Entry, record
from secondstory.work.rows import each_by_itself

STRUCK = "evidence.struck"
STRUCK_AT_ONCE = 500
MONTH = timedelta(days=30.44)
EMPTIED = dict.fromkeys(("author", "text", "thread", "link", "payload", "masked", "image"), "")


def may_strike(line: Evidence, person: Any) -> bool:
    """At the request of whom it concerns: who facilitates, and a member whose own proven address stands as its author.

    A handle or a name is what anybody may type about themselves: it proves nothing.
    """
    reviews = Review.objects.visible_to(person).with_part_of(person)
    if reviews.decided_by(person).filter(pk=line.review_id).exists():
        return True
    return is_author(addresses_of(person), line.author) and reviews.filter(pk=line.review_id).exists()


def strike(line: Evidence, by: Any, reason: str) -> None:
    """Takes a line's words, payload and image away for good. Its time, source and the reason stay."""
    if not may_strike(line, by):
        raise Http404
    _strike(line.review_id, [line], reason, by=by, quotes=True)
    # PostgreSQL is swept a little later: a vacuum can take its time.
    if connection.vendor == "sqlite":
        erase_struck()


def _strike(review_id: str, lines: Sequence[Evidence], reason: str, *, by: Any = None, quotes: bool = False) -> None:
    images = [line.image for line in lines if line.image]
    numbers = [line.pk for line in lines]
    # The pictures go first: a process that dies in between leaves a line without its picture, never the reverse.
    for image in images:
        default_storage.delete(image)
    with transaction.atomic():
        Evidence.objects.for_system("striking lines, checked before").filter(pk__in=numbers).update(
            struck_at=timezone.now(), struck_reason=reason[:200], **EMPTIED
        )
        evidence_struck.send(sender=Evidence, review_id=review_id, evidence_ids=numbers, quotes=quotes)
        review = Review.objects.for_system("whose evidence was struck").get(pk=review_id)
        if by is None:
            # Nobody acted: an old review does not rise in lists because its evidence went.
            tell(f"review:{review.pk}")
        for line in lines if by else ():
            note(review, What.STRUCK, by=by, detail=str(line.number))
        if by:
            record(STRUCK, [f"{review_id}:{bytes(line.digest).hex()}" for line in lines], timezone.now())


def strike_again(entry: Entry) -> None:
    """After a restore: what was struck since the backup is struck once more, wherever it came in again."""
    for id_ in entry.ids:
        review_id, _colon, digest = id_.partition(":")
        rows = Evidence.objects.for_system("struck before the restore").filter(review_id=review_id, struck_at=None)
        if lines := list(rows.filter(digest=bytes.fromhex(digest))):
            _strike(review_id, lines, _("Struck before a backup was restored."), quotes=True)


def erase_struck() -> bool:
    """Makes sure no byte of what was struck is left in the database file or its log; tried again until it is so."""
    struck = Evidence.objects.for_system("what is to be erased").filter(struck_at__isnull=False, erased_at=None)
    numbers = list(struck.values_list("pk", flat=True)[:10_000])
    if numbers and _no_byte_is_left():
        Evidence.objects.for_system("noting what was erased").filter(pk__in=numbers).update(erased_at=timezone.now())
        return len(numbers) == 10_000  # noqa: PLR2004 - as many as were looked at
    return False


def _no_byte_is_left() -> bool:
    """SQLite overwrites what it frees (secure_delete), but its log keeps older pages until it is cut off."""
    if connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM evidence_evidence")
            return True
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = cursor.fetchone()
    return bool(busy) and busy[0] == 0


def strike_after_retention(now: datetime | None = None) -> bool:
    """Strikes the evidence of reviews that were closed longer ago than evidence is kept."""
    months = settings.STRIKE_EVIDENCE_AFTER_MONTHS
    if not months:
        return False
    before = (now or timezone.now()) - months * MONTH
    closed = Review.objects.for_system("reviews whose evidence is due").filter(closed_at__lt=before)
    due = Evidence.objects.for_system("evidence past its time").filter(review__in=closed, struck_at=None)
    # A picture somebody put into a text is part of what was written, not of what was brought in.
    due = due.exclude(kind=Kind.IMAGE, source=None)
    reason = _("Kept for %(months)s months after the review was closed.") % {"months": months}

    def strike_some(review_id: str) -> None:
        lines = due.filter(review_id=review_id).only("pk", "review_id", "image")
        _strike(review_id, list(lines[:STRUCK_AT_ONCE]), reason)

    reviews = list(due.order_by("review_id").values_list("review_id", flat=True).distinct())
    return each_by_itself("strike after retention", reviews, strike_some) > 0


def keep_image(review: Review, by: Any, data: bytes, name: str) -> Evidence:
    """A picture pasted or dropped into a text becomes evidence of its review. Refused says what is wrong with it."""
    if not Review.objects.visible_to(by).with_part_of(by).filter(pk=review.pk).exists():
        raise Http404
    picture = pictures.shown(data, name)
    at = timezone.now()
    record = Record(at=at, author="", text=name, place="", kind=Kind.IMAGE, original=data)
    address = address_of(record)
    row = row_of(Record(at=at, author="", text=name[:200], place="", kind=Kind.IMAGE, original=b""), IMAGE.name)
    stored = pictures.keep(review.pk, address, picture)
    add(review.pk, None, [row.picturing(address, stored)])
    kept: Evidence = Evidence.objects.visible_to(by).get(review=review, digest=address)
    return kept


def forget_files(review_id: str) -> None:
    """Deletes a review's pictures and waiting uploads from storage."""
    waiting = Import.objects.for_system("a review that is being deleted").filter(review_id=review_id).exclude(upload="")
    for upload in waiting.values_list("upload", flat=True):
        uploads.forget(upload)
    pictures.forget_all(review_id)
