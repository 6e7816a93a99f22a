"""Looking through everything that is sealed: under which keys it lies, and whether it opens."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, models
from django.db.models import Count, F, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Left, StrIndex

from secondstory.sealing.keys import KeyMissing, Moved
from secondstory.sealing.offers import Sealed, sealed_columns
from secondstory.sealing.seal import keys_here

# What stands in front of a box that no key of ours made may be anybody's words.
KEY_ID = re.compile(r"[0-9a-f]{8}")
NO_KEY = "none"


class WrongKeys(Exception):
    """Something is sealed, and of all that nothing under the keys there are."""

    def __init__(self, ids: list[str], rows: int) -> None:
        super().__init__(", ".join(ids))
        self.ids, self.rows = ids, rows


@dataclass(slots=True)
class Looked:
    """How many boxes there are, how many lie under keys that are not here, and how many were moved or changed."""

    rows: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    moved: int = 0


def filled(column: Sealed) -> models.QuerySet[Any]:
    """The rows of a column that hold a box, with the box as `box`."""
    path: Any = KT(column.column) if "__" in column.column else F(column.column)
    # Without the function around it, a path into JSON would be compared as JSON.
    rows: models.QuerySet[Any] = column.rows().annotate(box=Coalesce(path, Value(""), output_field=models.TextField()))
    return rows.exclude(box="")


def key_ids() -> Counter[str]:
    """How many boxes lie under which key. A table that is not made yet holds none."""
    used: Counter[str] = Counter()
    for column in sealed_columns():
        rows = filled(column).annotate(key=Left("box", StrIndex("box", Value(":")))).order_by().values_list("key")
        try:
            for key, count in rows.annotate(count=Count("pk")):
                used[_id(key)] += count
        except DatabaseError:
            continue
    return used


def _id(front: str) -> str:
    name = front.removesuffix(":")
    known = {key.id for key in keys_here()} if front.endswith(":") else set()
    return name if name in known or KEY_ID.fullmatch(name) else NO_KEY


def refuse_wrong_keys() -> None:
    """Raises WrongKeys when something is sealed and none of it with the keys there are."""
    used = key_ids()
    if used and not any(key.id in used for key in keys_here()):
        raise WrongKeys(sorted(used), used.total())


def look_through() -> Looked:
    """Opens every box there is. Nothing of what is in them leaves this function."""
    looked = Looked()
    known = {key.id for key in keys_here()}
    for column in sealed_columns():
        for row in filled(column).iterator(chunk_size=500):
            looked.rows += 1
            if row.box.partition(":")[0] not in known:
                looked.missing[_id(row.box.partition(":")[0] + ":")] += 1
            elif again(column, row) is None:
                looked.moved += 1
    return looked


def again(column: Sealed, row: Any) -> str | None:
    """The row's box sealed anew; None when it does not open, or what it belongs to is gone."""
    try:
        return column.again(row)
    except (Moved, KeyMissing, ObjectDoesNotExist):
        return None
