"""Paragraphs, list items, table cells and headings of a text, each exactly where it stands in the source.

A block's text is as long as the piece of source it covers: what is not prose (marks of lists, comments, line ends) is blanked,
never cut, so that an offset into a block is an offset into the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from secondstory.language.sections import Outline

Markup = Literal["markdown", "rst", "text"]
FENCE = re.compile(r"\s*(`{3,}|~{3,})")
HEADING = re.compile(r"\s{0,3}(#{1,6})[ \t]+(?=\S)")
WIKI_HEADING = re.compile(r"\s{0,3}(={2,6})\s*[^=\s].{0,200}?={2,6}\s*$")
UNDERLINE = re.compile(r"""\s{0,3}([=\-~^"'`*+#])\1{2,}\s*$""")
ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)]|[a-zA-Z][.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
CELL_RULE = frozenset("|:- \t\r\n")
QUOTE = re.compile(r"\s{0,3}>")
CALLOUT = re.compile(r"\s{0,3}>\s*\[!\w+\]")
CLOCK = re.compile(r"\s*\[?\d{1,2}[:.]\d\d\b")
DIRECTIVE = re.compile(r"\s*\.\.(?:\s|$)")
LEVELS_BELOW = "=-~^\"'`*+#"
FRONT_MATTER = {"---": ("---", "..."), "+++": ("+++",)}
LONGEST_TITLE = LONGEST_CALLOUT = 120


class Block(NamedTuple):
    """A stretch of prose: `text` has the length of the source it covers."""

    start: int
    kind: str
    role: str
    text: str


class _Line(NamedTuple):
    """`first` is its first letter or mark, by which most of what a line could be is ruled out at once; none if it is blank."""

    start: int
    text: str
    first: str


def blocks(text: str, markup: Markup = "markdown", heading: str = "") -> Iterator[Block]:
    """The blocks of a text in their order."""
    lines = list(_lines(_without_comments(text) if markup == "markdown" else text))
    return _Reading(lines, markup, Outline(heading)).blocks()


def _lines(text: str) -> Iterator[_Line]:
    at = 0
    for line in text.splitlines(keepends=True):
        yield _Line(at, line, line.lstrip()[:1])
        at += len(line)


def _without_comments(text: str) -> str:
    pieces, at = [], 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin)) >= 0:
        pieces += [text[at:begin], re.sub(r"\S", " ", text[begin : end + 3])]
        at = end + 3
    return "".join([*pieces, text[at:]]) if pieces else text


