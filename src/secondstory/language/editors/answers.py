"""What an editor is told: marks below words, the question, and changes to choose from. Nothing is applied by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lsprotocol import types

from secondstory.language.blocks import HEADING
from secondstory.language.catalogue import Catalogue
from secondstory.language.editors.documents import Document
from secondstory.language.findings import Finding

NAME = "secondstory"
LEVELS = {
    "hint": types.DiagnosticSeverity.Hint,
    "info": types.DiagnosticSeverity.Information,
    "warn": types.DiagnosticSeverity.Warning,
    "error": types.DiagnosticSeverity.Error,
}
# Makes the edit of a document from one piece of new text, in the form the editor understands.
Editing = Callable[[Document, types.TextEdit], types.WorkspaceEdit]


def diagnostics(document: Document) -> list[types.Diagnostic]:
    """The marks of a document."""
    return [
        *(_diagnostic(document, finding) for finding in document.findings),
        *(_asks_why(document, line) for line in document.without_reason),
    ]


def _diagnostic(document: Document, finding: Finding) -> types.Diagnostic:
    return types.Diagnostic(
        range=document.span(finding.start, finding.end),
        message=f"{finding.message}\n{finding.questions[0]}",
        severity=LEVELS[finding.severity],
        code=finding.rule,
        source=NAME,
    )


def _asks_why(document: Document, line: int) -> types.Diagnostic:
    return types.Diagnostic(
        range=document.line_span(line),
        message="This lets nothing stand: say why, “allow SS201 because …”.",
        severity=types.DiagnosticSeverity.Information,
        source=NAME,
    )


def told(finding: Finding, catalogue: Catalogue) -> str:
    """A finding at length, without markup: words of the text must not become a picture or an address."""
    rule = next(rule for rule in catalogue.rules if rule.id == finding.rule)
    parts = [
        f"{finding.rule} · {rule.title}",
        finding.message,
        "\n".join(finding.questions),
        *finding.skeletons,
        rule.why,
    ]
    return "\n\n".join(parts)


def actions(document: Document, finding: Finding, editing: Editing) -> Iterator[types.CodeAction]:
    """What may be done about a finding."""
    mark = _diagnostic(document, finding)
    for title, place, new in [*_edits(finding), *_skeletons(document, finding), _remark(document, finding)]:
        edit = types.TextEdit(document.span(*place), new)
        yield types.CodeAction(title, types.CodeActionKind.QuickFix, [mark], edit=editing(document, edit))


def _edits(finding: Finding) -> Iterator[tuple[str, tuple[int, int], str]]:
    for edit in finding.edits:
        yield f"{edit.title}: {edit.replacement}", (edit.start, edit.end), edit.replacement


def _skeletons(document: Document, finding: Finding) -> Iterator[tuple[str, tuple[int, int], str]]:
    """The beginning of an answer with its blanks, behind the sentence; a heading is no place to answer."""
    line = document.text.rfind("\n", 0, finding.sentence_start) + 1
    if document.markup != "rst" and HEADING.match(document.text, line):
        return
    end = finding.sentence_start + len(finding.sentence)
    for skeleton in finding.skeletons:
        yield f"Tell it: {skeleton}", (end, end), f" {skeleton}"


def _remark(document: Document, finding: Finding) -> tuple[str, tuple[int, int], str]:
    """A remark whose reason is still to be written; until then it lets nothing stand."""
    title = f"Let {finding.rule} stand, and say why"
    if document.markup == "rst":
        at = document.paragraph(finding.start)
        first = document.text[at:]
        indent = first[: len(first) - len(first.lstrip(" \t"))]
        return title, (at, at), f"{indent}.. secondstory: allow {finding.rule} because\n\n"
    end = document.text.find("\n", finding.start)
    at = len(document.text) if end < 0 else end
    at -= document.text[:at].endswith("\r")
    return title, (at, at), f" <!-- secondstory: allow {finding.rule} because -->"
