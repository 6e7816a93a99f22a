"""How processes that share no memory hear of changes."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone

from secondstory.access.rows import Guarded, Rows, guarded


class ChangeRows(Rows["Change"]):
    """Changes are read by the server process alone, which asks again for each socket."""

    def visible_to(self, person: Any) -> Self:  # noqa: ARG002 - the same for everybody
        return self.none()


class Change(models.Model):
    """That something changed: `topic` is a kind and an id, never words. Kept for minutes."""

    topic = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    objects: ClassVar[Guarded[ChangeRows]] = guarded(ChangeRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
