"""The short rows that stand beside a review's sections, read in one query for all who need some of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, F, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from secondstory.reviews.models import KeyTime, Participation, Review, Service
from secondstory.writing.chains import Link, rows_of
from secondstory.writing.document import ChainRow, FactorRow
from secondstory.writing.models import Chain, Factor, NameChoice


@dataclass(slots=True)
class Beside:
    """Key times by name, services, role labels, factors and chains in their order, what was decided about names."""

    times: dict[str, datetime] = field(default_factory=dict)
    services: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    factors: list[FactorRow] = field(default_factory=list)
    chains: dict[str, list[ChainRow]] = field(default_factory=lambda: {kind: [] for kind in Chain.Kind.values})
    choices: dict[str, str] = field(default_factory=dict)


def beside(review: Review, person: Any) -> Beside:
    """All of them, as this person may read them."""
    here = {"review": review}
    tagged = review.services.through.objects.filter(review=review).values("service")
    services = Service.objects.for_system("the names of this review's services, which its participants may read")
    times = _rows(KeyTime.objects.visible_to(person).filter(**here), "time", "name", at=F("at"))
    others = (
        _rows(services.filter(pk__in=tagged), "service", "name"),
        _rows(Participation.objects.visible_to(person).filter(**here).exclude(role_label=""), "label", "role_label"),
        _rows(Factor.objects.visible_to(person).filter(**here), "factor", "group", "words", place=F("position")),
        _rows(NameChoice.objects.visible_to(person).filter(**here), "choice", "about", "choice"),
    )
    chains = Chain.objects.visible_to(person).standing().filter(**here)
    others += tuple(
        _rows(chains.filter(kind=kind), kind, "question", "links", place=F("position")) for kind in Chain.Kind.values
    )
    found = Beside()
    # The key times come first: it is their column that tells what type a time has.
    for sort, first, second, at, *_order in times.union(*others, all=True).order_by("place", "row"):
        _sort_in(found, sort, first, second, at)
    found.services.sort()
    found.labels.sort()
    return found


def _rows(rows: QuerySet[Any], sort: str, first: str, second: str = "", **more: Any) -> Any:
    columns = {
        "sort": Value(sort, CharField()),
        "first": Cast(F(first), TextField()),
        "second": Cast(F(second), TextField()) if second else Value("", TextField()),
        "time": more.get("at", Value(None, DateTimeField())),
        "place": Cast(more.get("place", Value(0)), IntegerField()),
        "row": Cast(F("pk"), TextField()),
    }
    return rows.order_by().annotate(**columns).values_list(*columns)


def _sort_in(found: Beside, sort: str, first: str, second: str, at: datetime | None) -> None:
    if sort == "time" and at:
        found.times[first] = at
    elif sort == "service":
        found.services.append(first)
    elif sort == "label":
        found.labels.append(first)
    elif sort == "factor":
        found.factors.append(FactorRow(first, second))
    elif sort in found.chains:
        links = [Link.from_json(each) for each in json.loads(second)]
        found.chains[sort].append(ChainRow(first, rows_of(links)))
    else:
        found.choices[first] = second
