"""Files of a draft, for those who take part, and of a version, for whoever may read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from secondstory.reviews.frame import workshop
from secondstory.stories.quoting import Quoted
from secondstory.writing.composing import draft as draft_of
from secondstory.writing.departure_changes import note_taken
from secondstory.writing.document import Document
from secondstory.writing.exporters.html_file import Edition, Picture, html
from secondstory.writing.exporters.json_file import json_bytes
from secondstory.writing.exporters.markdown import markdown
from secondstory.writing.exporters.pdf import NotInstalled, pdf
from secondstory.writing.models import Version
from secondstory.writing.pictures import draft_picture, picture_of
from secondstory.writing.quotes import filled, found_in

FORMATS: dict[str, tuple[str, str, Callable[[Document, Picture, Edition | None], bytes]]] = {
    "markdown": (
        "text/markdown; charset=utf-8",
        "md",
        lambda document, _picture, _edition: markdown(document).encode(),
    ),
    "html": ("text/html; charset=utf-8", "html", lambda *what: html(*what).encode()),
    "json": ("application/json", "json", lambda document, _picture, _edition: json_bytes(document)),
    "pdf": ("application/pdf", "pdf", pdf),
}


@login_required
@never_cache
@require_safe
def draft(request: HttpRequest, review_id: str, format_: str) -> HttpResponse:
    """The draft as a file."""
    review = workshop(request, review_id, "write").review
    document = taken_along(draft_of(review, request.user), review.pk, request.user, format_)
    return _file(request, document, format_, lambda number: draft_picture(review, request.user, number))


@never_cache
@require_safe
def version(request: HttpRequest, version_id: str, format_: str) -> HttpResponse:
    """A version as a file."""
    found = get_object_or_404(Version.objects.visible_to(request.user), pk=version_id)
    document = taken_along(Document.from_json(found.document), found.review_id, request.user, format_)
    return _file(request, document, format_, lambda number: picture_of(found, number), edition_of(found))


def taken_along(document: Document, review_id: str, person: Any, format_: str) -> Document:
    """The document with its quotes as this person may read them; that they leave the building is noted."""
    if format_ not in FORMATS:
        raise Http404
    found = found_in(document, review_id, person)
    note_taken(review_id, [id_ for id_, quote in found.items() if isinstance(quote, Quoted)], format_)
    return filled(document, found)


def edition_of(found: Version) -> Edition:
    """What a version's file says of itself."""
    return Edition(found.number, found.published_at)


def _file(
    request: HttpRequest, document: Document, format_: str, picture: Picture, edition: Edition | None = None
) -> HttpResponse:
    return file_of(document, format_, picture, edition) or render(request, "writing/no_pdf.html", status=501)


def file_of(document: Document, format_: str, picture: Picture, edition: Edition | None = None) -> HttpResponse | None:
    """The file as an answer; None when what makes it is not installed."""
    if format_ not in FORMATS:
        raise Http404
    media, ending, export = FORMATS[format_]
    try:
        content = export(document, picture, edition)
    except NotInstalled:
        return None
    name = f"{slugify(document.title) or 'review'}.{ending}"
    return HttpResponse(content, content_type=media, headers={"Content-Disposition": f'attachment; filename="{name}"'})
