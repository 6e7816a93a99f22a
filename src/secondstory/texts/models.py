"""A text and its snapshots."""

from __future__ import annotations

import json
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from secondstory.access.ids import new_id
from secondstory.access.rows import Guarded, Rows, guarded
from secondstory.sealing.seal import opened, sealed
from secondstory.texts.offers import holder_of, holders

BOX = 2048


class TextRows(Rows["Text"]):
    """Who may read or write a text is the word of the slice that holds it."""

    def visible_to(self, person: Any) -> Self:
        return self._of(person, lambda holder: holder.readable)

    def writable_by(self, person: Any) -> Self:
        return self._of(person, lambda holder: holder.writable)

    def _of(self, person: Any, ask: Any) -> Self:
        if not person.is_authenticated:
            return self.none()
        parts = [Q(kind=holder.kind, pk__in=ask(holder)(person)) for holder in holders()]
        return self.filter(reduce(or_, parts)) if parts else self.none()


class Text(models.Model):
    """One long text in Markdown. `stored` is its body, sealed when its holder says to what."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    kind = models.CharField(max_length=24, editable=False)
    stored = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[Guarded[TextRows]] = guarded(TextRows)

    @property
    def body(self) -> str:
        place = holder_of(self.kind).place
        return self.read_at(place(self.pk)) if place and self.stored else self.stored

    @body.setter
    def body(self, words: str) -> None:
        place = holder_of(self.kind).place
        if place and words:
            self.bind(words, place(self.pk))
        else:
            self.stored = words

    def bind(self, words: str, place: str) -> None:
        """Seals words to a place; whoever calls this saves."""
        self.stored = sealed(words, place) if words else ""

    def read_at(self, place: str) -> str:
        """The words of a sealed text whose place the caller knows: a page of many texts asks once for all places."""
        return opened(self.stored, place) if self.stored else ""


class SnapshotRows(Rows["Snapshot"]):
    """Whoever may read a text may read how it came about, unless its holder keeps no history."""

    def visible_to(self, person: Any) -> Self:
        return self.filter(text__in=Text.objects.visible_to(person))


class Snapshot(models.Model):
    """A text as one person left it; a sitting of the same person is one snapshot."""

    text = models.ForeignKey(Text, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    stored = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[Guarded[SnapshotRows]] = guarded(SnapshotRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["-version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["text", "version"], name="one_snapshot_a_version"),
        ]


class LetStandRows(Rows["LetStand"]):
    """What one let stand is one's own; in a text that several write it is everybody's who may write there."""

    def visible_to(self, person: Any) -> Self:
        if not (person.is_authenticated and person.is_active) or person.sees_only_published:
            return self.none()
        texts = Text.objects.visible_to(person).writable_by(person)
        own, shared = Q(person_id=person.pk), Q(person=None)
        return self.filter(Q(text=None) & own | Q(text__in=texts.values("pk")) & (own | shared))


class LetStand(models.Model):
    """Wording that somebody looked at again and lets stand, each with the reason.

    Of a sealed text the row is its writer's alone; of a text that several write, nobody's. What is typed into a form
    has no text yet: then `about` is the id of what the form belongs to, and the row is whose form it was.
    """

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    text = models.ForeignKey(Text, null=True, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=12, blank=True, default="", editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    stored = models.TextField(blank=True, default="")

    objects: ClassVar[Guarded[LetStandRows]] = guarded(LetStandRows)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["text"], condition=Q(person=None, text__isnull=False), name="one_let_stand_a_text"
            ),
            models.UniqueConstraint(
                fields=["text", "person"],
                condition=Q(person__isnull=False, text__isnull=False),
                name="one_let_stand_a_writer",
            ),
            models.UniqueConstraint(
                fields=["about", "person"],
                condition=Q(person__isnull=False, text=None),
                name="one_let_stand_a_form",
            ),
            models.CheckConstraint(
                condition=Q(text__isnull=False) | Q(person__isnull=False), name="let_stand_is_of_something"
            ),
        ]

    @property
    def place(self) -> str:
        return f"let stand:{self.pk}:{self.text_id or self.about}:{self.person_id or ''}"

    @property
    def reasons(self) -> dict[str, str]:
        """The reason by the fingerprint of what was let stand."""
        found: dict[str, str] = json.loads(opened(self.stored, self.place)) if self.stored else {}
        return found

    @reasons.setter
    def reasons(self, reasons: dict[str, str]) -> None:
        words = json.dumps(reasons)
        # How long the box is does not tell how much was let stand.
        padded = words + " " * (-len(words) % BOX)
        self.stored = sealed(padded, self.place) if reasons else ""
