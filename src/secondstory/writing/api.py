"""The written review over the API: sections of the draft, and published versions in every format."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from secondstory.reviews.frame import review_here
from secondstory.reviews.models import Review
from secondstory.reviews.rules import Refused
from secondstory.texts import changes as text_changes
from secondstory.texts.rules import LONGEST
from secondstory.writing import changes
from secondstory.writing.composing import draft
from secondstory.writing.document import Document
from secondstory.writing.export_views import edition_of, file_of, taken_along
from secondstory.writing.exporters.json_file import data_of
from secondstory.writing.models import Section, SectionState, Version
from secondstory.writing.pictures import draft_picture, picture_of
from secondstory.writing.standing import sections_of

router = Router(tags=["writing"])
Line = Annotated[str, Field(pattern=r"^[^\x00]*$", max_length=300)]
Body = Annotated[str, Field(pattern=r"^[^\x00]*$", max_length=LONGEST)]


class SectionOut(Schema):
    """A section as those who take part write it."""

    key: str
    title: str
    required: bool
    state: SectionState
    reason: str
    body: str
    version: int


class SectionIn(Schema):
    """The words as they should stand, and the version they were read at."""

    body: Body
    version: int


class MarkIn(Schema):
    """To be written, not applicable with a reason, or removed."""

    state: SectionState
    reason: Line = ""


class SectionConflictOut(Schema):
    """Somebody saved in between; nothing was stored."""

    title: str
    section: SectionOut


class VersionOut(Schema):
    """One published version."""

    id: str
    number: int
    audience: str
    published_at: datetime


class VersionInFull(VersionOut):
    """With the document as readers get it."""

    document: dict[str, Any]


@router.get("/reviews/{review_id}/sections", response=list[SectionOut], summary="The draft, section by section")
def list_sections(request: HttpRequest, review_id: str) -> Any:
    """For those who take part."""
    review = _workshop(request, review_id)
    return [_told(each) for each in sections_of(review, request.user)]


@router.put(
    "/reviews/{review_id}/sections/{key}",
    response={200: SectionOut, 409: SectionConflictOut},
    summary="Write a section",
)
def write_section(request: HttpRequest, review_id: str, key: str, data: SectionIn) -> Any:
    """Over the version it was read at; when another stands there, both are kept and the answer is 409."""
    section = _section(request, review_id, key)
    try:
        text_changes.save(section.text_id, data.body, data.version, request.user)
    except text_changes.Conflict:
        title = _("Somebody saved this section in between.")
        return Status(409, {"title": title, "section": _told(_section(request, review_id, key))})
    return _told(_section(request, review_id, key))


@router.post("/reviews/{review_id}/sections/{key}/state", response=SectionOut, summary="Mark a section")
def mark_section(request: HttpRequest, review_id: str, key: str, data: MarkIn) -> Any:
    """To be written, not applicable with a reason, or removed from this review."""
    section = _section(request, review_id, key)
    try:
        changes.mark(section.pk, by=request.user, state=data.state, reason=data.reason)
    except Refused as refusal:
        raise HttpError(422, str(refusal)) from None
    return _told(_section(request, review_id, key))


@router.get("/reviews/{review_id}/draft/{format_}", summary="The draft as markdown, html, json or pdf")
def export_draft(request: HttpRequest, review_id: str, format_: str) -> HttpResponse:
    """For those who take part."""
    review = _workshop(request, review_id)
    document = taken_along(draft(review, request.user), review.pk, request.user, format_)
    return _file(document, format_, lambda number: draft_picture(review, request.user, number))


@router.get("/reviews/{review_id}/versions", response=list[VersionOut], summary="Published versions")
def list_versions(request: HttpRequest, review_id: str) -> Any:
    """Those this person may read, the newest first."""
    return list(Version.objects.visible_to(request.user).filter(review=review_id).defer("document"))


@router.get("/reviews/{review_id}/versions/{number}", response=VersionInFull, summary="One version")
def get_version(request: HttpRequest, review_id: str, number: int) -> Any:
    """The document with role labels, without evidence."""
    found = _version(request, review_id, number)
    fields = {name: getattr(found, name) for name in ("id", "number", "audience", "published_at")}
    document = taken_along(Document.from_json(found.document), review_id, request.user, "json")
    return fields | {"document": data_of(document)}


@router.get("/reviews/{review_id}/versions/{number}/{format_}", summary="A version as markdown, html, json or pdf")
def export_version(request: HttpRequest, review_id: str, number: int, format_: str) -> HttpResponse:
    """For whoever may read it."""
    found = _version(request, review_id, number)
    document = taken_along(Document.from_json(found.document), review_id, request.user, format_)
    return _file(document, format_, lambda picture: picture_of(found, picture), edition_of(found))


def _file(document: Document, format_: str, picture: Any, edition: Any = None) -> HttpResponse:
    answer = file_of(document, format_, picture, edition)
    if answer is None:
        raise HttpError(501, _("PDF is made by WeasyPrint, which is not installed on this server."))
    return answer


def _workshop(request: HttpRequest, review_id: str) -> Review:
    review = review_here(request.user, review_id)
    if request.method != "GET":
        changes.lay_out(review, by=request.user)
    return review


def _section(request: HttpRequest, review_id: str, key: str) -> Section:
    found = next((each for each in sections_of(_workshop(request, review_id), request.user) if each.key == key), None)
    if found is None:
        raise Http404
    return found


def _version(request: HttpRequest, review_id: str, number: int) -> Version:
    version: Version = get_object_or_404(Version.objects.visible_to(request.user), review=review_id, number=number)
    return version


def _told(section: Section) -> dict[str, Any]:
    own = {name: getattr(section, name) for name in ("key", "title", "required", "state", "reason")}
    return own | {"body": section.text.body, "version": section.text.version}
