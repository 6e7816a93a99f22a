"""When a lane learned of a moment. It is part of the timeline, so it stands in the moment's history."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.http import Http404

from secondstory.timeline.changes import lane_named, save_with_history, to_change
from secondstory.timeline.models import Learned, Moment
from secondstory.timeline.rules import LONGEST_HOW, LONGEST_NAME, Refused, problems_of_learning, tidy, to_the_second


def learn(moment_id: str, by: Any, lane: str, at: datetime, how: str = "") -> Learned:
    """Says that a lane learned of a moment at a time; what was said of this lane before gives way."""
    lane, how, at = " ".join(tidy(lane).split()), " ".join(tidy(how).split()), to_the_second(at)
    with transaction.atomic():
        moment = to_change(moment_id, by)
        if found := _problems(moment, lane, at, how):
            raise Refused(found)
        there = lane_named(moment.review, lane)
        before: Learned | None = (
            Learned.objects.visible_to(by).filter(moment=moment, lane=there).select_related("lane").first()
        )
        learned = Learned(review=moment.review, moment=moment, lane=there, at=at, how=how)
        if before and _told(before) == _told(learned):
            return before
        if before:
            learned.pk = before.pk
        learned.save(force_insert=before is None, force_update=before is not None)
        save_with_history(
            moment, by, "learned", {"learned": _told(before)} if before else {}, {"learned": _told(learned)}
        )
    return learned


def unlearn(learned_id: str, by: Any) -> Moment:
    """Takes off when a lane learned of a moment."""
    with transaction.atomic():
        learned = Learned.objects.visible_to(by).filter(pk=learned_id).select_related("lane").first()
        if learned is None:
            raise Http404
        moment = to_change(learned.moment_id, by)
        learned.delete()
        save_with_history(moment, by, "unlearned", {"learned": _told(learned)}, {})
    return moment


def _problems(moment: Moment, lane: str, at: datetime, how: str) -> list[tuple[str, str]]:
    found = problems_of_learning(at, moment.row)
    if not lane:
        found.append(("lane", "empty_name"))
    if len(lane) > LONGEST_NAME:
        found.append(("lane", "name_too_long"))
    return found + ([("how", "how_too_long")] if len(how) > LONGEST_HOW else [])


def _told(learned: Learned) -> str:
    how = f" ({learned.how})" if learned.how else ""
    at = learned.at.astimezone(UTC).isoformat(timespec="seconds")
    return f"{learned.lane.name}: {at}{how}"
