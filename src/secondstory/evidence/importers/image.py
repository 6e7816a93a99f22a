"""Images, known by their content: one record each, at the time the picture, its name or the file tells."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from secondstory.evidence.importers.clock import Clock, exact_anchor, in_utc
from secondstory.evidence.importers.containers import size_of
from secondstory.evidence.importers.deliveries import text_of
from secondstory.evidence.importers.image_stripping import JPEG, PNG, stripped
from secondstory.evidence.importers.record import Choices, Kind, Place, Problem, Record, Refused
from secondstory.evidence.importers.streamed import tallied
from secondstory.evidence.importers.times import BadTime, believable

__all__ = ["IMAGE", "checked", "stripped"]

LARGEST_BYTES = 25_000_000
MOST_PIXELS = 50_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_TAKEN, _TAKEN_ZONE, _EXIF_PART = 0x9003, 0x9011, 0x8769
_IN_NAME = re.compile(r"(20\d\d)-?(\d\d)-?(\d\d)[ _T-]*(?:[a-z]{2,4} )?(\d\d)[.:_-]?(\d\d)[.:_-]?(\d\d)")
_SVG = re.compile(r"<svg[\s>]", re.IGNORECASE)


class ImageFile:
    """One record an image."""

    name = "image"
    title = "images (PNG, JPEG, GIF, WebP)"

    def recognises(self, path: Path, head: bytes) -> int:
        """By the first bytes; an SVG is refused by name, for it can hold script."""
        if path.is_dir():
            return 0
        begun = text_of(head[:4096]).lstrip()
        if begun.startswith("<") and _SVG.search(begun):
            raise _svg(path.name)
        webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
        return 99 if webp or head.startswith((PNG, JPEG, b"GIF87a", b"GIF89a")) else 0

    def places(self, path: Path, choices: Choices) -> Iterator[Place]:
        """All images are in one place."""
        return tallied(told for told in self.read(path, Choices(anchor=choices.anchor)) if isinstance(told, Record))

    def read(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        """The image, with what was assumed about its time."""
        if size_of(path) > LARGEST_BYTES:
            raise Refused(f"{path.name} has more than {LARGEST_BYTES:,} bytes", "make it smaller")
        data = path.read_bytes()
        at, assumed = _time(data, path, choices)
        if assumed:
            yield assumed
        record = Record(
            at=at,
            author="",
            text=path.stem,
            place="Images",
            kind=Kind.IMAGE,
            original=data,
            files=(path.name,),
        )
        if choices.takes(record.place, record.reach, record.at):
            yield record


def _svg(name: str) -> Refused:
    return Refused(f"{name} is not taken as an image: an SVG can hold script", "save it as PNG")


def checked(data: bytes, name: str) -> Image.Image:
    """The opened image, or Refused when it is damaged, another format, or far too large when unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(data), formats=FORMATS)
            _refuse_bomb(image, name)
            Image.open(BytesIO(data), formats=FORMATS).verify()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused(f"{name} would unpack to far too many pixels", "make it smaller") from None
    except UnidentifiedImageError:
        if _SVG.search(text_of(data[:4096])):
            raise _svg(name) from None
        raise Refused(f"{name} is damaged, or neither PNG, JPEG, GIF nor WebP", "save it as one of these") from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise Refused(f"{name} is a damaged image", "save it again") from None
    return image


def _refuse_bomb(image: Image.Image, name: str) -> None:
    pixels = image.width * image.height
    if pixels > MOST_PIXELS:
        raise Refused(f"{name} would unpack to {pixels:,} pixels, more than {MOST_PIXELS:,}", "make it smaller")


def _time(data: bytes, path: Path, choices: Choices) -> tuple[datetime, Problem | None]:
    """When the picture was taken; else what its name, the person importing, or the file says."""
    for told, clock in _candidates(checked(data, path.name), path, choices):
        if told and _is_believable(told):
            return told, next(clock.assumptions(path.name), None)
    clock = Clock(choices)
    if day := clock.day():
        return day, next(clock.assumptions(path.name), None)
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return written, Problem(path.name, "no time in it; taken from the file", "correct the time if it matters")


def _candidates(image: Image.Image, path: Path, choices: Choices) -> Iterator[tuple[datetime | None, Clock]]:
    """Each with its own clock, so that only what is used is counted as assumed."""
    clock = Clock(choices)
    yield _taken(image, clock), clock
    clock = Clock(choices)
    yield _in_name(path.stem, clock), clock
    yield exact_anchor(choices), Clock(choices)


def _is_believable(at: datetime) -> bool:
    try:
        believable(at)
    except BadTime:
        return False
    return True


def _taken(image: Image.Image, clock: Clock) -> datetime | None:
    try:
        exif = image.getexif().get_ifd(_EXIF_PART)
    except (ValueError, OSError, SyntaxError, KeyError, TypeError):
        return None
    day, _, hour = str(exif.get(_TAKEN, "")).strip("\0 ").partition(" ")
    zone = str(exif.get(_TAKEN_ZONE, "")).strip("\0 ")
    return clock.at(f"{day.replace(':', '-')}T{hour}{zone}") if hour else None


def _in_name(stem: str, clock: Clock) -> datetime | None:
    found = _IN_NAME.search(stem)
    if found is None:
        return None
    try:
        at = datetime(*(int(part) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 its zone follows
    except ValueError:
        return None
    clock.without_zone += 1
    return in_utc(at, clock.zone)


IMAGE = ImageFile()
