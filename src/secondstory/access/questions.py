"""Questions about a row that are asked in plain SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F


class Question(models.Func):
    """A question about a row: yes or no, unless a subclass has another `output_field`.

    Who may read what is asked many times a page. As a queryset inside a queryset such a question costs more to put
    together than to answer. `asks` names columns of the row as {column} and values as {value}; names are SQL's own,
    never somebody's input.
    """

    output_field: models.Field[Any, Any] = models.BooleanField()
    asks: ClassVar[str]

    def __init__(self, columns: dict[str, str], **values: Any) -> None:
        super().__init__(*(F(path) for path in columns.values()))
        self.names, self.values = tuple(columns), values

    def as_sql(self, compiler: Any, connection: Any, *_options: Any, **_context: Any) -> tuple[str, tuple[Any, ...]]:
        columns = [compiler.compile(each)[0] for each in self.get_source_expressions()]
        asked = _Asked(dict(zip(self.names, columns, strict=True)), self.values, connection)
        return self.asks.format_map(asked), tuple(asked.in_order)


class _Asked(dict[str, str]):
    """Puts a column where it is named; a value, where it is named, becomes a parameter."""

    def __init__(self, columns: dict[str, str], values: dict[str, Any], connection: Any) -> None:
        super().__init__(columns)
        self.values_asked, self.connection, self.in_order = values, connection, list[Any]()

    def __missing__(self, name: str) -> str:
        value = self.values_asked[name]
        if isinstance(value, datetime):
            value = self.connection.ops.adapt_datetimefield_value(value)
        self.in_order.append(value)
        return "%s"
