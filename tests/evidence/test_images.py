"""Pictures pasted or dropped into a text."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from tests.cast import Cast
from tests.evidence.making import lines_of

from secondstory.evidence import pictures
from secondstory.reviews.models import Review


def picture(kind: str = "JPEG", **more: Any) -> bytes:
    """A small picture that knows where it was taken."""
    image = Image.new("RGB", (40, 30), (90, 120, 90))
    exif = Image.Exif()
    exif[0x010F] = "CanaryCamera"
    exif[0x8825] = {1: "N", 2: (48.0, 12.0, 30.0)}
    out = BytesIO()
    image.save(out, kind, exif=exif, **more)
    return out.getvalue()


def paste(client: Any, review: Review, data: bytes, name: str = "screen shot.jpg") -> Any:
    return client.post(reverse("evidence_images", args=[review.pk]), {"image": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize("who", ["ana", "bo", "cleo", "gil"])
def test_who_takes_part_may_paste_a_picture_and_see_it(cast: Cast, review: Review, signed_in: Any, who: str) -> None:
    answer = paste(signed_in(getattr(cast, who)), review, picture())
    assert answer.status_code == 201
    assert answer.json()["markdown"] == f"![screen shot](/reviews/{review.pk}/images/1)"
    shown = signed_in(cast.ana).get(answer.json()["address"])
    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Image.open(BytesIO(b"".join(shown.streaming_content))).size == (40, 30)


@pytest.mark.parametrize("who", ["dov", "eve"])
def test_nobody_else_sees_it_or_can_tell_that_it_is_there(cast: Cast, review: Review, signed_in: Any, who: str) -> None:
    address = paste(signed_in(cast.ana), review, picture()).json()["address"]
    client = signed_in(getattr(cast, who))
    hidden, absent = client.get(address), client.get(f"/reviews/{review.pk}/images/99")
    assert hidden.status_code == absent.status_code == 404
    assert paste(client, review, picture()).status_code == 404
    assert len(lines_of(review)) == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_a_picture_tells_beside_itself_is_not_kept(cast: Cast, review: Review, signed_in: Any, kind: str) -> None:
    data = picture(kind)
    assert b"CanaryCamera" in data
    address = paste(signed_in(cast.ana), review, data).json()["address"]
    served = b"".join(signed_in(cast.bo).get(address).streaming_content)
    assert b"CanaryCamera" not in served
    assert not dict(Image.open(BytesIO(served)).getexif())


BAD = {
    "drawing.svg": (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "drawing.svg is not taken as an image: an SVG can hold script. Save it as PNG.",
    ),
    "page.png": (b"<html><script>alert(1)</script></html>", "neither PNG, JPEG, GIF nor WebP"),
    "half.png": (picture("PNG")[:60], "damaged"),
    "empty.png": (b"", "damaged, or neither"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_picture_is_refused_and_says_so(cast: Cast, review: Review, signed_in: Any, name: str) -> None:
    content, why = BAD[name]
    answer = paste(signed_in(cast.ana), review, content, name)
    assert answer.status_code == 400
    assert why in answer.json()["detail"]
    assert not lines_of(review)


def test_a_picture_over_the_limit_is_refused_by_name(
    cast: Cast, review: Review, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "LARGEST_BYTES", 100)
    answer = paste(signed_in(cast.ana), review, picture())
    assert answer.status_code == 413
    assert "screen shot.jpg" in answer.json()["detail"]


def test_a_line_break_or_bracket_in_a_name_cannot_break_out_of_the_markdown(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    answer = paste(signed_in(cast.ana), review, picture(), "a](http://elsewhere.example).jpg")
    assert answer.json()["markdown"].count("](") == 1
