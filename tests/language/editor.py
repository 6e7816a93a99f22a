"""An editor made of a real client library: opens texts, edits them, applies what it is offered."""

from __future__ import annotations

import asyncio
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

SOURCE = Path(__file__).parents[2] / "src"
PATIENCE = 30


class Editor:
    """One session; what it counts it counts by itself, so that nothing of the server's is believed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.texts: dict[str, str] = {}
        self.version = 1
        self.log = ""
        self.told: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.messages: list[str] = []
        self.watched: list[types.Registration] = []
        self.client = LanguageClient("editor", "1")
        # A client library marks what it calls, which a bound method does not suffer.
        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(partial(self.told.put_nowait))
        self.client.feature(types.WINDOW_SHOW_MESSAGE)(lambda params: self.messages.append(params.message))
        self.client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: self.watched.extend(params.registrations))

    async def begin(self, *words: str, encoding: str = "utf-16", able: bool = True, **more: Any) -> None:
        code = "from secondstory.cli import main; main()"
        environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
        command = [sys.executable, "-c", code, "lsp", *words]
        await self.client.start_io(command[0], *command[1:], env=environment, cwd=self.folder)
        workspace = types.WorkspaceClientCapabilities(
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
        )
        capabilities = types.ClientCapabilities(
            general=types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind(encoding)]),
            workspace=workspace if able else None,
        )
        folders = [types.WorkspaceFolder(self.folder.as_uri(), "here")]
        answer = await self.client.initialize_async(
            types.InitializeParams(capabilities=capabilities, workspace_folders=folders, **more)
        )
        assert answer.capabilities.text_document_sync.change == types.TextDocumentSyncKind.Incremental
        self.client.initialized(types.InitializedParams())

    async def end(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        self.log = (await asyncio.wait_for(self.client._server.stderr.read(), PATIENCE)).decode()
        await asyncio.wait_for(self.client.stop(), PATIENCE)

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    async def marks(self, name: str) -> list[types.Diagnostic]:
        told = await asyncio.wait_for(self.told.get(), PATIENCE)
        assert told.uri == self.uri(name)
        return list(told.diagnostics)

    async def open(self, name: str, text: str, language: str = "markdown") -> list[types.Diagnostic]:
        self.texts[name] = text
        item = types.TextDocumentItem(self.uri(name), language, self.version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return await self.marks(name)

    async def replace(self, name: str, old: str, new: str) -> list[types.Diagnostic]:
        """What stands as `old` becomes `new`, told as a change of a range."""
        at = self.texts[name].index(old)
        return await self.apply(name, [types.TextEdit(self.span(name, at, at + len(old)), new)])

    async def apply(self, name: str, edits: list[types.TextEdit]) -> list[types.Diagnostic]:
        for edit in edits:
            start, end = self.offset(name, edit.range.start), self.offset(name, edit.range.end)
            self.texts[name] = self.texts[name][:start] + edit.new_text + self.texts[name][end:]
        self.version += 1
        which = types.VersionedTextDocumentIdentifier(self.version, self.uri(name))
        changes = [types.TextDocumentContentChangePartial(edit.range, edit.new_text) for edit in edits]
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(which, changes))
        return await self.marks(name)

    def _lines(self, name: str) -> list[str]:
        return self.texts[name].replace("\r\n", "\0\n").replace("\r", "\n").split("\n")

    def offset(self, name: str, place: types.Position) -> int:
        lines = self._lines(name)
        before = sum(len(line) + 1 for line in lines[: place.line])
        return before + len(lines[place.line].encode("utf-16-le")[: 2 * place.character].decode("utf-16-le"))

    def span(self, name: str, *offsets: int) -> types.Range:
        places = []
        for offset in offsets:
            lines = self._lines(name)
            line = self.texts[name][:offset].replace("\r\n", "\0\n").replace("\r", "\n").count("\n")
            start = sum(len(each) + 1 for each in lines[:line])
            units = len(self.texts[name][start:offset].encode("utf-16-le")) // 2
            places.append(types.Position(line, units))
        return types.Range(*places)

    def words(self, name: str, mark: types.Diagnostic) -> str:
        return self.texts[name][self.offset(name, mark.range.start) : self.offset(name, mark.range.end)]

    async def actions(self, name: str, mark: types.Diagnostic, **context: Any) -> list[types.CodeAction]:
        which = types.TextDocumentIdentifier(self.uri(name))
        about = types.CodeActionContext([mark], **context)
        found = await self.client.text_document_code_action_async(types.CodeActionParams(which, mark.range, about))
        return [action for action in found or () if isinstance(action, types.CodeAction)]

    async def hover(self, name: str, place: types.Position) -> str | None:
        which = types.TextDocumentIdentifier(self.uri(name))
        answer = await self.client.text_document_hover_async(types.HoverParams(which, place))
        return answer.contents.value if answer and isinstance(answer.contents, types.MarkupContent) else None
