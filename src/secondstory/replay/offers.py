"""What replay lays beside the timeline: the way to stand at a decision point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from secondstory.replay.asking import written
from secondstory.reviews.models import Review
from secondstory.timeline.models import Moment
from secondstory.timeline.offers import Beside


def standing_there(review: Review, _person: Any, moments: Mapping[str, Moment]) -> Mapping[str, Beside]:
    """A link for each decision point that has a lane to stand in. Asks the database nothing."""
    return {
        pk: Beside("replay/_stand.html", _address(review, moment))
        for pk, moment in moments.items()
        if moment.pivot and moment.lane_id
    }


def _address(review: Review, moment: Moment) -> str:
    return f"{reverse('replay_lane', args=[review.pk, moment.lane_id])}?{_at(moment.until or moment.at)}"


def _at(time: Any) -> str:
    return urlencode({"at": written(time)})
