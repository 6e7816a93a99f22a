"""All that stands in the row of a moment besides its own words, read as one person and in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, F, Value, When
from django.db.models.functions import Coalesce

from secondstory.reviews.models import Review
from secondstory.timeline import wording
from secondstory.timeline.models import Citation, Difference, Learned

CITED, LEARNED, DIFFERS = "cited", "learned", "differs"
NEVER = Value(None, output_field=DateTimeField())


@dataclass(slots=True)
class Source:
    """A line of evidence a moment rests on, as its participants are shown it."""

    number: int
    kind: str
    at: datetime
    # When those who could see its place could first see it.
    visible_since: datetime

    @property
    def word(self) -> str:
        return wording.source(self.kind)

    @property
    def said(self) -> str:
        return wording.from_source(self.kind)

    @property
    def icon(self) -> str:
        return wording.ICONS.get(self.kind, "evidence")


@dataclass(slots=True)
class Knew:
    """That a lane learned of the moment."""

    id: str
    lane: str
    at: datetime
    how: str


@dataclass(slots=True)
class Voice:
    """Where somebody's account differs. `who` is a role label for a guest; both: both accounts are kept."""

    id: str
    who: str
    at: datetime
    words: str
    both: bool


@dataclass(slots=True)
class Besides:
    """What stands beside one moment."""

    sources: list[Source] = field(default_factory=list)
    learned: list[Knew] = field(default_factory=list)
    voices: list[Voice] = field(default_factory=list)


def besides_of(
    review: Review, person: Any, names: Mapping[str, str], moment_id: str | None = None
) -> dict[str, Besides]:
    """By standing moment; `names` says what each person is called here for this one."""
    wanted = {"review": review, "moment__removed_at": None} | ({"moment_id": moment_id} if moment_id else {})
    found: dict[str, Besides] = defaultdict(Besides)
    rows = _cited(person, wanted).union(_learned(person, wanted), _differing(person, wanted), all=True)
    for moment, sort, at, seen, number, key, name, words in rows.order_by("when_", "number_"):
        if sort == CITED:
            found[moment].sources.append(Source(number, words, at, seen or at))
        elif sort == LEARNED:
            found[moment].learned.append(Knew(key, name, at, words))
        else:
            found[moment].voices.append(Voice(key, names.get(name, ""), at, words, both=bool(number)))
    return found


def _cited(person: Any, wanted: dict[str, Any]) -> Any:
    rows: Any = Citation.objects.visible_to(person).filter(**wanted)
    words = {"key_": Value(""), "name_": Value(""), "words_": F("evidence__kind")}
    times = {"when_": F("evidence__at"), "seen_": F("evidence__seen_from")}
    return _columns(rows, sort_=Value(CITED), **times, number_=F("evidence__number"), **words)


def _learned(person: Any, wanted: dict[str, Any]) -> Any:
    rows: Any = Learned.objects.visible_to(person).filter(**wanted)
    words = {"key_": F("id"), "name_": F("lane__name"), "words_": F("how")}
    return _columns(rows, sort_=Value(LEARNED), when_=F("at"), seen_=NEVER, number_=Value(0), **words)


def _differing(person: Any, wanted: dict[str, Any]) -> Any:
    rows: Any = Difference.objects.visible_to(person).told().filter(**wanted)
    both = Case(When(how=Difference.How.BOTH, then=1), default=0)
    words = {"key_": F("id"), "name_": Coalesce("by_id", Value("")), "words_": F("words")}
    return _columns(rows, sort_=Value(DIFFERS), when_=F("at"), seen_=NEVER, number_=both, **words)


def _columns(rows: Any, **columns: Any) -> Any:
    return rows.order_by().annotate(**columns).values_list("moment_id", *columns)
