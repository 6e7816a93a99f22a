"""Deleting a review: asked for, told to everybody, seven days, and then really gone."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from secondstory.people.models import Person
from secondstory.reviews.history import What
from secondstory.reviews.models import Participation, Review
from secondstory.reviews.offers import clear
from secondstory.reviews.record_changes import decided_by, note, send_word
from secondstory.reviews.rules import DELETION_WAIT, Refused
from secondstory.sealing.ledger import Entry, record
from secondstory.texts.let_stand_changes import forget_about
from secondstory.texts.models import Text
from secondstory.work.rows import each_by_itself

AT_ONCE = 20
DELETED = "reviews.deleted"


def ask_for_deletion(review: Review, *, by: Any) -> Review:
    """Sets the day and tells everybody who takes part."""
    with transaction.atomic():
        found = decided_by(by, review.pk)
        if found.deletion_due_at is not None:
            raise Refused(_("The day is set already."))
        found.deletion_due_at = timezone.now() + DELETION_WAIT
        found.save()
        day = f"{found.deletion_due_at:%Y-%m-%d %H:%M} UTC"
        note(found, What.DELETION_ASKED, by=by, detail=day)
        parts = Participation.objects.for_system("whom to tell").active().filter(review=found).select_related("person")
        for part in parts:
            send_word(found, part.person, once=f"deletion:{found.deletion_due_at.isoformat()}", before=day)
    return found


def cancel_deletion(review: Review, *, by: Any) -> Review:
    """The review stays."""
    with transaction.atomic():
        found = decided_by(by, review.pk)
        if found.deletion_due_at is not None:
            found.deletion_due_at = None
            found.save()
            note(found, What.DELETION_CANCELLED, by=by)
    return found


def delete_due() -> bool:
    """Deletes the reviews whose days are over; after a crash it is simply done again."""
    each_by_itself("delete what is due", _over()[:AT_ONCE], _delete)
    return False


def _over() -> models.QuerySet[Review]:
    # What failed before, with its files or its rows, is tried after what was not tried yet.
    over = Review.objects.for_system("sweep of reviews to delete").filter(deletion_due_at__lte=timezone.now())
    return over.order_by(models.F("deleted_at").asc(nulls_first=True), "pk")


def _delete(due: Review) -> None:
    with transaction.atomic():
        # It may have been kept in the last moment.
        if not _over().filter(pk=due.pk).update(deleted_at=timezone.now()):
            return
    review_id = due.pk
    # Files first: once the rows are gone nobody knows which files were theirs.
    clear(due.pk)
    with transaction.atomic():
        guests = _guests_of(due)
        _delete_texts(due)
        forget_about(review_id)
        due.delete()
        _delete_guests(guests)
        record(DELETED, [review_id], timezone.now())


def delete_again(entry: Entry) -> None:
    """After a restore: what was deleted since the backup is out of sight at once, and the next sweep deletes it."""
    rows = Review.objects.for_system("deleted before the restore").filter(pk__in=entry.ids)
    rows.update(deletion_due_at=entry.at, deleted_at=entry.at)


def _delete_texts(review: Review) -> None:
    # A row points to its text, so deleting the review would leave the words behind with nobody pointing at them.
    for model in apps.get_models():
        names = {field.name for field in model._meta.get_fields() if field.concrete and field.related_model is Text}
        if "review" in {field.name for field in model._meta.get_fields()}:
            for name in names:
                rows = model._base_manager.filter(review_id=review.pk).values_list(f"{name}_id", flat=True)
                _texts(list(rows)).delete()


def _texts(ids: list[str]) -> models.QuerySet[Text]:
    return Text.objects.for_system("words of a review that is deleted").filter(pk__in=ids)


def _guests_of(review: Review) -> list[str]:
    parts = Participation.objects.for_system("guests of a deleted review").filter(review=review, person__is_guest=True)
    return list(parts.values_list("person_id", flat=True))


def _delete_guests(guests: list[str]) -> None:
    elsewhere = Participation.objects.for_system("guests of another review").filter(person_id__in=guests)
    Person.objects.filter(pk__in=guests).exclude(pk__in=elsewhere.values("person_id")).delete()
