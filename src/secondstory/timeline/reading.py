"""What the timeline page shows, read as one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from secondstory.reviews.frame import called
from secondstory.reviews.models import Review
from secondstory.reviews.rules import zone_named
from secondstory.timeline import wording
from secondstory.timeline.models import Citation, MarginNote, Moment, MomentChange
from secondstory.timeline.rules import differences


@dataclass(slots=True)
class Source:
    """A line of evidence a moment rests on, as its participants are shown it."""

    number: int
    kind: str
    at: datetime

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
class Shown:
    """A moment with all that stands beside it."""

    moment: Moment
    sources: list[Source] = field(default_factory=list)
    note: MarginNote | None = None
    there: str = ""

    @property
    def noted(self) -> bool:
        return self.note is not None


def zone_of(review: Review) -> ZoneInfo:
    """The zone the event happened in."""
    return zone_named(review.zone)


def moments_of(review: Review, person: Any, *, facilitates: bool) -> tuple[list[Shown], list[Moment]]:
    """The standing moments in their order, and those that were taken out."""
    moments = list(Moment.objects.visible_to(person).filter(review=review).select_related("lane"))
    notes = _notes(review, person) if facilitates else {}
    return _shown(review, person, [each for each in moments if not each.removed_at], notes), [
        each for each in moments if each.removed_at
    ]


def shown(moment: Moment, person: Any, *, facilitates: bool) -> Shown:
    """One moment as its row shows it."""
    notes = _notes(moment.review, person) if facilitates else {}
    return _shown(moment.review, person, [moment], notes)[0]


def _shown(review: Review, person: Any, moments: Sequence[Moment], notes: dict[str | None, MarginNote]) -> list[Shown]:
    one = moments[0].pk if len(moments) == 1 else None
    sources = sources_of(review, person, one) if moments else {}
    zone = zone_of(review)
    return [Shown(each, sources.get(each.pk, []), notes.get(each.pk), _there(each.at, zone)) for each in moments]


def sources_of(review: Review, person: Any, moment_id: str | None = None) -> dict[str, list[Source]]:
    """What each standing moment rests on."""
    cited = Citation.objects.visible_to(person).filter(review=review, moment__removed_at=None)
    if moment_id:
        cited = cited.filter(moment_id=moment_id)
    by_moment = defaultdict(list)
    lines = cited.order_by("evidence__at", "evidence__number")
    for moment, *line in lines.values_list("moment_id", "evidence__number", "evidence__kind", "evidence__at"):
        by_moment[moment].append(Source(*line))
    return by_moment


def _notes(review: Review, person: Any) -> dict[str | None, MarginNote]:
    notes = MarginNote.objects.visible_to(person).filter(review=review).select_related("text")
    return {note.moment_id: note for note in notes}


def page_note(review: Review, person: Any) -> MarginNote | None:
    """The facilitator's note about the whole timeline."""
    return MarginNote.objects.visible_to(person).filter(review=review, moment=None).select_related("text").first()


def _there(at: datetime, zone: ZoneInfo) -> str:
    """The time where it happened, when that is not what the viewer's own clock showed."""
    there = at.astimezone(zone)
    if there.utcoffset() == timezone.localtime(at).utcoffset():
        return ""
    return f"{there:%H:%M} {there.tzname()}"


@dataclass(slots=True)
class Step:
    """One change to a moment, ready to be read. `who` is a role label for a guest."""

    change: MomentChange
    who: str
    what: str
    fields: list[tuple[str, list[tuple[str, str]]]]


def history_of(moment: Moment, person: Any) -> list[Step]:
    """Every change to a moment, the newest first."""
    changes = MomentChange.objects.visible_to(person).filter(moment=moment)
    names = called(moment.review, person)
    return [
        Step(each, names.get(each.by_id, ""), str(wording.CHANGES.get(each.what, each.what)), _differing(each))
        for each in changes
    ]


def _differing(change: MomentChange) -> list[tuple[str, list[tuple[str, str]]]]:
    names = [name for name in wording.FIELDS if name in change.before or name in change.after]
    return [
        (
            str(wording.FIELDS[name]),
            differences(_plain(name, change.before.get(name)), _plain(name, change.after.get(name))),
        )
        for name in names
    ]


def _plain(name: str, value: Any) -> str:
    if not value:
        return ""
    if name in {"at", "until"}:
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M:%S %Z}"
    if name == "when":
        return str(Moment.When(value).label)
    if name == "evidence":
        return ", ".join(f"#{number}" for number in value)
    return str(wording.YES) if value is True else str(value)
