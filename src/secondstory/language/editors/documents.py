"""A text that is open in an editor: its words, its lines and what was found in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types

from secondstory.language.allowing import not_in, remarks
from secondstory.language.blocks import Markup
from secondstory.language.editors.projects import Project
from secondstory.language.engine import Known
from secondstory.language.findings import Finding
from secondstory.language.places import Lines, line_starts
from secondstory.language.reading import MARKUP, markup_of

LANGUAGES: dict[str, Markup] = {
    "markdown": "markdown",
    "restructuredtext": "rst",
    "rst": "rst",
    "plaintext": "text",
    "text": "text",
    "gitcommit": "text",
}


def markup_for(path: str, language: str) -> Markup:
    """By the end of its name, as on the command line, else by what the editor calls its language."""
    known = Path(path).suffix.lower() in MARKUP
    return markup_of(path) if known else LANGUAGES.get(language, "markdown")


class Document:
    """One open text; what it says after an edit is read only where it changed."""

    def __init__(self, item: types.TextDocumentItem, path: Path | None, encoding: str) -> None:
        self.uri, self.version, self.path, self.encoding = item.uri, item.version, path, encoding
        self.markup = markup_for(item.uri if path is None else path.name, item.language_id)
        self.text = item.text
        self.lines = Lines(self.text, encoding)
        self.findings: list[Finding] = []
        self.without_reason: tuple[int, ...] = ()
        self._known: Known = {}

    def edit(self, changes: Iterable[types.TextDocumentContentChangeEvent], version: int) -> None:
        """The editor's changes, one after the other: each counts from what the one before left."""
        self.version = version
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                start, end = self.offsets(change.range)
                self.text = self.text[:start] + change.text + self.text[max(start, end) :]
            else:
                self.text = change.text
            self.lines = Lines(self.text, self.encoding)

    def read(self, project: Project) -> None:
        """Find anew what is worth a second look."""
        if project.leaves_out(self.path):
            self.findings, self.without_reason = [], ()
            return
        said = remarks(self.text)
        found = project.analyser.findings(self.text, markup=self.markup, known=self._known)
        self.findings = list(not_in(project.baseline, (each for each in found if not said.lets(each))))
        self.without_reason = said.without_reason

    def forget(self) -> None:
        """Other settings may find other things in the same blocks."""
        self._known.clear()

    def span(self, start: int, end: int) -> types.Range:
        """Offsets as the editor counts."""
        return types.Range(types.Position(*self.lines.place(start)), types.Position(*self.lines.place(end)))

    def offsets(self, wanted: types.Range) -> tuple[int, int]:
        """Offsets from what the editor counts."""
        return self.offset(wanted.start), self.offset(wanted.end)

    def offset(self, place: types.Position) -> int:
        """One offset from what the editor counts."""
        return self.lines.offset(place.line, place.character)

    def line_span(self, line: int) -> types.Range:
        """A whole line, counted from one as on the command line."""
        start = line_starts(self.text)[line - 1]
        end = self.text.find("\n", start)
        return self.span(start, len(self.text) if end < 0 else end)

    def paragraph(self, offset: int) -> int:
        """Where the paragraph around an offset begins."""
        start = self.text.rfind("\n", 0, offset) + 1
        while start and self.text[(before := self.text.rfind("\n", 0, start - 1) + 1) : start].strip():
            start = before
        return start

    def between(self, start: int, end: int) -> list[Finding]:
        """The findings that touch a stretch of the text."""
        return [finding for finding in self.findings if finding.start <= end and start <= finding.end]
