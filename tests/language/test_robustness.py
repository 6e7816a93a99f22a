"""Any text at all: no stumble, places exact, the same again when read while it is edited."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lsprotocol import types
from tests.language.hostile import HOSTILE
from tests.language.invariants import EVERYTHING, FIELDS, MARKUPS, UNITS, check, check_places

from secondstory.language import shipped
from secondstory.language.blocks import Markup
from secondstory.language.editors.answers import actions, diagnostics, told
from secondstory.language.editors.documents import Document
from secondstory.language.editors.projects import Projects
from secondstory.language.engine import Known

CUES = sorted({cue.rstrip("*") for rule in shipped().rules for cue in rule.cues})
PEOPLE = [
    "the engineer ",
    "Alice ",
    "@bob ",
    "we ",
    "nobody ",
    "the service ",
    "they ",
    "our team ",
    "O’Brien ",
    "who ",
]
MARKS = [
    *"`*_~[](){}<>|#-=+>\"'“”‘’«»„!?.,:;/\\^@&1aA",
    "<!--",
    "-->",
    "```",
    "| --- |",
    "://",
    "- [ ] ",
    "..",
    "> [!NOTE]",
]
BREAKS = ["\n", "\r\n", "\r", "\n\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", " ", "  ", "\t", "\u00a0", "    "]
ODD = [
    "\ud800 should have",
    "😀",
    "é",
    "e\u0301",
    "\u200b",
    "\u200d",
    "\u202e",
    "\u2066",
    "مرحبا",
    "İ",
    "ß",
    "\ufeff",
    "\0",
    "\ud800",
    "\udc00",
    "ª",
    "𝄞",
]
BLAME = [
    "should have asked",
    "failed to notice",
    "The root cause was",
    "if only we had looked",
    "remind everyone to `drain` it",
    "be more careful",
]
BLAME += ["secondstory: allow SS201 because of it", "did you not see it?", "human error", "Action items", "obviously"]
PIECES = st.sampled_from(CUES + PEOPLE + MARKS + BREAKS + ODD + BLAME)
TEXTS = st.lists(st.one_of(PIECES, PIECES.map(lambda piece: f"{piece} ")), max_size=60).map("".join)
SETTINGS = {"markup": st.sampled_from(MARKUPS), "field": st.sampled_from(FIELDS)}


@given(text=TEXTS, **SETTINGS)
@example(
    text="😀 The `x` engineer failed\r\nto notice it; remind everyone to `drain` it.", markup="markdown", field="prose"
)
@example(text="\ud800 we should have asked", markup="text", field="prose")
def test_any_text_is_read_and_every_place_is_exact(text: str, markup: Markup, field: str) -> None:
    check(text, markup, field)


@given(text=st.text(max_size=300), **SETTINGS)
def test_any_letters_are_read(text: str, markup: Markup, field: str) -> None:
    check(text + " We should have asked.", markup, field)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("markup", MARKUPS)
def test_texts_made_to_stumble_over_are_read(name: str, markup: Markup) -> None:
    check(HOSTILE[name](6_000), markup)


@given(TEXTS, st.sampled_from(sorted(UNITS)))
@example("\r\n\r\r\n\n😀\u2028é\r", "utf-8")
def test_lines_and_columns_are_an_editors_own(text: str, encoding: str) -> None:
    check_places(text, encoding)


@given(text=TEXTS, edits=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.3), TEXTS), max_size=6), **SETTINGS)
def test_a_text_read_while_it_is_edited_is_read_as_if_for_the_first_time(
    text: str, edits: list[tuple[float, float, str]], markup: Markup, field: str
) -> None:
    known: Known = {}
    EVERYTHING.findings(text, markup=markup, field=field, known=known)
    for at, share, new in edits:
        start = int(at * len(text))
        text = text[:start] + new + text[start + int(share * len(text)) :]
        again = EVERYTHING.findings(text, markup=markup, field=field, known=known)
        assert again == EVERYTHING.findings(text, markup=markup, field=field)


def units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


@given(
    TEXTS,
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 30), st.integers(0, 2), st.integers(0, 30), TEXTS), max_size=5
    ),
)
def test_a_document_follows_an_editor_wherever_it_edits(text: str, edits: list[tuple[int, int, int, int, str]]) -> None:
    """The editor keeps its text in UTF-16, by lines; a place beyond a line is its end."""
    text = text.encode("utf-8", "replace").decode()
    project = Projects().of(None)
    document = Document(types.TextDocumentItem("untitled:a", "markdown", 1, text), None, "utf-16")
    for line, column, lines, end_column, new in edits:
        new = new.encode("utf-8", "replace").decode()  # noqa: PLW2901 - no editor sends half a letter
        start, end = sorted([placed(text, line, column), placed(text, line + lines, end_column)])
        span = types.Range(position(text, start), position(text, end))
        change: Any = types.TextDocumentContentChangePartial(span, new)
        text = text[:start] + new + text[end:]
        document.edit([change], 2)
        document.read(project)
        assert document.text == text
    for finding in document.findings:
        assert told(finding, project.analyser.catalogue)
        assert all(
            action.edit
            for action in actions(document, finding, lambda _document, edit: types.WorkspaceEdit({"": [edit]}))
        )
    assert len(diagnostics(document)) == len(document.findings) + len(document.without_reason)


def placed(text: str, line: int, column: int) -> int:
    """The offset of a place, never between the two halves of a letter nor inside a line's end."""
    lines = text.replace("\r\n", "\0\n").replace("\r", "\n").split("\n")
    if line >= len(lines):
        return len(text)
    begin = sum(len(each) + 1 for each in lines[:line])
    return begin + min(
        column, len(lines[line].rstrip("\0") if text[begin + len(lines[line]) :][:1] == "\n" else lines[line])
    )


def position(text: str, offset: int) -> types.Position:
    before = text[:offset].replace("\r\n", "\0\n").replace("\r", "\n")
    return types.Position(before.count("\n"), len(units(before[before.rfind("\n") + 1 :])) // 2)