class _Reading:
    """One walk over the lines."""

    def __init__(self, lines: list[_Line], markup: Markup, outline: Outline) -> None:
        self.lines, self.markup, self.outline = lines, markup, outline
        self.open: list[str] = []
        self.open_at = 0
        self.kind = "paragraph"
        self.at = 0
        self.in_list = False
        self.after_blank = True

    def blocks(self) -> Iterator[Block]:
        """Every block; each step takes at least one line."""
        self._skip_front_matter()
        while self.at < len(self.lines):
            line = self.lines[self.at]
            yield from self._step(line)
            self.after_blank = not line.first
            self.at += 1
        yield from self._close()

    def _skip_front_matter(self) -> None:
        ends = FRONT_MATTER.get(self.lines[0].text.rstrip()) if self.lines else None
        for number, line in enumerate(self.lines[1:200] if ends else ()):
            if line.text.rstrip() in (ends or ()):
                self.at = number + 2
                return

    def _step(self, line: _Line) -> Iterator[Block]:
        if not line.first or self._skips(line):
            yield from self._close()
        elif level := self._heading_level(line):
            yield from self._close()
            yield from self._heading(line, level)
        elif line.first == "|":
            yield from self._close()
            yield from self._cells(line)
        else:
            yield from self._prose(line)

    def _skips(self, line: _Line) -> bool:
        """Code, quotations and directives: not the writer's own prose."""
        if self.markup == "text":
            return False
        if self.markup == "rst" and line.first == "." and DIRECTIVE.match(line.text):
            self._skip_indented(_indent(line.text))
            return True
        if line.first in "`~" and (fence := FENCE.match(line.text)):
            self._skip_fence(fence[1])
            return True
        if line.first == ">" and QUOTE.match(line.text):
            return not self._in_callout()
        return self._indented_code(line)

    def _in_callout(self) -> bool:
        first = self.at
        while first and QUOTE.match(self.lines[first - 1].text) and self.at - first < LONGEST_CALLOUT:
            first -= 1
        return CALLOUT.match(self.lines[first].text) is not None

    def _skip_fence(self, mark: str) -> None:
        for number in range(self.at + 1, len(self.lines)):
            if self.lines[number].text.strip().startswith(mark) and not self.lines[number].text.strip(" \t\r\n`~"):
                self.at = number
                return
        self.at = len(self.lines)

    def _skip_indented(self, than: int) -> None:
        """What belongs to a directive stands deeper than it."""
        while self.at + 1 < len(self.lines) and self._hangs(self.lines[self.at + 1], than):
            self.at += 1

    @staticmethod
    def _hangs(line: _Line, than: int) -> bool:
        return not line.first or _indent(line.text) > than

    def _indented_code(self, line: _Line) -> bool:
        deep = line.text.startswith(("    ", "\t"))
        if not deep:
            self.in_list = self.in_list and (not self.after_blank or ITEM.match(line.text) is not None)
        return deep and self.after_blank and not self.in_list and not self.open and not ITEM.match(line.text)

    def _heading_level(self, line: _Line) -> int:
        if self.markup != "rst" and line.first == "#" and (mark := HEADING.match(line.text)):
            return len(mark[1])
        if self.markup == "text" and line.first == "=" and (wiki := WIKI_HEADING.match(line.text)):
            return len(wiki[1])
        below = self.lines[self.at + 1] if self.at + 1 < len(self.lines) else line
        marks = "=-" if self.markup == "markdown" else LEVELS_BELOW
        if self.open or not below.first or below.first not in marks or not UNDERLINE.match(below.text):
            return 0
        plain = not ITEM.match(line.text) and not UNDERLINE.match(line.text)
        return LEVELS_BELOW.index(below.first) + 1 if plain else 0

    def _heading(self, line: _Line, level: int) -> Iterator[Block]:
        marks = HEADING.match(line.text) if self.markup != "rst" else None
        title = _blanked(line.text, marks.end() if marks else 0)
        self.outline.enter(level, title)
        self.in_list = False
        yield Block(line.start, "heading", self.outline.role, title)

    def _cells(self, line: _Line) -> Iterator[Block]:
        if "--" in line.text and CELL_RULE.issuperset(line.text):
            return
        at = line.start
        for cell in line.text.split("|"):
            if cell.strip():
                yield Block(at, "cell", self.outline.role, _blanked(cell, 0))
            at += len(cell) + 1

    def _prose(self, line: _Line) -> Iterator[Block]:
        mark = ITEM.match(line.text)
        if UNDERLINE.match(line.text):
            yield from self._close()
            return
        if mark or CLOCK.match(line.text):
            yield from self._close()
        if not self.open:
            self.open_at = line.start
            self.kind = "item" if mark else "paragraph"
            self.in_list = self.in_list or mark is not None
        cut = mark.end() if mark else 0
        if QUOTE.match(line.text):
            cut = line.text.index(">") + 1
        self.open.append(_blanked(line.text, cut))
        title = line.text.rstrip()
        if (
            self.markup == "text"
            and not mark
            and title.endswith(":")
            and len(title) < LONGEST_TITLE
            and len(self.open) == 1
        ):
            self.outline.enter(9, title)

    def _close(self) -> Iterator[Block]:
        if self.open:
            yield Block(self.open_at, self.kind, self.outline.role, "".join(self.open))
            self.open = []


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _blanked(text: str, cut: int) -> str:
    return " " * cut + text[cut:].replace("\n", " ").replace("\r", " ").replace("\t", " ")
