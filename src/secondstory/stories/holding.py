"""Who would hold a part, and who does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from secondstory.reviews.models import Participation
from secondstory.stories.models import Grant, Part
from secondstory.stories.rules import ROLE_HELD
from secondstory.texts.models import Text


def takes_part_now(review_id: str) -> list[Participation]:
    """Everybody who takes part, for finding whom a choice would hold."""
    rows = Participation.objects.for_system("whom the author's choice would hold").active()
    return list(rows.filter(review_id=review_id, person__is_active=True).select_related("person"))


def within(
    part: Part, audience: str, everybody: list[Participation], guests: Iterable[str] = ()
) -> dict[str, Participation]:
    """Those an audience holds at this moment, by the person's id; guests only as the author names them."""
    if audience not in ROLE_HELD:
        return {}
    others = [row for row in everybody if row.person_id != part.author_id]
    if audience == Part.Audience.FACILITATOR:
        others = [row for row in others if facilitates(row) and not row.person.is_guest]
    named = set(guests)
    return {row.person_id: row for row in others if not row.person.is_guest or row.person_id in named}


def facilitates(row: Participation) -> bool:
    """Asked, and accepted."""
    return row.duty == Participation.Duty.FACILITATOR and row.accepted_at is not None


def lock(part_id: str) -> Part:
    """The part with its words, locked until the caller's transaction ends.

    Saving locks the text too: nobody seals to what somebody else is about to change.
    """
    texts = Text.objects.for_system("words that are bound to what may change").select_for_update()
    text = texts.get(pk__in=Part.objects.for_system("the part to lock").filter(pk=part_id).values("text_id"))
    part: Part = Part.objects.for_system("the part to lock").select_for_update().get(pk=part_id)
    part.text = text
    return part


def role_of(holder: Participation, audience: str) -> str:
    """In which role somebody holds a part shared with that audience."""
    return Grant.Role.GUEST if holder.person.is_guest else Grant.Role(ROLE_HELD[audience])


def grants_of(part: Part) -> list[Grant]:
    """The grants a part's words are bound to."""
    return list(Grant.objects.for_system("the people its audience holds").standing().filter(part=part))


def grants_by_part(parts: Iterable[Part]) -> dict[str, list[Grant]]:
    """The same for many parts, in one query. The parts were seen with somebody's eyes."""
    rows = Grant.objects.for_system("the people their audiences hold").standing()
    found: dict[str, list[Grant]] = defaultdict(list)
    for grant in rows.filter(part__in=[part.pk for part in parts]):
        found[grant.part_id].append(grant)
    return found


def counting(parts: Iterable[Part]) -> dict[str, dict[str, Grant]]:
    """The grants of parts that count now, by part and by person, in one query."""
    rows = Grant.objects.for_system("the people their audiences hold now").counting()
    found: dict[str, dict[str, Grant]] = defaultdict(dict)
    for grant in rows.filter(part__in=[part.pk for part in parts]).select_related("person"):
        found[grant.part_id][grant.person_id] = grant
    return found


def counting_of(part: Part) -> dict[str, Grant]:
    """The same for one part."""
    return counting([part])[part.pk]


def joined_later(part: Part, everybody: list[Participation], held: Iterable[str]) -> list[Participation]:
    """Those the chosen audience would hold today and does not: they came, or came back, after the choice."""
    now = within(part, part.audience, everybody)
    return [row for person_id, row in now.items() if person_id not in set(held)]
