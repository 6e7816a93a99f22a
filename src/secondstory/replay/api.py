"""What the replay page shows, for programs. The same rules, and nothing of later either."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status

from secondstory.replay import wording
from secondstory.replay.asking import exact_time_given, lane_here, time_given, written
from secondstory.replay.reading import Stand, seen, stand_of
from secondstory.replay.stepping import beginning, step

router = Router(tags=["replay"])
Way = Literal["next", "decision", "decision-before"]


class SeenLineOut(Schema):
    """A line as it could be read. `wording` says when its words are missing, and why."""

    at: datetime
    place: str
    kind: str
    author: str
    text: str
    wording: str


class KnownMomentOut(Schema):
    """A moment as far as it was known, and since when."""

    at: datetime
    until: datetime | None
    when: str
    what: str
    information: str
    decision: str
    how: str
    known: datetime
    own: bool


class AccountOut(Schema):
    """A passage of the lane's own story; `otherwise` once it was found to have been otherwise."""

    kind: str
    words: str
    known: datetime
    otherwise: datetime | None
    how: str


class ReplayOut(Schema):
    """What was available in a lane at a time. `earlier`, given as `before`, asks for the lines before these."""

    lane: str
    at: datetime
    deciding: bool
    lines: list[SeenLineOut]
    earlier: str
    moments: list[KnownMomentOut]
    accounts: list[AccountOut]
    questions: list[str]


class StepOut(Schema):
    """Where a step leads; nothing when nothing lies that way."""

    at: datetime | None


class WrongTimeOut(Schema):
    """What is wrong with a time."""

    title: str


@router.get(
    "/reviews/{review_id}/replay/{lane_id}",
    response={200: ReplayOut, 422: WrongTimeOut},
    summary="What one lane could see at one time",
)
def replay(request: HttpRequest, review_id: str, lane_id: str, at: str = "", before: str = "") -> Any:
    stand = stand_of(lane_here(request.user, review_id, lane_id), request.user)
    time = _time(stand, at)
    if time is None:
        return Status(422, _wrong())
    found = seen(stand, request.user, time, exact_time_given(before))
    return {
        "lane": stand.lane.name,
        "at": found.at,
        "deciding": found.deciding,
        "lines": found.lines,
        "earlier": written(found.earlier) if found.earlier else "",
        "moments": found.moments,
        "accounts": found.accounts,
        "questions": [str(question) for question in wording.QUESTIONS],
    }


@router.get(
    "/reviews/{review_id}/replay/{lane_id}/step",
    response={200: StepOut, 422: WrongTimeOut},
    summary="Where a step leads from one time in one lane",
)
def step_on(request: HttpRequest, review_id: str, lane_id: str, at: str = "", to: Way = "next") -> Any:
    stand = stand_of(lane_here(request.user, review_id, lane_id), request.user)
    time = _time(stand, at)
    if time is None:
        return Status(422, _wrong())
    return {"at": step(stand, request.user, time, to)}


def _time(stand: Stand, given: str) -> datetime | None:
    """The time asked for; where none is, the one at which the page begins."""
    return time_given(given) if given else beginning(stand, stand.lane.review.happened_at)


def _wrong() -> dict[str, str]:
    return {"title": str(wording.WRONG_TIME)}
