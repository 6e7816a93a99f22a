"""The question every read of a workshop asks."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone


class TakesPart(models.Func):
    """Whether a person takes part now in the standing review that a column names.

    Every read of a workshop asks this, often ten times a page. As a queryset inside a queryset it costs more to put
    together than to answer, and `IN (all the reviews of this person)` grows with them; this looks one row up.
    """

    output_field = models.BooleanField()
    template = (
        "EXISTS(SELECT 1 FROM reviews_participation part INNER JOIN reviews_review taken ON taken.id = part.review_id"
        " WHERE part.review_id = %(review)s AND part.person_id = %(person)s AND part.left_at IS NULL"
        " AND (part.until IS NULL OR part.until > %(now)s) AND taken.deleted_at IS NULL)"
    )

    def __init__(self, review: str, person_id: str) -> None:
        super().__init__(models.F(review), models.Value(person_id), models.Value(timezone.now()))

    def as_sql(self, compiler: Any, *_connection: Any, **_options: Any) -> tuple[str, tuple[Any, ...]]:
        parts = [compiler.compile(each) for each in self.get_source_expressions()]
        names = dict(zip(("review", "person", "now"), (sql for sql, _values in parts), strict=True))
        return self.template % names, tuple(value for _sql, values in parts for value in values)


def takes_part(person: Any, review: str = "review_id") -> Q:
    """Only rows of reviews this person takes part in; `review` names the column that says which."""
    if not (person.is_authenticated and person.is_active) or person.sees_only_published:
        return Q(pk__in=[])
    return Q(TakesPart(review, person.pk))
