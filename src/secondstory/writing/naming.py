"""Who might be named in a review, what each is called in what is published, and what was decided about doubts."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from secondstory.evidence.models import Evidence
from secondstory.people.models import Person
from secondstory.reviews.models import Participation, Review
from secondstory.writing.document import Document, texts_of
from secondstory.writing.models import NameChoice
from secondstory.writing.name_forms import Known
from secondstory.writing.name_likeness import fold
from secondstory.writing.names import Doubt, Names
from secondstory.writing.quotes import Found, filled, found_in
from secondstory.writing.rules import images_in

FEW = 2
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

    def without_names(self) -> Naming:
        """As a guest may see it: what people are called for readers, not who they are nor how rare their role is here."""
        labels = [replace(each, name=each.label, few=False) for each in self.labels]
        return replace(self, labels=labels, doubts=[])

    @property
    def left_out(self) -> set[int]:
        """Pictures that are not published."""
        return {number for number, choice in self.images if choice != KEEP}


def naming(
    review: Review,
    person: Any,
    document: Document,
    chosen: dict[str, str] | None = None,
    quotes: Found | None = None,
) -> Naming:
    """Names as they stand for this review and this draft, its quotes read as this person may."""
    document = filled(document, found_in(document, review, person) if quotes is None else quotes)
    if chosen is None:
        rows = NameChoice.objects.visible_to(person).filter(review=review)
        chosen = dict(rows.values_list("about", "choice"))
    parts: list[Any] = list(_parts(review, person))
    taking_part = {part.person_id: part for part in parts}
    known = [_known(part, chosen) for part in taking_part.values()]
    known += _others(review, person, set(taking_part))
    names = Names(known, chosen)
    labels = _labels([part for part in parts if part.left_at is None], names)
    images = sorted({number for _place, text in texts_of(document) for number in images_in(text, review.pk)})
    return Naming(
        names,
        labels,
        names.doubts(texts_of(document)),
        [(number, chosen.get(f"{IMAGE}{number}", "")) for number in images],
    )


def _parts(review: Review, person: Any) -> Any:
    """Who takes or took part, and how many in the organisation hold the same label, of which only "few" is ever told."""
    same = Participation.objects.for_system("whether so few hold a label that readers will know who")
    holders = same.filter(role_label=OuterRef("role_label")).order_by().values("role_label")
    few_or_many = Coalesce(Subquery(holders.annotate(n=Count("person", distinct=True)).values("n")), 0)
    parts = Participation.objects.visible_to(person).filter(review=review).select_related("person")
    return parts.annotate(holders=few_or_many)


def _known(part: Participation, chosen: dict[str, str]) -> Known:
    someone: Person = part.person
    label = chosen.get(f"{PERSON}{part.person_id}") or default_label(part)
    return Known(someone.pk, someone.name, someone.email, tuple(someone.handles), label)


def default_label(part: Participation) -> str:
    """The role label, or else the duty."""
    return part.role_label or str(Participation.Duty(part.duty).label).lower()


def _others(review: Review, person: Any, taking_part: set[str]) -> list[Known]:
    """Everybody else in the organisation by full name, address and handle; and whoever the evidence names."""
    people, authors = _people_and_authors(review, person)
    others = [
        Known(pk, name, email, tuple(handles), "", near=False)
        for pk, name, email, handles in people
        if pk not in taking_part
    ]
    familiar = {fold(handle) for _pk, name, _email, handles in people for handle in (*handles, name)}
    return others + [
        Known(f"author:{author}", author, "", (author,), "", near=False, certain=False)
        for author in authors
        if fold(author.lstrip("@")) not in familiar
    ]


def _people_and_authors(review: Review, person: Any) -> tuple[list[tuple[str, str, str, list[str]]], list[str]]:
    """Id, name, address and handles of everybody, by name; and the authors of the review's evidence. One query."""
    people = Person.objects.get_queryset().order_by().values_list("pk", "name", "email", Cast("handles", TextField()))
    evidence: Any = Evidence.objects.visible_to(person).filter(review=review).exclude(author="").order_by()
    authors = evidence.values_list(Value(""), "author", Value(""), Value(""))
    rows = sorted(people.union(authors), key=lambda row: row[1])
    return [(pk, name, email, json.loads(handles)) for pk, name, email, handles in rows if pk], [
        author for pk, author, _email, _handles in rows if not pk
    ]


def _labels(parts: list[Any], names: Names) -> list[Label]:
    return [
        Label(
            part.person_id,
            part.person.name,
            label := names.label_of(part.person_id),
            few=part.holders <= FEW and label != broader(),
            broader=broader(),
        )
        for part in parts
    ]


def broader() -> str:
    """A label that everybody here shares."""
    return _("someone who took part")
