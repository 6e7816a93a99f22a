"""The one door to every table that holds something about a review."""

from __future__ import annotations

from typing import Any, Generic, Self, TypeVar, cast

from django.db import models
from django.db.models.manager import BaseManager

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)
RowsT = TypeVar("RowsT", bound=models.QuerySet[Any])


class Rows(models.QuerySet[Row_co]):
    """A queryset that can say who is looking. Subclasses implement `visible_to`."""

    def visible_to(self, person: Any) -> Self:
        """Only the rows this person may read; everything else is absent."""
        raise NotImplementedError


class Guarded(BaseManager[Any], Generic[RowsT]):
    """A default manager that offers nothing until it is told whose eyes look.

    Plain managers proxy every queryset method; this one derives from the bare manager, so that
    `Model.objects.filter(...)` does not exist.
    """

    def visible_to(self, person: Any) -> RowsT:
        """The rows this person may read."""
        return cast("RowsT", cast("Rows[Any]", self.get_queryset()).visible_to(person))

    def for_system(self, reason: str) -> RowsT:
        """Every row, for work that serves nobody's eyes: a sweep, a backup, a permission check.

        `reason` is read by reviewers and by the architecture test, which refuses an empty one.
        """
        if not reason:
            raise ValueError("for_system needs a reason")
        return cast("RowsT", self.get_queryset())


def guarded(rows: type[RowsT]) -> Guarded[RowsT]:
    """The guarded default manager over a queryset class."""
    return type(f"Guarded{rows.__name__}", (Guarded,), {"_queryset_class": rows})()  # type: ignore[no-any-return]
