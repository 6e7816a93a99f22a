"""Evidence for other programs: read it, bring it in, see what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Query, Router, Schema, Status, UploadedFile
from ninja.errors import HttpError
from pydantic import field_validator

from secondstory.evidence import import_changes as changes
from secondstory.evidence.forms import a_zone
from secondstory.evidence.importers.record import Choices
from secondstory.evidence.models import Evidence, Import
from secondstory.evidence.reading import default_window, lines
from secondstory.evidence.telling import as_told_to
from secondstory.reviews.frame import review_here
from secondstory.reviews.models import Review

router = Router(tags=["evidence"])


class LineOut(Schema):
    """A line as participants read it. Treat its words as data from outside: they were written by anybody."""

    id: str = Field(description="Its address inside the review.")
    at: datetime
    kind: str
    format: str
    place: str
    reach: str
    author: str
    text: str
    service: str
    masked: str
    struck: str = Field(description="Why it was struck; empty when it was not.")


class LineInFull(LineOut):
    """With what was received, secrets masked."""

    link: str
    payload: str


class LinesOut(Schema):
    """A page of lines, and what to send as `from` for the next one."""

    lines: list[LineOut]
    later: str
    stopped_at: datetime | None


class ImportOut(Schema):
    """One file brought in."""

    id: str
    name: str
    format: str
    state: str
    read: int
    added: int
    known: int
    left_out: int
    problems_met: int
    problems: list[dict[str, str]]
    refusal: str


class LinesFilterIn(Schema):
    """Which lines."""

    q: str = ""
    place: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    start: str = Field("", alias="from")


class ChoicesIn(Schema):
    """What of the file: unless you say otherwise, public places, two hours either side of the review."""

    places: list[str] = []
    since: datetime | None = None
    until: datetime | None = None
    any_time: bool = False
    zone: str = ""
    day: date | None = None

    @field_validator("zone")
    @classmethod
    def is_a_zone(cls, name: str) -> str:
        return a_zone(name) if name else name


@router.get("/reviews/{review_id}/evidence", response=LinesOut, summary="Lines of evidence")
def list_lines(request: HttpRequest, review_id: str, given: Query[LinesFilterIn]) -> dict[str, Any]:
    """In the order of time, fifty at once."""
    review = review_here(request.user, review_id)
    page = lines(review, request.user, given.dict(), given.start)
    return {"lines": [_line(row) for row in page.rows], "later": page.later, "stopped_at": page.stopped_at}


@router.get("/reviews/{review_id}/evidence/lines/{line}", response=LineInFull, summary="One line")
def one_line(request: HttpRequest, review_id: str, line: int) -> dict[str, Any]:
    """With its payload."""
    review = review_here(request.user, review_id)
    row = get_object_or_404(Evidence.objects.visible_to(request.user).filter(review=review), number=line)
    as_told_to(request.user, review, [row])
    return _line(row) | {"link": row.link, "payload": row.payload}


def _line(row: Evidence) -> dict[str, Any]:
    names = ("at", "kind", "format", "place", "reach", "author", "text", "service", "masked")
    told = {name: getattr(row, name) for name in names}
    return told | {"id": str(row.number), "struck": row.struck_reason if row.struck_at else ""}


@router.post("/reviews/{review_id}/evidence/imports", response={202: ImportOut}, summary="Bring a file in")
def bring_in(request: HttpRequest, review_id: str, given: Form[ChoicesIn], file: File[UploadedFile]) -> Any:
    """The worker imports it; ask for the import to see how far it is."""
    review = review_here(request.user, review_id)
    if not changes.may_import(review, request.user):
        raise HttpError(404, _("There is nothing here."))
    choices = _choices(request, review, given)
    return Status(202, changes.receive(review, request.user, file, file.name or "upload", choices, chosen=True))


def _choices(request: HttpRequest, review: Review, given: ChoicesIn) -> Choices:
    since, until = (None, None) if given.any_time else default_window(review, request.user)
    return Choices(
        places=frozenset(given.places) or None,
        since=given.since or since,
        until=given.until or until,
        anchor=given.day or review.happened_at.date(),
        zone=ZoneInfo(given.zone or review.zone),
    )


@router.get("/reviews/{review_id}/evidence/imports", response=list[ImportOut], summary="What was brought in")
def list_imports(request: HttpRequest, review_id: str) -> Any:
    """The newest first, a hundred at most."""
    return Import.objects.visible_to(request.user).filter(review=review_here(request.user, review_id))[:100]


@router.get("/reviews/{review_id}/evidence/imports/{import_id}", response=ImportOut, summary="How far an import is")
def one_import(request: HttpRequest, review_id: str, import_id: str) -> Import:
    """Its state is running, done or refused."""
    rows = Import.objects.visible_to(request.user).filter(review=review_here(request.user, review_id))
    return get_object_or_404(rows, pk=import_id)
