"""The lane's own expectations and assumptions: passages of stories that this viewer may read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from secondstory.replay.rules import Account, Told, account_known
from secondstory.stories.holding import grants_by_part
from secondstory.stories.models import Grant, Otherwise, Perspective
from secondstory.stories.reading import opened
from secondstory.timeline.models import Lane
from secondstory.timeline.place_reading import stood_for


def accounts_of(lane: Lane, person: Any, moments: Mapping[str, Told]) -> list[Account]:
    """Passages by those whom the lane stands for. One that cannot be opened is left out: it is nobody's words."""
    rows = list(_passages(lane, person).filter(moment__in=list(moments)))
    if not rows:
        return []
    grants, otherwise = grants_by_part([row.part for row in rows]), _otherwise(rows)
    found = (_account(row, grants.get(row.part_id, []), otherwise.get(row.pk), moments[row.moment_id]) for row in rows)
    return sorted((each for each in found if each), key=lambda account: account.known)


def _passages(lane: Lane, person: Any) -> Any:
    passages = Perspective.objects.visible_to(person).agreed().filter(review_id=lane.review_id)
    own = passages.filter(part__author__in=stood_for(lane, person).values("person"))
    return own.exclude(stored="").select_related("part")


def _otherwise(rows: list[Perspective]) -> dict[str, Otherwise]:
    found = Otherwise.objects.for_system("what was found of passages that this viewer reads").filter(
        perspective__in=rows
    )
    return {each.perspective_id: each for each in found}


def _account(row: Perspective, grants: list[Grant], found: Otherwise | None, moment: Told) -> Account | None:
    words, shut = opened(lambda: row.read_at(row.place(grants)))
    if shut:
        return None
    known = account_known(moment)
    if found is None:
        return Account(row.kind, words, known)
    found.perspective = row
    how, _shut = opened(lambda: found.read_at(found.place(grants)))
    return Account(row.kind, words, known, max(found.at, known), how)
