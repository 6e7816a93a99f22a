"""Text read line by line, with the exact bytes of each line, whatever its encoding."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, NamedTuple

from secondstory.evidence.importers.containers import DAMAGE, HEAD
from secondstory.evidence.importers.json_window import encoding_of
from secondstory.evidence.importers.record import Problem

LONGEST_LINE = 16 * 1024 * 1024


class Line(NamedTuple):
    """One line without its end, its bytes with it, and its number from 1."""

    text: str
    raw: bytes
    number: int


def lines(stream: IO[bytes], where: str) -> Iterator[Line | Problem]:
    """Every line; a Problem once when it is not UTF-8, and for lines longer than 16 MB, which are left out."""
    buffered = io.BufferedReader(_Rest(stream), HEAD)
    head = buffered.peek(4)[:4]
    encoding, mark = encoding_of(head)
    buffered.read(mark)
    if encoding == "utf-8":
        yield from _eight_bit(buffered, where)
    else:
        yield from _sixteen_bit(buffered, where, encoding)


class _Rest(io.RawIOBase):
    """Lets any readable stream be buffered, and ends it where it is damaged."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        part = self._stream.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)


def _eight_bit(stream: io.BufferedReader[_Rest], where: str) -> Iterator[Line | Problem]:
    number, told = 0, False
    while True:
        try:
            raw = stream.readline(LONGEST_LINE)
        except DAMAGE as error:
            yield Problem(
                f"{where} line {number + 1}", f"the file is damaged here ({type(error).__name__})", "download it again"
            )
            return
        if not raw:
            return
        number += 1
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            _pass_over(stream)
            yield Problem(f"{where} line {number}", "a line longer than 16 MB", "left out")
            continue
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
            if not told:
                told = True
                yield Problem(
                    f"{where} line {number}", "not UTF-8, read as Latin-1", "check the accents, or save it as UTF-8"
                )
        yield Line(text.rstrip("\r\n"), raw, number)


def _pass_over(stream: io.BufferedReader[_Rest]) -> None:
    while (part := stream.readline(LONGEST_LINE)) and not part.endswith(b"\n"):
        pass


def _sixteen_bit(stream: io.BufferedReader[_Rest], where: str, encoding: str) -> Iterator[Line | Problem]:
    wrapper = io.TextIOWrapper(stream, encoding, errors="replace", newline="\n")
    number = 0
    while True:
        try:
            text = wrapper.readline(LONGEST_LINE)
        except DAMAGE as error:
            yield Problem(
                f"{where} line {number + 1}", f"the file is damaged here ({type(error).__name__})", "download it again"
            )
            return
        if not text:
            return
        number += 1
        yield Line(text.rstrip("\r\n"), text.encode(encoding, "replace"), number)
