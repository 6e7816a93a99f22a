"""Images in storage: without what they tell beside the picture, under a name that says nothing."""

from __future__ import annotations

from hashlib import blake2b

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from secondstory.evidence.importers import image
from secondstory.evidence.importers.image import checked, stripped
from secondstory.evidence.importers.record import Refused

FOLDER = "evidence/images"
LARGEST_BYTES = image.LARGEST_BYTES
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}


def shown(data: bytes, name: str) -> bytes:
    """The picture alone, or Refused when it is too large, damaged or no picture."""
    if len(data) > LARGEST_BYTES:
        raise Refused(f"{name} has {len(data):,} bytes; a picture may have {LARGEST_BYTES:,}", "make it smaller")
    checked(data, name)
    return stripped(data)


def keep(review_id: str, address: bytes, data: bytes) -> str:
    """Stores a picture once; answers its name in storage."""
    ending = KINDS[checked(data, "the picture").format or "PNG"].rpartition("/")[2]
    # The review is part of the name: the same picture in another review is another file, struck on its own.
    name = f"{FOLDER}/{review_id}/{blake2b(address, digest_size=16).hexdigest()}.{ending}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(data))
    return name


def kind_of(name: str) -> str:
    """The content type a stored picture is served with."""
    return f"image/{name.rpartition('.')[2]}"


def forget_all(review_id: str) -> None:
    """Deletes every picture of a review."""
    folder = f"{FOLDER}/{review_id}"
    if default_storage.exists(folder):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
