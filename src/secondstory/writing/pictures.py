"""Pictures of a published version: copies of the evidence's own, without what a camera or a tool wrote into them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps, UnidentifiedImageError

from secondstory.evidence.models import Evidence
from secondstory.reviews.models import Review
from secondstory.writing.document import Document, texts_of
from secondstory.writing.models import Version
from secondstory.writing.rules import images_in

PNG = b"\x89PNG"


def keep_pictures(version: Version) -> None:
    """Copies every picture the document shows; one that was struck or cannot be read is left out."""
    texts = texts_of(Document.from_json(version.document))
    numbers = {number for _place, text in texts for number in images_in(text, version.review_id)}
    evidence = Evidence.objects.for_system("the pictures of what is being published")
    rows = evidence.filter(review=version.review_id, number__in=numbers, struck_at=None).exclude(image="")
    for number, stored in rows.values_list("number", "image"):
        if picture := _clean(stored):
            default_storage.save(address_of(version, number), ContentFile(picture))


def address_of(version: Version, number: int) -> str:
    """Where the copy is stored."""
    return f"versions/{version.review_id}/{version.pk}/{number}"


def picture_of(version: Version, number: int) -> tuple[bytes, str] | None:
    """The copy and its media type."""
    address = address_of(version, number)
    if not default_storage.exists(address):
        return None
    with default_storage.open(address) as file:
        data = file.read()
    return data, "image/png" if data.startswith(PNG) else "image/jpeg"


def forget_struck(review_id: str, evidence_ids: Sequence[int]) -> None:
    """Deletes the copies of pictures that were struck at somebody's request, from every version."""
    struck = Evidence.objects.for_system("the pictures that were struck").filter(pk__in=evidence_ids)
    versions = list(Version.objects.for_system("whose copies go").filter(review=review_id).defer("document"))
    for number in struck.values_list("number", flat=True):
        for version in versions:
            default_storage.delete(address_of(version, number))


def forget_pictures(review_id: str) -> None:
    """Deletes the copies of every version of a review."""
    folder = f"versions/{review_id}"
    if not default_storage.exists(folder):
        return
    for version in default_storage.listdir(folder)[0]:
        for name in default_storage.listdir(f"{folder}/{version}")[1]:
            default_storage.delete(f"{folder}/{version}/{name}")


def _clean(stored: str) -> bytes | None:
    try:
        with default_storage.open(stored) as file, Image.open(file) as found:
            picture = ImageOps.exif_transpose(found)
            opaque = found.format == "JPEG"
            out = io.BytesIO()
            fresh = Image.new("RGB" if opaque else "RGBA", picture.size)
            fresh.paste(picture.convert(fresh.mode))
            fresh.save(out, "JPEG" if opaque else "PNG")
            return out.getvalue()
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):
        return None


def draft_picture(review: Review, person: Any, number: int) -> tuple[bytes, str] | None:
    """A picture of the draft, for one who takes part."""
    rows = Evidence.objects.visible_to(person).filter(review=review, number=number, struck_at=None).exclude(image="")
    stored = rows.values_list("image", flat=True).first()
    picture = _clean(stored) if stored else None
    return (picture, "image/png" if picture.startswith(PNG) else "image/jpeg") if picture else None
