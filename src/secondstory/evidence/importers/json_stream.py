"""JSON read as a stream: one value after the other, with its exact bytes and place, whatever is damaged around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any

from secondstory.evidence.importers.json_window import TOO_DEEP, Damaged, Item, Window
from secondstory.evidence.importers.record import Problem

# One try inside a tower of brackets costs as much as a long record, and nonsense may be all brackets: such
# stretches are passed in large steps.
_STRIDE = 4096
_MOST_TRIES = 2000
__all__ = ["Item", "items"]


def _any_object(value: dict[str, Any]) -> bool:
    return bool(value)


def items(
    stream: IO[bytes],
    where: str,
    under: str = "",
    looks_right: Callable[[dict[str, Any]], bool] = _any_object,
    outer: dict[str, Any] | None = None,
) -> Iterator[Item | Problem]:
    """Every value of a JSON text, and a Problem for each stretch that could not be read.

    Takes an array, JSON lines, values one after the other and, with `under`, the elements of the array under that
    key of the outermost object, whose other values are put into `outer`. After damage, reading goes on at the next
    object that `looks_right`. Memory holds one value and a quarter of a megabyte, however long the text.
    """
    yield from _Reader(stream, where, under, looks_right, {} if outer is None else outer).read()


class _Reader:
    def __init__(
        self,
        stream: IO[bytes],
        where: str,
        under: str,
        looks_right: Callable[[dict[str, Any]], bool],
        outer: dict[str, Any],
    ) -> None:
        self._window = Window(stream)
        self._where = where
        self._under = under
        self._looks_right = looks_right
        self._outer = outer
        self._in_array = False
        self._in_object = False
        self._lost = False
        self._told_legacy = False

    def read(self) -> Iterator[Item | Problem]:
        window = self._window
        while sign := window.peek():
            if self._steps(sign):
                continue
            began = window.offset
            try:
                if self._in_array or not self._in_object:
                    yield self._unless_cut(window.value(), began)
                else:
                    self._member(sign)
            except Damaged as damage:
                yield Problem(f"{self._where} byte {began}", damage.why, "export it again, or go on without this part")
                if self._may_go_on():
                    yield from self._resume()
            if window.legacy and not self._told_legacy:
                self._told_legacy = True
                yield self._problem(
                    "not UTF-8 from about here, read as Latin-1", "check the accents, or save it as UTF-8"
                )
        if window.broken:
            yield self._problem(f"the file is damaged here ({window.broken})", "download it again")
        elif (self._in_array or self._in_object) and not self._lost:
            yield self._problem("the text is cut off here", "export it again to get the rest")

    def _problem(self, what: str, do: str) -> Problem:
        return Problem(f"{self._where} byte {self._window.offset}", what, do)

    def _steps(self, sign: str) -> bool:
        """Into and out of the list, and of the object around it."""
        if sign not in "[]{}":
            return False
        if sign == "[" and not self._in_array and not self._in_object:
            self._in_array = True
        elif sign == "]" and self._in_array:
            self._in_array = False
        elif sign == "{" and self._under and not self._in_array and not self._in_object:
            self._in_object = True
        elif sign == "}" and self._in_object and not self._in_array:
            self._in_object = False
        else:
            return False
        self._window.take(self._window.at + 1)
        return True

    def _unless_cut(self, item: Item, began: int) -> Item | Problem:
        """A bare number at the very end of an open list may have lost its last digits."""
        at_end = self._window.ended and self._window.at == len(self._window.text)
        if not (self._in_array and at_end) or item.raw[-1:] in b'"}]':
            return item
        self._lost = True
        return Problem(f"{self._where} byte {began}", "cut off", "export it again, or go on without this part")

    def _member(self, sign: str) -> None:
        if sign != '"':
            raise Damaged("not valid JSON (expecting a property name)")
        key = self._window.value().value
        if self._window.peek() != ":":
            raise Damaged("not valid JSON (expecting ':')")
        self._window.take(self._window.at + 1)
        if self._window.peek() == "[" and key == self._under:
            self._window.take(self._window.at + 1)
            self._in_array = True
        else:
            self._outer[key] = self._window.value().value

    def _may_go_on(self) -> bool:
        """At the end of a text that is merely cut off, what is left are parts of the last record, not records."""
        at_end = self._window.ended and self._looks_right is _any_object
        if at_end:
            self._lost = True
            self._window.take(len(self._window.text))
        return not at_end

    def _resume(self) -> Iterator[Item]:
        """Goes on at the next readable object that looks like its neighbours."""
        window = self._window
        start, tries = window.at + 1, 0
        while True:
            at = window.text.find("{", start)
            if at < 0:
                window.take(len(window.text))
                start = 0
                if not window.more():
                    self._lost = True
                    return
                continue
            window.take(at)
            try:
                item = window.value()
            except Damaged as damage:
                tries += 1
                start = window.at + (_STRIDE if damage.why == TOO_DEEP or tries > _MOST_TRIES else 1)
                continue
            if isinstance(item.value, dict) and self._looks_right(item.value):
                self._in_array = self._in_array or self._in_object
                yield item
                return
            start = window.at
