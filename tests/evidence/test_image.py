from __future__ import annotations

import struct
import zlib
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from tests.evidence.reading import importer_of, read, written

from secondstory.evidence.importers.image import IMAGE, stripped
from secondstory.evidence.importers.record import Choices, Kind, Refused

SECRET = b"51.4779 N, taken by Ana"
FORMATS = ["PNG", "JPEG", "GIF", "WEBP"]


def picture(form: str, *, taken: str = "", zone: str = "", turned: int = 0) -> bytes:
    image = Image.new("RGB", (40, 20), "steelblue")
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    if turned:
        exif[0x0112] = turned
    part = exif.get_ifd(0x8769)
    if taken:
        part[0x9003] = taken
    if zone:
        part[0x9011] = zone
    out = BytesIO()
    told: dict[str, object] = {"comment": SECRET} if form in {"GIF", "JPEG"} else {}
    if form == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET.decode())
        told = {"pnginfo": text}
    if form != "GIF":
        told["exif"] = exif
    image.save(out, form, **told)
    return out.getvalue()


def bomb(side: int = 60_000) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("form", FORMATS)
def test_an_image_is_known_by_its_content(tmp_path: Path, form: str) -> None:
    path = written(tmp_path, "graph.dat", picture(form))
    assert importer_of(path).name == "image"
    (record,), _ = read(path, Choices(anchor=date(2026, 3, 4)))
    assert (record.kind, record.files, record.original) == (Kind.IMAGE, ("graph.dat",), path.read_bytes())


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_its_time_is_when_it_was_taken(tmp_path: Path, form: str) -> None:
    path = written(tmp_path, "p", picture(form, taken="2026:03:04 15:02:11", zone="+01:00"))
    (record,), problems = read(path, Choices(anchor=date(2020, 1, 1)))
    assert (record.at, problems) == (datetime(2026, 3, 4, 14, 2, 11, tzinfo=UTC), [])


@pytest.mark.parametrize(
    "name",
    ["Screenshot 2026-03-04 at 15.02.11.png", "Screenshot from 2026-03-04 15-02-11.png", "IMG_20260304_150211.png"],
)
def test_or_what_its_name_tells(tmp_path: Path, name: str) -> None:
    choices = Choices(zone=timezone(timedelta(hours=1)))
    (record,), problems = read(written(tmp_path, name, picture("PNG")), choices)
    assert (record.at, problems) == (datetime(2026, 3, 4, 14, 2, 11, tzinfo=UTC), [])


def test_or_the_anchor_or_the_file_and_then_it_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "graph.png", picture("PNG"))
    (record,), (problem,) = read(path, Choices(anchor=date(2026, 3, 4)))
    assert (record.at, "start of the day" in problem.what) == (datetime(2026, 3, 4, tzinfo=UTC), True)
    (record,), (problem,) = read(path)
    assert (record.at, problem.what) == (
        datetime.fromtimestamp(path.stat().st_mtime, UTC),
        "no time in it; taken from the file",
    )


def test_a_decompression_bomb_is_refused(tmp_path: Path) -> None:
    for side in (8_000, 12_000, 60_000):
        with pytest.raises(Refused, match="pixels"):
            read(written(tmp_path, "bomb.png", bomb(side)))


def test_damage_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="damaged image"):
        read(written(tmp_path, "cut.png", picture("PNG")[:60]))


@pytest.mark.parametrize("content", ["<svg xmlns='x'/>", '<?xml version="1.0"?>\n<!-- graph -->\n<svg width="1">'])
def test_svg_is_refused_as_an_image(tmp_path: Path, content: str) -> None:
    with pytest.raises(Refused, match="SVG"):
        importer_of(written(tmp_path, "graph.svg", content))


@pytest.mark.parametrize("form", FORMATS)
def test_a_stripped_image_shows_the_same_and_tells_nothing_else(form: str) -> None:
    data = picture(form, taken="2026:03:04 15:02:11") + b"after the end: " + SECRET
    assert SECRET in data
    clean = stripped(data)
    assert SECRET not in clean
    assert b"2026:03:04" not in clean
    assert Image.open(BytesIO(clean)).convert("RGB").tobytes() == Image.open(BytesIO(data)).convert("RGB").tobytes()


def test_a_turned_photograph_stays_upright() -> None:
    clean = stripped(picture("JPEG", turned=6))
    assert Image.open(BytesIO(clean)).getexif() == {0x0112: 6}


def test_an_animation_keeps_moving() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green", "blue")]
    for form in ("GIF", "PNG", "WEBP"):
        out = BytesIO()
        frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=100, loop=0)
        assert getattr(Image.open(BytesIO(stripped(out.getvalue()))), "n_frames", 1) == 3


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff\xe1\xff\xff", b"RIFF\0\0\0\0WEBP\0", b"<svg/>"])
def test_what_is_no_whole_image_is_refused_not_passed_on(data: bytes) -> None:
    with pytest.raises(Refused):
        Image.open(BytesIO(stripped(data)))
    assert IMAGE.name == "image"
