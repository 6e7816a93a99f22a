"""Who might be named in a review, what each is called in what is published, and what was decided about doubts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from secondstory.evidence.models import Evidence
from secondstory.people.models import Person, Team
from secondstory.reviews.models import Participation, Review
from secondstory.writing.document import Document, texts_of
from secondstory.writing.models import NameChoice
from secondstory.writing.name_forms import Known
from secondstory.writing.name_likeness import fold
from secondstory.writing.names import Doubt, Names
from secondstory.writing.rules import images_in

FEW = 2
ENOUGH_FOR_A_TEAM = 5
PERSON = "person:"
IMAGE = "image:"
KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Label:
    """What one person who takes part is called, and whether few enough hold the label that readers will know who."""

    person: str
    name: str
    label: str
    few: bool
    broader: str


@dataclass(frozen=True, slots=True)
class Naming:
    """All that is known about names in one review."""

    names: Names
    labels: list[Label]
    doubts: list[Doubt]
    images: list[tuple[int, str]]

    @property
    def undecided(self) -> list[str]:
        """What waits for the facilitator's word."""
        waiting = [each.form for each in self.doubts if not each.choice]
        return waiting + [f"{IMAGE}{number}" for number, choice in self.images if not choice]

    @property
    def left_out(self) -> set[int]:
        """Pictures that are not published."""
        return {number for number, choice in self.images if choice != KEEP}


def naming(review: Review, person: Any, document: Document) -> Naming:
    """Names as they stand for this review and this draft."""
    chosen = dict(NameChoice.objects.visible_to(person).filter(review=review).values_list("about", "choice"))
    parts = list(Participation.objects.visible_to(person).filter(review=review).select_related("person"))
    taking_part = {part.person_id: part for part in parts}
    known = [_known(part, chosen) for part in taking_part.values()]
    known += _others(review, person, set(taking_part))
    names = Names(known, chosen)
    labels = _labels([part for part in parts if part.left_at is None], names, person)
    images = sorted({number for _place, text in texts_of(document) for number in images_in(text, review.pk)})
    return Naming(
        names,
        labels,
        names.doubts(texts_of(document)),
        [(number, chosen.get(f"{IMAGE}{number}", "")) for number in images],
    )


def _known(part: Participation, chosen: dict[str, str]) -> Known:
    someone: Person = part.person
    label = chosen.get(f"{PERSON}{part.person_id}") or default_label(part)
    return Known(someone.pk, someone.name, someone.email, tuple(someone.handles), label)


def default_label(part: Participation) -> str:
    """The role label, or else the duty."""
    return part.role_label or str(Participation.Duty(part.duty).label).lower()


def _others(review: Review, person: Any, taking_part: set[str]) -> list[Known]:
    """Everybody else in the organisation by full name, address and handle; and whoever the evidence names."""
    rows = list(Person.objects.get_queryset().values_list("pk", "name", "email", "handles"))
    others = [
        Known(pk, name, email, tuple(handles), "", near=False)
        for pk, name, email, handles in rows
        if pk not in taking_part
    ]
    familiar = {fold(handle) for _pk, name, _email, handles in rows for handle in (*handles, name)}
    authors = Evidence.objects.visible_to(person).filter(review=review).exclude(author="").order_by("author")
    return others + [
        Known(f"author:{author}", author, "", (author,), "", near=False, certain=False)
        for author in authors.values_list("author", flat=True).distinct()
        if fold(author.lstrip("@")) not in familiar
    ]


def _labels(parts: list[Participation], names: Names, person: Any) -> list[Label]:
    counted = Participation.objects.for_system("which labels are held by so few that readers will know who")
    many = set(
        counted.values("role_label")
        .annotate(people=Count("person", distinct=True))
        .filter(people__gt=FEW)
        .values_list("role_label", flat=True)
    )
    teams = _large_teams(person)
    return [
        Label(
            part.person_id,
            part.person.name,
            label := names.label_of(part.person_id),
            few=label not in many and label != broader(teams.get(part.person_id, "")),
            broader=broader(teams.get(part.person_id, "")),
        )
        for part in parts
    ]


def broader(team: str) -> str:
    """A label that many hold."""
    return _("someone in %(team)s") % {"team": team} if team else _("someone who took part")


def _large_teams(person: Any) -> dict[str, str]:
    through = Team.members.through.objects.filter(team__in=Team.objects.visible_to(person))
    members: defaultdict[str, list[str]] = defaultdict(list)
    for team, member in through.values_list("team__name", "person_id"):
        members[team].append(member)
    large = {team: people for team, people in members.items() if len(people) >= ENOUGH_FOR_A_TEAM}
    return {member: team for team, people in large.items() for member in people}
