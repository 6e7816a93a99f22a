"""What replay lays beside the timeline: the way to stand at a decision point."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from secondstory.replay.asking import written
from secondstory.reviews.models import Review
from secondstory.timeline.models import Moment
from secondstory.timeline.offers import Beside


def standing_there(review: Review, person: Any, moment_ids: Collection[str]) -> Mapping[str, Beside]:
    """A link for each decision point that has a lane to stand in."""
    moments = Moment.objects.visible_to(person).standing().filter(review=review, pivot=True, lane__isnull=False)
    wanted = set(moment_ids)
    return {
        pk: Beside("replay/_stand.html", f"{reverse('replay_lane', args=[review.pk, lane_id])}?{_at(until or at)}")
        for pk, lane_id, at, until in moments.values_list("pk", "lane_id", "at", "until")
        if pk in wanted
    }


def _at(time: Any) -> str:
    return urlencode({"at": written(time)})
