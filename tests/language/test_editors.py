"""A real client library drives `secondstory lsp` over standard input and output."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.language.editor import Editor

BLAME = "# Notes\n\nThe engineer failed to notice the alert.\n"
Play = Callable[[Editor], Awaitable[None]]


@pytest.fixture
def played(tmp_path: Path) -> Callable[..., str]:
    """Plays a session with an editor of its own; what the server logged comes back."""

    def play(session: Play, *words: str, **more: Any) -> str:
        async def whole() -> str:
            editor = Editor(tmp_path)
            await editor.begin(*words, **more)
            await session(editor)
            await editor.end()

            return editor.log

        return asyncio.run(whole())

    return play


def edits_of(action: types.CodeAction) -> list[types.TextEdit]:
    (change,) = action.edit.document_changes
    return list(change.edits)


def test_a_text_is_marked_when_opened_and_again_while_it_is_edited(played: Callable[..., str]) -> None:
    async def session(editor: Editor) -> None:
        (mark,) = await editor.open("a.md", BLAME)
        assert (mark.code, mark.severity, mark.source) == ("SS102", types.DiagnosticSeverity.Warning, "secondstory")
        assert mark.message.startswith(
            "“failed to notice” says what did not happen.\nWhat was in front of the engineer"
        )
        assert editor.words("a.md", mark) == "failed to notice"
        assert await editor.replace("a.md", "failed to notice", "read") == []
        (mark,) = await editor.replace("a.md", "the alert.", "the alert. We should have\nasked.")
        assert editor.words("a.md", mark) == "should have\nasked"
        (mark,) = await editor.replace("a.md", "# Notes\n\n", "")
        assert editor.words("a.md", mark) == "should have\nasked"
        editor.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(editor.uri("a.md")))
        )
        assert await editor.marks("a.md") == []

    played(session)


def test_a_safe_edit_is_offered_and_applied(played: Callable[..., str]) -> None:
    async def session(editor: Editor) -> None:
        (mark,) = await editor.open("a.md", "😀 The root cause was a full disk.\n")
        offered = await editor.actions("a.md", mark)
        assert [action.title for action in offered] == [
            "Say that it was one of several: One contributing factor was",
            *(action.title for action in offered[1:-1]),
            "Let SS601 stand, and say why",
        ]
        assert all(action.kind == types.CodeActionKind.QuickFix for action in offered)
        assert offered[0].edit.document_changes[0].text_document.version == 1
        assert await editor.apply("a.md", edits_of(offered[0])) == []
        assert editor.texts["a.md"] == "😀 One contributing factor was a full disk.\n"

    played(session)


def test_the_beginning_of_an_answer_goes_behind_the_sentence(played: Callable[..., str]) -> None:
    async def session(editor: Editor) -> None:
        mark, heading = await editor.open(
            "a.md", "The engineer failed to notice it. It was late.\n\n# We should have asked\n"
        )
        assert [action.title[:3] for action in await editor.actions("a.md", heading)] == ["Let"]
        offered = [action for action in await editor.actions("a.md", mark) if action.title.startswith("Tell it: ")]
        await editor.apply("a.md", edits_of(offered[0]))
        assert editor.texts["a.md"].startswith(
            "The engineer failed to notice it. At {time} the {role} saw {what}; that suggested {belief}, so {step}. It was"
        )

    played(session)


def test_letting_a_finding_stand_wants_a_reason(played: Callable[..., str]) -> None:
    async def session(editor: Editor) -> None:
        (mark,) = await editor.open("a.md", BLAME)
        after = await editor.apply("a.md", edits_of((await editor.actions("a.md", mark))[-1]))
        assert "alert. <!-- secondstory: allow SS102 because -->\n" in editor.texts["a.md"]
        assert [mark.code for mark in after] == ["SS102", None]
        assert await editor.replace("a.md", "because", "because the regulator says so") == []

    played(session)


def test_restructured_text_gets_its_own_remark(played: Callable[..., str]) -> None:
    async def session(editor: Editor) -> None:
        (mark,) = await editor.open("a.rst", "One.\n\n  Then\n  the engineer failed to notice.\n", "restructuredtext")
        after = await editor.apply("a.rst", edits_of((await editor.actions("a.rst", mark))[-1]))
        assert editor.texts["a.rst"].startswith("One.\n\n  .. secondstory: allow SS102 because\n\n  Then\n")
        assert [mark.code for mark in after] == ["SS102", None]
        assert await editor.replace("a.rst", "because", "because it is a drill") == []

    played(session)


def test_hovering_tells_the_questions_without_markup(played: Callable[..., str]) -> None:
    async def session(editor: Editor) -> None:
        (mark,) = await editor.open("a.md", BLAME)
        told = await editor.hover("a.md", mark.range.start)
        assert told is not None
        assert told.startswith("SS102 · ")
        assert "What was in front of the engineer at that moment" in told
        assert await editor.hover("a.md", types.Position(0, 0)) is None

    played(session)


def test_other_kinds_of_action_are_not_offered(played: Callable[..., str]) -> None:
    async def session(editor: Editor) -> None:
        (mark,) = await editor.open("a.md", BLAME)
        assert await editor.actions("a.md", mark, only=[types.CodeActionKind.Refactor]) == []
        assert await editor.actions("a.md", mark, only=[types.CodeActionKind.QuickFix])

    played(session)


def test_an_editor_that_knows_no_versions_gets_plain_edits(played: Callable[..., str]) -> None:
    async def session(editor: Editor) -> None:
        (mark,) = await editor.open("a.md", "The root cause was a full disk.\n")
        (action, *_) = await editor.actions("a.md", mark)
        assert action.edit.document_changes is None
        assert list(action.edit.changes) == [editor.uri("a.md")]

    played(session, able=False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_places_count_as_the_editor_wishes(played: Callable[..., str], encoding: str) -> None:
    text = "é😀\r\n\u2028ü\x0c We should have asked.\rSo 😀 we ought to have asked.\n"

    async def session(editor: Editor) -> None:
        marks = await editor.open("a.md", text)
        units = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
        lines = ["é😀", "\u2028ü\x0c We should have asked.", "So 😀 we ought to have asked."]
        shown = []
        for mark in marks:
            line = lines[mark.range.start.line].encode(f"{encoding}-le" if units > 1 else encoding)
            part = line[units * mark.range.start.character : units * mark.range.end.character]
            shown.append(part.decode(f"{encoding}-le" if units > 1 else encoding))
        assert shown == ["should have asked", "ought to have asked"]

    played(session, encoding=encoding)


def test_edits_land_where_the_editor_means_them_beside_wide_letters_and_odd_line_ends(
    played: Callable[..., str],
) -> None:
    async def session(editor: Editor) -> None:
        await editor.open("a.md", "😀😀 one\r\nü\u2028two\x0c three\rSo 😀 four five")
        for old, new in [("one", "1😀"), ("three", "We should have\r\nasked."), ("five", "we ought to have known")]:
            marks = await editor.replace("a.md", old, new)
        assert [editor.words("a.md", mark) for mark in marks] == ["should have\r\nasked", "ought to have known"]
        beyond = types.Range(types.Position(99, 0), types.Position(99, 5))
        which = types.VersionedTextDocumentIdentifier(99, editor.uri("a.md"))
        changes: list[Any] = [types.TextDocumentContentChangePartial(beyond, ". We could have waited.")]
        editor.client.text_document_did_change(types.DidChangeTextDocumentParams(which, changes))
        assert len(await editor.marks("a.md")) == 3
        whole = [types.TextDocumentContentChangeWholeDocument("Fine.")]
        editor.client.text_document_did_change(types.DidChangeTextDocumentParams(which, whole))
        assert await editor.marks("a.md") == []

    played(session)


def test_several_changes_at_once_count_from_one_another(played: Callable[..., str]) -> None:
    async def session(editor: Editor) -> None:
        await editor.open("a.md", "a\nb\n")
        first = types.TextEdit(editor.span("a.md", 0, 1), "We rolled back.\n\nThe engineer")
        second = types.TextEdit(types.Range(types.Position(2, 12), types.Position(3, 1)), " failed to notice it.")
        (mark,) = await editor.apply("a.md", [first, second])
        assert editor.texts["a.md"] == "We rolled back.\n\nThe engineer failed to notice it.\n"
        assert editor.words("a.md", mark) == "failed to notice"

    played(session)


def test_settings_count_as_on_the_command_line(played: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / ".secondstory.toml").write_text(
        'names = ["Zorana"]\nroles = { "Zorana Quill" = "the release lead" }\nexclude = ["old"]\nbaseline = "base.json"\n'
    )
    base = "0" * 32
    (tmp_path / "base.json").write_text(f'{{"fingerprints": {{"{base}": 1}}}}')

    async def session(editor: Editor) -> None:
        assert [mark.code for mark in await editor.open("a.md", "Zorana forgot the flag.\n")] == ["SS701", "SS102"]
        assert await editor.open("old/b.md", BLAME) == []
        (tmp_path / ".secondstory.toml").write_text('severities = { SS102 = "off" }\n')
        changed = [types.FileEvent((tmp_path / ".secondstory.toml").as_uri(), types.FileChangeType.Changed)]
        editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changed))
        assert await editor.marks("a.md") == []
        assert await editor.marks("old/b.md") == []
        assert [wish.method for wish in editor.watched] == [types.WORKSPACE_DID_CHANGE_WATCHED_FILES]

    played(session)


def test_wrong_settings_are_said_and_do_not_stop_the_writer(played: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / ".secondstory.toml").write_text("nmaes = []")

    async def session(editor: Editor) -> None:
        assert len(await editor.open("a.md", BLAME)) == 1
        assert "nothing is called 'nmaes'" in editor.messages[0]
        (tmp_path / ".secondstory.toml").write_text('profile = "draft"')
        which = types.TextDocumentIdentifier(editor.uri(".secondstory.toml"))
        editor.client.text_document_did_save(types.DidSaveTextDocumentParams(which))
        assert len(await editor.marks("a.md")) == 1
        assert len(editor.messages) == 1

    played(session)


@pytest.mark.parametrize(
    ("words", "more"), [(["--stdio", "--profile", "draft"], {}), ([], {"initialization_options": {"profile": "draft"}})]
)
def test_a_profile_is_chosen_by_the_command_or_the_editor(
    played: Callable[..., str], words: list[str], more: dict[str, Any]
) -> None:
    async def session(editor: Editor) -> None:
        assert await editor.open("a.md", "We should have asked.\n") == []

    played(session, *words, **more)


def test_what_goes_wrong_is_logged_without_a_word_of_the_text(played: Callable[..., str]) -> None:
    async def session(editor: Editor) -> None:
        await editor.open("a.md", BLAME)
        params = {
            "textDocument": {"uri": editor.uri("a.md")},
            "position": {"line": "Zorana forgot the flag.", "character": 0},
        }
        broken = {"jsonrpc": "2.0", "id": "broken", "method": types.TEXT_DOCUMENT_HOVER, "params": params}
        editor.client.protocol._send_data(broken)
        with pytest.raises(JsonRpcException):
            await editor.hover("never-opened.md", types.Position(0, 0))

    log = played(session)
    assert "Error" in log
    assert "engineer" not in log
    assert "Zorana" not in log
