"""Moments over the API. What a page refuses is refused here with the same words; an edit carries its version."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from secondstory.reviews.frame import review_here
from secondstory.timeline import changes, learned_changes, tables, triage_changes, wording
from secondstory.timeline.besides import Besides, besides_of
from secondstory.timeline.models import Moment
from secondstory.timeline.reading import zone_of
from secondstory.timeline.rules import LONGEST, LONGEST_HOW, LONGEST_NAME, Refused, Row

router = Router(tags=["timeline"])
MOST_LINES = 500

Words = Annotated[str, Field(max_length=LONGEST)]
Name = Annotated[str, Field(max_length=LONGEST_NAME)]


class RowIn(Schema):
    """A moment to write. Times carry their zone."""

    at: datetime
    what: Words
    when: Literal["exact", "about", "between"] = "exact"
    until: datetime | None = None
    information: Words = ""
    decision: Words = ""
    lane: Name = ""
    perspective: Name = ""
    pivot: bool = False

    def row(self) -> Row:
        """The row these fields make."""
        zoned = {name: _zoned(getattr(self, name)) for name in ("at", "until")}
        return Row(**{name: getattr(self, name) for name in Row.__dataclass_fields__} | zoned)


class MomentEditIn(RowIn):
    """A moment as it should stand, and the version it was read at."""

    version: int


class LinesIn(Schema):
    """Numbers of lines of evidence."""

    lines: Annotated[list[int], Field(min_length=1, max_length=MOST_LINES)]


class SourceOut(Schema):
    """What a moment rests on: the line's number, its kind and time; never its words."""

    number: int
    kind: str
    at: datetime


class LearnedOut(Schema):
    """That a lane learned of a moment, when and how."""

    lane: str
    at: datetime
    how: str


class DifferenceOut(Schema):
    """How somebody remembers a moment otherwise; `both`: both accounts are kept, else it is open."""

    words: str
    both: bool


class LearnedIn(Schema):
    """When a lane learned of a moment; what was said of this lane before gives way."""

    lane: Name
    at: datetime
    how: Annotated[str, Field(max_length=LONGEST_HOW)] = ""


class MomentOut(Schema):
    """A moment of the timeline."""

    id: str
    at: datetime
    when: str
    until: datetime | None
    what: str
    information: str
    decision: str
    lane: str
    perspective: str
    pivot: bool
    version: int
    sources: list[SourceOut]
    learned: list[LearnedOut]
    differences: list[DifferenceOut]


class ProblemOut(Schema):
    """What does not fit, by field."""

    title: str
    errors: list[dict[str, str]]


class MomentConflictOut(Schema):
    """The moment as it stands now, when somebody else was first."""

    title: str
    moment: MomentOut


@router.get("/reviews/{review_id}/moments", response=list[MomentOut], summary="The timeline in its order")
def list_moments(request: HttpRequest, review_id: str) -> Any:
    review = review_here(request.user, review_id)
    besides = besides_of(review, request.user, {})
    moments = Moment.objects.visible_to(request.user).standing().filter(review=review).select_related("lane")
    return [_told(moment, besides[moment.pk]) for moment in moments]


@router.get("/reviews/{review_id}/moments.md", summary="The timeline as a Markdown table")
def table_of_moments(request: HttpRequest, review_id: str) -> HttpResponse:
    review = review_here(request.user, review_id)
    moments = Moment.objects.visible_to(request.user).standing().filter(review=review).select_related("lane")
    text = tables.table([moment.row for moment in moments], zone_of(review))
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


@router.post(
    "/reviews/{review_id}/moments", response={201: MomentOut, 422: ProblemOut}, summary="Write a moment by hand"
)
def add_moment(request: HttpRequest, review_id: str, data: RowIn) -> Any:
    review = review_here(request.user, review_id)
    try:
        return Status(201, _one(request, changes.add(review, request.user, data.row())))
    except Refused as refused:
        return Status(422, _problem(refused))


@router.post(
    "/reviews/{review_id}/moments/accept",
    response={201: MomentOut, 422: ProblemOut},
    summary="Make one moment of one or several lines of evidence",
)
def accept_lines(request: HttpRequest, review_id: str, data: LinesIn) -> Any:
    review = review_here(request.user, review_id)
    try:
        return Status(201, _one(request, triage_changes.accept(review, request.user, data.lines)))
    except Refused as refused:
        return Status(422, _problem(refused))


@router.put(
    "/reviews/{review_id}/moments/{moment_id}",
    response={200: MomentOut, 409: MomentConflictOut, 422: ProblemOut},
    summary="Change a moment",
)
def edit_moment(request: HttpRequest, review_id: str, moment_id: str, data: MomentEditIn) -> Any:
    moment = _moment(request, review_id, moment_id)
    try:
        return _one(request, changes.edit(moment.pk, request.user, data.row(), data.version))
    except changes.Conflict as conflict:
        title = _("Somebody changed this moment in between.")
        return Status(409, {"title": title, "moment": _one(request, conflict.moment)})
    except Refused as refused:
        return Status(422, _problem(refused))


@router.put(
    "/reviews/{review_id}/moments/{moment_id}/learned",
    response={200: MomentOut, 422: ProblemOut},
    summary="Say when a lane learned of a moment",
)
def learned_of_moment(request: HttpRequest, review_id: str, moment_id: str, data: LearnedIn) -> Any:
    moment = _moment(request, review_id, moment_id)
    try:
        learned_changes.learn(moment.pk, request.user, data.lane, _zoned(data.at) or data.at, data.how)
    except Refused as refused:
        return Status(422, _problem(refused))
    return _one(request, _moment(request, review_id, moment_id))


@router.delete(
    "/reviews/{review_id}/moments/{moment_id}",
    response={204: None},
    summary="Take a moment out of the timeline; its history stays",
)
def remove_moment(request: HttpRequest, review_id: str, moment_id: str) -> Any:
    changes.remove(_moment(request, review_id, moment_id).pk, request.user)
    return Status(204, None)


def _moment(request: HttpRequest, review_id: str, moment_id: str) -> Moment:
    moments = Moment.objects.visible_to(request.user).standing()
    moment: Moment = get_object_or_404(moments, review=review_here(request.user, review_id), pk=moment_id)
    return moment


def _one(request: HttpRequest, moment: Moment) -> dict[str, Any]:
    return _told(moment, besides_of(moment.review, request.user, {}, moment.pk)[moment.pk])


def _told(moment: Moment, besides: Besides) -> dict[str, Any]:
    row = {name: getattr(moment.row, name) for name in Row.__dataclass_fields__}
    told = {
        "sources": [{"number": each.number, "kind": each.kind, "at": each.at} for each in besides.sources],
        "learned": [{"lane": each.lane, "at": each.at, "how": each.how} for each in besides.learned],
        "differences": [{"words": each.words, "both": each.both} for each in besides.voices],
    }
    return row | told | {"id": moment.pk, "version": moment.version}


def _zoned(at: datetime | None) -> datetime | None:
    if at is not None and at.tzinfo is None:
        raise Refused([("at", "no_zone")])
    return at


def _problem(refused: Refused) -> dict[str, Any]:
    errors = [{"where": field, "what": wording.problem(code)} for field, code in refused.problems]
    return {"title": _("Some of what was sent does not fit."), "errors": errors}
