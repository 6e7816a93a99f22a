"""Letting wording stand, and asking about it again."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from secondstory.texts.asking import Place
from secondstory.texts.models import LetStand, Text
from secondstory.texts.rules import LONGEST_REASON

# Far more than anybody has reasons for; it keeps one row from growing without end.
MOST = 500


def let_stand(place: Place, key: str, reason: str, by: Any) -> None:
    """Notes why wording may stand. `place` was found with this person's eyes."""
    with transaction.atomic():
        row = _row(place, by)
        kept = list({**row.reasons, key: reason[:LONGEST_REASON]}.items())
        row.reasons = dict(kept[-MOST:])
        row.save()


def ask_again(place: Place, key: str, by: Any) -> None:
    """Forgets that wording was let stand."""
    with transaction.atomic():
        row = _row(place, by)
        row.reasons = {each: reason for each, reason in row.reasons.items() if each != key}
        if row.reasons:
            row.save()
        else:
            LetStand.objects.for_system("nothing is let stand any more").filter(pk=row.pk).delete()


def forget_about(about: str) -> None:
    """What was let stand in the forms of something that is deleted goes with it."""
    with transaction.atomic():
        LetStand.objects.for_system("what it is about is deleted").filter(about=about).delete()


def _row(place: Place, by: Any) -> LetStand:
    """The row of this place, locked; a new one where there is none. Two who begin it at once wait for each other."""
    person = None if place.is_shared else by
    if place.text:
        list(Text.objects.for_system("two who let stand at once").select_for_update().filter(pk=place.text.pk))
    rows = LetStand.objects.for_system("the row to write, at a place seen by its writer").select_for_update()
    here = rows.filter(text=place.text) if place.text else rows.filter(text=None, about=place.about)
    about = "" if place.text else place.about
    return here.filter(person=person).first() or LetStand(text=place.text, about=about, person=person)
