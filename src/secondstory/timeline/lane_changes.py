"""Writes to lanes. Every participant may: a lane is how the timeline is read, not who did what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import Http404

from secondstory.reviews.models import Review
from secondstory.reviews.record_changes import touched
from secondstory.timeline.changes import lane_named, part_of
from secondstory.timeline.models import Lane, Learned, Moment
from secondstory.timeline.rules import LONGEST_NAME, Refused, tidy


class InUse(Exception):
    """Moments stand in the lane, or it learned of some, so it cannot go."""


def add_lane(review: Review, by: Any, name: str, kind: str = Lane.Kind.ROLE) -> Lane:
    """A lane below the others; the one of this name, if there is one."""
    name = _sound(name)
    with transaction.atomic():
        lane = lane_named(part_of(review, by), name, kind)
        touched(review)
    if lane is None:
        raise Refused([("name", "empty_name")])
    return lane


def change_lane(lane_id: str, by: Any, name: str, kind: str) -> Lane:
    """Renames a lane, and says what sort of lane it is."""
    name = _sound(name)
    with transaction.atomic():
        lane = _lane(lane_id, by)
        if Lane.objects.visible_to(by).filter(review=lane.review, name=name).exclude(pk=lane.pk).exists():
            raise Refused([("name", "name_taken")])
        lane.name, lane.kind = name, kind
        lane.save()
        touched(lane.review)
    return lane


def order_lanes(review: Review, by: Any, ids: Sequence[str]) -> None:
    """Puts the named lanes first, in this order; the rest follow as they stood."""
    with transaction.atomic():
        part_of(review, by)
        lanes = list(Lane.objects.visible_to(by).filter(review=review))
        places = {id_: place for place, id_ in enumerate(ids)}
        lanes.sort(key=lambda lane: places.get(lane.pk, len(places)))
        for position, lane in enumerate(lanes):
            lane.position = position
        Lane.objects.visible_to(by).bulk_update(lanes, ["position"])
        touched(review)


def remove_lane(lane_id: str, by: Any) -> None:
    """Removes a lane in which no moment stands and which learned of none."""
    with transaction.atomic():
        lane = _lane(lane_id, by)
        standing = Moment.objects.visible_to(by).standing()
        learned = Learned.objects.visible_to(by).filter(lane=lane, moment__removed_at=None)
        if standing.filter(lane=lane).exists() or learned.exists():
            raise InUse
        lane.delete()
        touched(lane.review)


def _lane(lane_id: str, by: Any) -> Lane:
    lane: Lane | None = Lane.objects.visible_to(by).select_related("review").filter(pk=lane_id).first()
    if lane is None:
        raise Http404
    return lane


def _sound(name: str) -> str:
    name = " ".join(tidy(name).split())
    if not name:
        raise Refused([("name", "empty_name")])
    if len(name) > LONGEST_NAME:
        raise Refused([("name", "name_too_long")])
    return name
