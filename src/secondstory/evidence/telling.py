"""Evidence as one person is told it: a guest knows nobody by name, so not by a handle either."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from secondstory.evidence.importers.record import Kind, Reach
from secondstory.evidence.models import Evidence
from secondstory.people.models import is_member
from secondstory.reviews.frame import name_for
from secondstory.reviews.models import Participation, Review


def as_told_to(person: Any, review: Review, rows: Iterable[Any]) -> list[Any]:
    """The lines as this person reads them: members as they are, guests with roles in place of handles."""
    lines = list(rows)
    if is_member(person):
        return lines
    roles = _roles(person, review) if any(line.author for line in lines) else {}
    for line in lines:
        _without_handles(line, roles)
    return lines


def _without_handles(line: Evidence, roles: dict[str, str]) -> None:
    if line.author:
        unknown = _("Somebody") if line.kind == Kind.MESSAGE else ""
        line.author = roles.get(_folded(line.author)) or unknown
    # A direct message stands under the handles of those who wrote to one another.
    if line.reach == Reach.DIRECT:
        line.place = _("Direct message")
    # As it was received, and where it came from: both name its author once more.
    line.payload = line.link = ""
    line.source = None


def _roles(person: Any, review: Review) -> dict[str, str]:
    """What the participants behind handles are called; a handle that two claim is nobody's."""
    roles: dict[str, str] = {}
    for part in Participation.objects.visible_to(person).filter(review=review).select_related("person"):
        for handle in {_folded(each) for each in (*part.person.handles, part.person.name, part.person.email)}:
            roles[handle] = "" if handle in roles else name_for(person, part)
    return roles


def _folded(handle: str) -> str:
    return handle.strip().lstrip("@").casefold()
