"""Letters waiting to be sent, and sent ones without their words."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from secondstory.access.ids import new_id
from secondstory.access.rows import Guarded, Rows, guarded


class LetterRows(Rows["Letter"]):
    """Nobody reads the outbox."""

    def visible_to(self, person: Any) -> Self:  # noqa: ARG002 - the same for everybody
        return self.none()

    def due(self) -> Self:
        return self.filter(done_at=None, next_at__lte=timezone.now())


class Letter(models.Model):
    """One message to one address. Its words are sealed (they may carry a link) and go when it is sent."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    # Recipient and event: the same news is written to the same address once.
    once = models.CharField(max_length=160, unique=True)
    sealed_address = models.TextField()
    sealed_subject = models.TextField(blank=True)
    sealed_words = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failed = models.CharField(max_length=120, blank=True)

    objects: ClassVar[Guarded[LetterRows]] = guarded(LetterRows)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_at"], condition=models.Q(done_at=None), name="letters_due"),
        ]
