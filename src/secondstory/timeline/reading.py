"""What the timeline page shows, read as one person."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext

from secondstory.reviews.frame import called
from secondstory.reviews.models import Review
from secondstory.reviews.rules import zone_named
from secondstory.timeline import wording
from secondstory.timeline.besides import Besides, Source, besides_of
from secondstory.timeline.models import MarginNote, Moment, MomentChange
from secondstory.timeline.offers import Beside, beside
from secondstory.timeline.rules import differences

# "Support: 2026-03-09T14:40:00+00:00 (a customer called)", as it was kept when a lane learned of a moment
LEARNED_AT = re.compile(r": (\d{4}-\d\d-\d\dT[\d:]{8}\+00:00)(?= \(|$)")


@dataclass(slots=True)
class Shown:
    """A moment with all that stands beside it."""

    moment: Moment
    besides: Besides = field(default_factory=Besides)
    above: list[Beside] = field(default_factory=list)
    note: MarginNote | None = None
    there: str = ""

    @property
    def noted(self) -> bool:
        return self.note is not None


def zone_of(review: Review) -> ZoneInfo:
    """The zone the event happened in."""
    return zone_named(review.zone)


def moments_of(
    review: Review, person: Any, names: Mapping[str, str], notes: Mapping[str | None, MarginNote]
) -> tuple[list[Shown], list[Moment]]:
    """The standing moments in their order, and those that were taken out."""
    moments = list(Moment.objects.visible_to(person).filter(review=review).select_related("lane"))
    return _shown(review, person, [each for each in moments if not each.removed_at], names, notes), [
        each for each in moments if each.removed_at
    ]


def _shown(
    review: Review,
    person: Any,
    moments: Sequence[Moment],
    names: Mapping[str, str],
    notes: Mapping[str | None, MarginNote],
) -> list[Shown]:
    if not moments:
        return []
    one = moments[0].pk if len(moments) == 1 else None
    besides, above = (
        besides_of(review, person, names, one),
        beside(review, person, {moment.pk: moment for moment in moments}),
    )
    zone = zone_of(review)
    return [
        Shown(each, besides[each.pk], above.get(each.pk, []), notes.get(each.pk), _there(each.at, zone))
        for each in moments
    ]


def sources_of(review: Review, person: Any, moment_id: str | None = None) -> dict[str, list[Source]]:
    """What each standing moment rests on."""
    besides = besides_of(review, person, {}, moment_id)
    return defaultdict(list, {moment: each.sources for moment, each in besides.items()})


def notes_of(review: Review, person: Any) -> dict[str | None, MarginNote]:
    """The facilitator's own notes by moment; the one about the whole timeline by None."""
    notes = MarginNote.objects.visible_to(person).filter(review=review).select_related("text")
    return {note.moment_id: note for note in notes}


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
        return _clock(value)
    if name == "when":
        return str(Moment.When(value).label)
    if name == "evidence":
        return ", ".join(gettext("line %(number)s") % {"number": number} for number in value)
    if name == "learned":
        return LEARNED_AT.sub(lambda at: f": {_clock(at[1])}", value, count=1)
    return str(wording.YES) if value is True else str(value)


def _clock(at: str) -> str:
    return f"{timezone.localtime(datetime.fromisoformat(at)):%Y-%m-%d %H:%M:%S %Z}"
