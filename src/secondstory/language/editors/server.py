"""The language server itself: what an editor says comes in by standard input, what it is told goes out by standard output."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from secondstory import __version__
from secondstory.language.configuration import OWN_FILE, PROFILES
from secondstory.language.editors import answers
from secondstory.language.editors.documents import Document
from secondstory.language.editors.projects import Projects

SETTINGS_FILES = (OWN_FILE, "pyproject.toml")

# pygls would keep a copy of every text, break its lines where editors do not, and move the places it is given accordingly.
KEPT_BY_US = (types.TEXT_DOCUMENT_DID_OPEN, types.TEXT_DOCUMENT_DID_CHANGE, types.TEXT_DOCUMENT_DID_CLOSE)


class Server(LanguageServer):
    """The documents that are open, and the settings of their folders."""

    def __init__(self, projects: Projects) -> None:
        super().__init__(answers.NAME, __version__)
        self.projects = projects
        self.documents: dict[str, Document] = {}

    def tell(self, document: Document) -> None:
        """Read a document and mark it."""
        document.read(self.projects.of(document.path))
        while self.projects.complaints:
            words = self.projects.complaints.pop()
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, words))
        self.mark(document.uri, document.version, answers.diagnostics(document))

    def mark(self, uri: str, version: int | None, marks: list[types.Diagnostic]) -> None:
        """Tell the editor what to underline."""
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, marks, version))

    def tell_all_anew(self) -> None:
        """Read every open document by settings that may have changed."""
        self.projects.forget()
        for document in self.documents.values():
            document.forget()
            self.tell(document)

    def editing(self, document: Document, edit: types.TextEdit) -> types.WorkspaceEdit:
        """With the version it is meant for, where the editor can tell an edit that comes too late."""
        workspace = self.client_capabilities.workspace
        if workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes:
            which = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
            return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(which, [edit])])
        return types.WorkspaceEdit(changes={document.uri: [edit]})


def _path(uri: str) -> Path | None:
    name = to_fs_path(uri) if uri.startswith("file:") else None
    return Path(name) if name else None


def _opened(server: Server, params: types.DidOpenTextDocumentParams) -> None:
    item = params.text_document
    encoding = server.server_capabilities.position_encoding or types.PositionEncodingKind.Utf16
    server.documents[item.uri] = Document(item, _path(item.uri), types.PositionEncodingKind(encoding).value)
    server.tell(server.documents[item.uri])


def _changed(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    document = server.documents[params.text_document.uri]
    document.edit(params.content_changes, params.text_document.version)
    server.tell(document)


def _closed(server: Server, params: types.DidCloseTextDocumentParams) -> None:
    del server.documents[params.text_document.uri]
    server.mark(params.text_document.uri, None, [])


def _hovered(server: Server, params: types.HoverParams) -> types.Hover | None:
    document = server.documents[params.text_document.uri]
    at = document.offset(params.position)
    found = document.between(at, at)
    if not found:
        return None
    catalogue = server.projects.of(document.path).analyser.catalogue
    words = "\n\n".join(answers.told(finding, catalogue) for finding in found)
    span = document.span(found[0].start, found[0].end)
    return types.Hover(types.MarkupContent(types.MarkupKind.PlainText, words), span)


def _asked_for_actions(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    wanted = params.context.only
    if wanted is not None and not {"", "quickfix"} & {str(types.CodeActionKind(kind).value) for kind in wanted}:
        return []
    document = server.documents[params.text_document.uri]
    found = document.between(*document.offsets(params.range))
    return [action for finding in found for action in answers.actions(document, finding, server.editing)]


def _began(server: Server, params: types.InitializeParams) -> None:
    folders = [_path(folder.uri) for folder in params.workspace_folders or ()]
    root = _path(params.root_uri) if params.root_uri else None
    server.projects.folders = [folder for folder in folders or [root] if folder]
    options = params.initialization_options
    profile = options.get("profile") if isinstance(options, dict) else None
    if profile in PROFILES:
        server.projects.profile = server.projects.profile or profile


def _ready(server: Server, _params: types.InitializedParams) -> None:
    """Ask to be told when settings change, of an editor that can tell."""
    workspace = server.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if watching and watching.dynamic_registration:
        watchers = [types.FileSystemWatcher(f"**/{name}") for name in SETTINGS_FILES]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        wish = types.Registration("settings", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
        server.client_register_capability(types.RegistrationParams([wish]))


def _folders_changed(server: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    gone = {_path(folder.uri) for folder in params.event.removed}
    come = [_path(folder.uri) for folder in params.event.added]
    kept = [folder for folder in server.projects.folders if folder not in gone]
    server.projects.folders = [*kept, *(folder for folder in come if folder)]
    server.tell_all_anew()


def _settings_changed(server: Server, _params: object) -> None:
    server.tell_all_anew()


def _saved(server: Server, params: types.DidSaveTextDocumentParams) -> None:
    """An editor that watches no files still says when settings were saved in it."""
    path = _path(params.text_document.uri)
    if path and path.name in SETTINGS_FILES:
        server.tell_all_anew()


def build(projects: Projects) -> Server:
    """A server that knows what to answer."""
    server = Server(projects)
    for method in KEPT_BY_US:
        del server.protocol.fm.builtin_features[method]
    server.feature(types.INITIALIZE)(_began)
    server.feature(types.INITIALIZED)(_ready)
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_opened)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_changed)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(_saved)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_closed)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_settings_changed)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(_folders_changed)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hovered)
    kinds = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)(_asked_for_actions)
    return server


class _WithoutWords(logging.Formatter):
    """What went wrong and where, never with what: messages of an editor hold the text that is being written."""

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        return f"{record.name}: {record.levelname.lower()} at {record.module}:{record.lineno} {kind}".rstrip()


def main(words: Sequence[str]) -> int:
    """The command; it ends when the editor says so."""
    parser = argparse.ArgumentParser(prog="secondstory lsp", description="Points and asks inside an editor.")
    parser.add_argument("--stdio", action="store_true", help="the only way there is, said by some editors")
    parser.add_argument("--profile", choices=sorted(PROFILES), help="instead of the project's own")
    parser.add_argument("--config", type=Path, help="settings to use instead of the nearest")
    options = parser.parse_args(words)
    handler = logging.StreamHandler()
    handler.setFormatter(_WithoutWords())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    build(Projects(options.config, options.profile)).start_io()
    return 0
