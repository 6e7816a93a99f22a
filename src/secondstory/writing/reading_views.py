"""What readers see: a published version, and how one differs from another."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from secondstory.reviews.models import Audience, Review
from secondstory.writing.differing import differing
from secondstory.writing.document import Document
from secondstory.writing.exporters.as_told import sections_as_text
from secondstory.writing.exporters.pdf import is_installed
from secondstory.writing.models import Version
from secondstory.writing.pictures import picture_of
from secondstory.writing.quotes import as_read, quotes_in
from secondstory.writing.shown import shown
from secondstory.writing.stepping import shortened


def picture_address(version: Version) -> Any:
    """Where a reader of this version gets its pictures."""
    return lambda number: reverse("version_picture", args=[version.pk, number])


def read_by(person: Any, version: Version) -> Document:
    """The version with its quotes as this person may read them."""
    return as_read(Document.from_json(version.document), version.review_id, person)


def document_context(person: Any, version: Version) -> dict[str, Any]:
    """What the document's template needs."""
    kept = Document.from_json(version.document)
    document = as_read(kept, version.review_id, person)
    return {
        "quoted": version.review_id if quotes_in(kept) else "",
        "document": shown(document, picture_address(version)),
        "version": version,
        "number": version.number,
        "published_at": version.published_at,
        "is_public": version.audience == Audience.PUBLIC,
        "pdf": is_installed(),
    }


@login_required
@never_cache
@require_safe
def read(request: HttpRequest, review_id: str) -> HttpResponse:
    """The newest version this person may read; for those who take part before there is one, what is still needed."""
    reviews: Any = Review.objects.visible_to(request.user)
    version = Version.objects.visible_to(request.user).filter(review=review_id).newest_first().first()
    if version is not None:
        return _page(request, "writing/read.html", document_context(request.user, version) | _around(request, version))
    review = get_object_or_404(reviews.with_part_of(request.user), pk=review_id)
    return render(request, "writing/unpublished.html", {"review": review})


def _around(request: HttpRequest, version: Version) -> dict[str, Any]:
    takes_part = (
        Review.objects.visible_to(request.user).with_part_of(request.user).filter(pk=version.review_id).exists()
    )
    numbers = Version.objects.visible_to(request.user).filter(review=version.review_id).values_list("number", flat=True)
    return {"review_id": version.review_id, "takes_part": takes_part, "numbers": list(numbers)}


@login_required
@never_cache
@require_safe
def version(request: HttpRequest, review_id: str, number: int) -> HttpResponse:
    """One version by its number."""
    found = get_object_or_404(Version.objects.visible_to(request.user), review=review_id, number=number)
    return _page(request, "writing/read.html", document_context(request.user, found) | _around(request, found))


@login_required
@require_safe
def versions(request: HttpRequest, review_id: str) -> HttpResponse:
    """Every version this person may read."""
    found = list(Version.objects.visible_to(request.user).filter(review=review_id).defer("document"))
    if not found:
        raise Http404
    pairs = [(each, found[at + 1] if at + 1 < len(found) else None) for at, each in enumerate(found)]
    return render(request, "writing/versions.html", {"pairs": pairs, "review_id": review_id})


@login_required
@never_cache
@require_safe
def compare(request: HttpRequest, review_id: str, number: int, earlier: int) -> HttpResponse:
    """What differs between two versions, section by section."""
    readable = Version.objects.visible_to(request.user).filter(review=review_id)
    new, old = get_object_or_404(readable, number=number), get_object_or_404(readable, number=earlier)
    before = sections_as_text(read_by(request.user, old))
    after = sections_as_text(read_by(request.user, new))
    changed = [
        (title, shortened(differing(before.get(title, ""), after.get(title, ""))))
        for title in dict.fromkeys([*after, *before])
        if before.get(title, "") != after.get(title, "")
    ]
    quoted = review_id if any(quotes_in(Document.from_json(each.document)) for each in (new, old)) else ""
    context = {"changed": changed, "new": new, "old": old, "review_id": review_id, "quoted": quoted}
    part = request.GET.get("part") == "document"
    return render(request, "writing/_compared.html" if part else "writing/compare.html", context)


@never_cache
@require_safe
def public(request: HttpRequest, version_id: str) -> HttpResponse:
    """A version at its own address. Only a public one answers to who is not signed in."""
    found = get_object_or_404(Version.objects.visible_to(request.user), pk=version_id)
    return _page(request, "writing/public.html", document_context(request.user, found))


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page, or of it what is read again when a quote was taken back."""
    part = request.GET.get("part") == "document"
    return render(request, "writing/_document_live.html" if part else template, context)


@require_safe
def picture(request: HttpRequest, version_id: str, number: int) -> HttpResponse:
    """A picture of a version, for whoever may read that version."""
    found = get_object_or_404(Version.objects.visible_to(request.user).defer("document"), pk=version_id)
    kept = picture_of(found, number)
    if kept is None:
        raise Http404
    return HttpResponse(kept[0], content_type=kept[1], headers={"Cache-Control": "private, max-age=86400"})
