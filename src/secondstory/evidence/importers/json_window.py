"""The part of a JSON text that is held in memory while it is read from front to back."""

from __future__ import annotations

import codecs
import re
from json import JSONDecoder
from typing import IO, Any, NamedTuple

from secondstory.evidence.importers.containers import DAMAGE

CHUNK = 256 * 1024
LARGEST_VALUE = 64 * 1024 * 1024
_SPACE = re.compile(r"[ \t\r\n,\x1e]+")
_BETWEEN = re.compile(r"[ \t\r\n,:]+")
# The longest thing the scanner may stumble over when it is only half there: \uD83D\uDE00
_HALF_TOKEN = 12
_ASCII_IN_UTF_16_BE = re.compile(rb"(?:\x00[\x09-\x7e]){2}")
_ASCII_IN_UTF_16_LE = re.compile(rb"(?:[\x09-\x7e]\x00){2}")
TOO_DEEP = "nested too deep"
_SKIPPED = " \t\r\n,\x1e"
_decode = JSONDecoder(strict=False).raw_decode


class Item(NamedTuple):
    """One JSON value, the exact bytes it was written in, and where they begin."""

    value: Any
    raw: bytes
    offset: int


class Damaged(Exception):
    """No value could be read at the window's position."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding a text begins in, and the length of its byte order mark."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if head.startswith(mark):
            return name, len(mark)
    if _ASCII_IN_UTF_16_BE.match(head):
        return "utf-16-be", 0
    if _ASCII_IN_UTF_16_LE.match(head):
        return "utf-16-le", 0
    return "utf-8", 0


class Window:
    """Decoded text, the position in it, and the byte this position has in the stream.

    Bytes that are not UTF-8 are kept as lone surrogates, so that they can be given back exactly.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.broken = ""
        self.ended = False
        self.legacy = False
        head = self._bytes(CHUNK)
        self.encoding, mark = encoding_of(head)
        self._errors = "surrogateescape" if self.encoding == "utf-8" else "surrogatepass"
        self._decoder = codecs.getincrementaldecoder(self.encoding)(self._errors)
        self.text = self._decoder.decode(head[mark:])
        self.at = 0
        self.offset = mark

    def _bytes(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except DAMAGE as error:
            self.broken = type(error).__name__
            return b""

    def more(self) -> bool:
        """Drops what was consumed and reads on: as much again as is held, so that a long value costs no more."""
        if self.ended:
            return False
        held = self.text[self.at :]
        chunk = self._bytes(max(CHUNK, len(held)))
        self.ended = not chunk
        self.text = held + self._decode(chunk)
        self.at = 0
        return True

    def _decode(self, chunk: bytes) -> str:
        try:
            return self._decoder.decode(chunk, final=self.ended)
        except UnicodeDecodeError:
            # Half a UTF-16 unit at the very end.
            self._decoder.reset()
            return ""

    def take(self, end: int) -> bytes:
        """Moves to `end` and returns the exact bytes passed over."""
        raw = self.text[self.at : end].encode(self.encoding, self._errors)
        self.at = end
        self.offset += len(raw)
        return raw

    def peek(self) -> str:
        """The next character that is neither space nor comma; "" at the end."""
        while True:
            sign = self.text[self.at : self.at + 1]
            if sign and sign not in _SKIPPED:
                return sign
            match = _SPACE.match(self.text, self.at)
            if sign and match:
                self.offset += (match.end() - self.at) * (1 if self.encoding == "utf-8" else 2)
                self.at = match.end()
            elif not self.more():
                return ""

    def value(self) -> Item:
        """The value at the position, reading on until it is whole."""
        while True:
            try:
                value, end = _decode(self.text, self.at)
            except RecursionError:
                raise Damaged(TOO_DEEP) from None
            except ValueError as error:
                if not self._may_be_cut(error):
                    raise Damaged(_reason(error)) from None
                if len(self.text) - self.at > LARGEST_VALUE or not self.more():
                    raise Damaged("cut off") from None
                continue
            if end < len(self.text) or self.text[end - 1] in '"}]' or not self.more():
                return self._item(value, end)

    def _may_be_cut(self, error: ValueError) -> bool:
        said, at = getattr(error, "msg", ""), getattr(error, "pos", 0)
        return said.startswith("Unterminated string") or at >= len(self.text) - _HALF_TOKEN

    def _item(self, value: Any, end: int) -> Item:
        offset = self.offset
        try:
            raw = self.text[self.at : end].encode(self.encoding)
        except UnicodeEncodeError:
            raw = self.text[self.at : end].encode(self.encoding, self._errors)
            value = _decode(raw.decode("latin-1"))[0] if self.encoding == "utf-8" else value
            self.legacy = True
        self.at = end
        self.offset += len(raw)
        return Item(value, raw, offset)


def _reason(error: ValueError) -> str:
    return f"not valid JSON ({getattr(error, 'msg', 'a number too long').lower()})"


def listed(raw: bytes, key: str) -> list[tuple[Any, bytes]]:
    """The elements of the list under a key of one whole object, with their exact bytes; none where that is not plain."""
    try:
        text = raw.decode()
        at = _after(text, 1)
        while text[at] == '"':
            name, at = _decode(text, at)
            at = _after(text, at)
            if name == key and text[at] == "[":
                return _elements(text, at + 1)
            at = _after(text, _decode(text, at)[1])
    except (ValueError, IndexError, RecursionError):
        pass
    return []


def _elements(text: str, at: int) -> list[tuple[Any, bytes]]:
    found = []
    while text[at := _after(text, at)] != "]":
        value, end = _decode(text, at)
        found.append((value, text[at:end].encode()))
        at = end
    return found


def _after(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return match.end() if match else at
