"""Images without what they tell beside the picture: position, camera, names, comments. The picture is not re-encoded."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from secondstory.evidence.importers.record import Refused

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
# Pictures, palettes, colours, sizes and animation; whatever else a PNG carries is left out.
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}
    | {b"acTL", b"fcTL", b"fdAT"}
)
_APP_FIRST, _APP_LAST, _COMMENT = 0xE0, 0xEF, 0xFE
# JFIF, ICC profiles and Adobe's colour transform change how a JPEG looks.
_JPEG_KEPT = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))
_MARKER, _START_OF_SCAN, _END_OF_IMAGE = 0xFF, 0xDA, 0xD9
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_ORIENTATION = 0x0112
_WEBP_DROPPED = frozenset({b"EXIF", b"XMP "})
_WEBP_PICTURES = frozenset({b"VP8 ", b"VP8L", b"ANMF"})
_WEBP_FLAGS = 0b0000_1100
_GIF_EXTENSION, _GIF_PICTURE, _GIF_END = 0x21, 0x2C, 0x3B
_GIF_GRAPHICS, _GIF_TEXT, _GIF_APPLICATION = 0xF9, 0x01, 0xFF


def stripped(data: bytes) -> bytes:
    """The same picture with nothing but what is needed to show it."""
    try:
        if data.startswith(PNG):
            return _png(data)
        if data.startswith(JPEG):
            return _jpeg(data)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
        if data[:6] in {b"GIF87a", b"GIF89a"}:
            return _gif(data)
    except (struct.error, IndexError):
        raise Refused("the image is damaged or cut off", "save it again") from None
    raise Refused("not an image of a kind taken here", "save it as PNG, JPEG, GIF or WebP")


def _png(data: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            raise IndexError
        if name in _PNG_KEPT:
            kept.append(data[at:end])
        if name == b"IEND":
            break
        at = end
    return b"".join(kept)


def _jpeg(data: bytes) -> bytes:
    kept = [data[:2]]
    turned = 1
    for marker, segment in _segments(data):
        body = segment[4:]
        if marker == _APP_FIRST + 1 and body.startswith(b"Exif\0\0"):
            turned = _orientation(body[6:])
        elif _is_kept(marker, body):
            if turned != 1 and not _APP_FIRST <= marker <= _APP_LAST:
                kept.append(_only_orientation(turned))
                turned = 1
            kept.append(segment)
    return b"".join(kept)


def _is_kept(marker: int, body: bytes) -> bool:
    if _APP_FIRST <= marker <= _APP_LAST:
        return any(marker == number and body.startswith(sign) for number, sign in _JPEG_KEPT)
    return marker != _COMMENT


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Every segment up to the end of the first picture; scan data belongs to its segment."""
    at = 2
    while True:
        while data[at] == data[at + 1] == _MARKER:
            at += 1
        marker = data[at + 1]
        if data[at] != _MARKER:
            raise IndexError
        if marker == _END_OF_IMAGE:
            yield marker, data[at : at + 2]
            return
        end = at + 2 if marker in _BARE else at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if marker == _START_OF_SCAN:
            end = _after_scan(data, end)
        if end > len(data):
            raise IndexError
        yield marker, data[at:end]
        at = end


def _after_scan(data: bytes, at: int) -> int:
    """Where the next marker stands: in scan data 0xFF is followed by zero or by a restart."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise IndexError
        if data[at + 1] != 0 and data[at + 1] not in _BARE:
            return at
        at += 2


def _orientation(tiff: bytes) -> int:
    """Which way up a photograph is, 1 when it does not say."""
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        (at,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, at)
        for entry in range(min(count, 200)):
            tag, _, _, value = struct.unpack_from(order + "HHIH", tiff, at + 2 + 12 * entry)
            if tag == _ORIENTATION:
                return int(value) if 1 <= value <= 8 else 1  # noqa: PLR2004 the eight ways of the standard
    except struct.error:
        return 1
    return 1


def _only_orientation(turned: int) -> bytes:
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turned, 0, 0)
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _webp(data: bytes) -> bytes:
    kept, at = [], 12
    end = min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while at + 8 <= end:
        name = data[at : at + 4]
        (length,) = struct.unpack_from("<I", data, at + 4)
        chunk = data[at : at + 8 + length + length % 2]
        if len(chunk) < 8 + length:
            raise IndexError
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if name not in _WEBP_DROPPED:
            kept.append(chunk)
        at += len(chunk)
    if not any(chunk[:4] in _WEBP_PICTURES for chunk in kept):
        raise IndexError
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _gif(data: bytes) -> bytes:
    at = 13 + _colours(data[10])
    kept = [data[:at]]
    while data[at] != _GIF_END:
        end = at + 2
        if data[at] == _GIF_PICTURE:
            end = at + 10 + _colours(data[at + 9]) + 1
        elif data[at] != _GIF_EXTENSION:
            raise IndexError
        end = _after_blocks(data, end)
        if data[at] == _GIF_PICTURE or _extension_kept(data, at):
            kept.append(data[at:end])
        at = end
    return b"".join([*kept, bytes([_GIF_END])])


def _colours(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _extension_kept(data: bytes, at: int) -> bool:
    """Timing, drawn text and looping; comments and XMP go."""
    label = data[at + 1]
    looping = data[at + 3 : at + 14] in {b"NETSCAPE2.0", b"ANIMEXTS1.0"}
    return label in {_GIF_GRAPHICS, _GIF_TEXT} or (label == _GIF_APPLICATION and looping)
