"""Writes to what is said of a lane's places. Every participant may: it says what could be read, not who did what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404

from secondstory.reviews.record_changes import touched
from secondstory.timeline.models import Lane, LanePlace
from secondstory.timeline.place_reading import suggested
from secondstory.timeline.rules import Refused, problem_of_window


def always(lane_id: str, by: Any, place: str) -> LanePlace:
    """Says that a lane could read a place at any time."""
    return _alone(lane_id, by, place, reads=True)


def never(lane_id: str, by: Any, place: str) -> LanePlace:
    """Says that a lane could not read a place."""
    return _alone(lane_id, by, place, reads=False)


def between(lane_id: str, by: Any, place: str, since: datetime | None, until: datetime | None) -> LanePlace:
    """Says that a lane could read a place for a stretch of time, beside other such stretches."""
    if problem := problem_of_window(since, until):
        raise Refused([("until" if until else "since", problem)])
    with transaction.atomic():
        lane = _lane(lane_id, by)
        said = LanePlace.objects.visible_to(by).filter(lane=lane, place=place)
        said.exclude(reads=True).delete()
        said.filter(since=None, until=None).delete()
        return _written(LanePlace(review=lane.review, lane=lane, place=place, since=since, until=until))


def take_suggestions(lane_id: str, by: Any) -> None:
    """Takes over what the lane's own lines suggest."""
    with transaction.atomic():
        for each in suggested(_lane(lane_id, by), by):
            between(lane_id, by, each.place, each.since, None)


def unsay(row_id: str, by: Any) -> None:
    """Takes back one thing that was said; without any, a place is as usual."""
    with transaction.atomic():
        row = LanePlace.objects.visible_to(by).select_related("review").filter(pk=row_id).first()
        if row is None:
            raise Http404
        row.delete()
        touched(row.review)


def _alone(lane_id: str, by: Any, place: str, *, reads: bool) -> LanePlace:
    with transaction.atomic():
        lane = _lane(lane_id, by)
        LanePlace.objects.visible_to(by).filter(lane=lane, place=place).delete()
        return _written(LanePlace(review=lane.review, lane=lane, place=place, reads=reads))


def _written(row: LanePlace) -> LanePlace:
    row.save(force_insert=True)
    touched(row.review)
    return row


def _lane(lane_id: str, by: Any) -> Lane:
    lane: Lane | None = Lane.objects.visible_to(by).select_related("review").filter(pk=lane_id).first()
    if lane is None:
        raise Http404
    return lane
