"""Evidence as one person is told it: a guest knows nobody by name, so not by a handle either."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from secondstory.evidence.importers.record import Kind, Reach
from secondstory.evidence.models import Evidence
from secondstory.people.models import is_member
from secondstory.reviews.frame import name_for
from secondstory.reviews.models import Participation, ParticipationRows, Review

# The place of these is, or may be, the name of a file or calendar: "talk-with-ana" is anybody's choice.
NAMED_BY_WHOEVER_SENT_IT = frozenset(
    {"csv", "git_log", "ics", "irc", "json_log", "pasted", "plain_log", "sal", "transcript"}
)


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
        line.author = roles.get(folded(line.author)) or unknown
    # A direct message stands under the handles of those who wrote to one another.
    if line.reach == Reach.DIRECT:
        line.place = _("Direct message")
    elif line.format in NAMED_BY_WHOEVER_SENT_IT:
        line.place = ""
    # As it was received, and where it came from: both name its author once more.
    line.payload = line.link = ""
    line.source = None


def _roles(person: Any, review: Review) -> dict[str, str]:
    owners = owners_of_handles(Participation.objects.visible_to(person).filter(review=review))
    return {handle: name_for(person, part) for handle, part in owners.items()}


def owners_of_handles(parts: ParticipationRows) -> dict[str, Participation]:
    """Who the members behind handles, names and addresses take part as, or last took part; what two claim is nobody's.

    A guest owns none: what they say about themselves would be a way of asking whether a guess is right.
    """
    owners: dict[str, Participation | None] = {}
    members = parts.filter(person__is_guest=False).select_related("person").order_by("-since")
    for part in sorted(members, key=lambda each: not each.runs):
        for handle in {folded(each) for each in (*part.person.handles, part.person.name, part.person.email)}:
            owner = owners.setdefault(handle, part)
            if owner and owner.person_id != part.person_id:
                owners[handle] = None
    return {handle: part for handle, part in owners.items() if part}


def folded(handle: str) -> str:
    """A handle as two are compared."""
    return handle.strip().lstrip("@").casefold()
