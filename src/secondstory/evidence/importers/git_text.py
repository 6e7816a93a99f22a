"""The text formats of `git log`, told apart by how a commit begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from secondstory.evidence.importers.lines import Line
from secondstory.evidence.importers.record import Problem

_COMMIT = re.compile(r"^commit ([0-9a-f]{7,64})(?: \(.*\))?(?: [0-9a-f ]+)?$")
_FIELD = re.compile(r"^(Author|AuthorDate|Commit|CommitDate|Date|Merge|Reflog|Reflog message|gpg):\s*(.*)$")
_STAT = re.compile(r"^ (\S.*?)\s+\|\s+(?:\d+|Bin\b)")
_PATCH = re.compile(r"^diff --(?:git a/.* b/|cc |combined )(.*)$")
_NUMSTAT = re.compile(r"^(?:\d+|-)\t(?:\d+|-)\t(.+)$")
_NAME_STATUS = re.compile(r"^[ACDMRTUXB]\d{0,3}\t(?:.*\t)?([^\t]+)$")
_DATE = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)?"
_ONE_LINE = re.compile(
    rf"^[*|\\/ ]*(?P<sha>[0-9a-f]{{7,40}})[\s|,;:-]+(?:\((?P<refs>[^)]*)\)\s+)?"
    rf"(?:(?P<before>[^|\t]{{1,60}}?)[\s|,;]+)?\(?(?P<date>{_DATE})\)?(?P<mark>[\s|,;:-]+)(?P<rest>.*)$"
)
_DATE_FIRST = re.compile(rf"^[*|\\/ ]*(?P<date>{_DATE})[\s|,;:-]+(?P<sha>[0-9a-f]{{7,40}})[\s|,;:-]+(?P<rest>.*)$")
_FIELDS_OF_RECIPE = 6
_MOST_LINES_MATCH = 0.8


@dataclass(slots=True)
class Commit:
    """A commit while its lines are being read."""

    sha: str
    number: int
    date: str = ""
    committed: str = ""
    author: str = ""
    message: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    in_patch: bool = False

    def take(self, line: Line) -> None:
        """Adds one line of the default format to the commit."""
        self.raw.append(line.raw)
        text = line.text
        if text.startswith("diff --") and (begun := _PATCH.match(text)):
            self.in_patch = True
            self.files.append(begun[1])
        elif not self.in_patch:
            self._take_told(text)

    def _take_told(self, text: str) -> None:
        if text.startswith("    "):
            self.message.append(text[4:])
        elif not text:
            if self.message:
                self.message.append("")
        elif not self.message and (told := _FIELD.match(text)):
            self._field(told[1], told[2])
        elif found := _STAT.match(text) or _NUMSTAT.match(text) or _NAME_STATUS.match(text):
            self.files.append(_renamed(found[1]))
        elif not text.startswith(" "):
            self.files.append(text)

    def _field(self, name: str, value: str) -> None:
        if name == "Author":
            self.author = value.rpartition(" <")[0] or value
        elif name == "CommitDate":
            self.committed = value
        elif name in {"Date", "AuthorDate"}:
            self.date = value


def _renamed(path: str) -> str:
    """The new name in `old => new` and `src/{old => new}/file`."""
    braced = re.sub(r"\{[^{}]* => ([^{}]*)\}", r"\1", path)
    return braced.rpartition(" => ")[2].replace("//", "/")


def is_recipe(text: str) -> bool:
    """Whether a text begins as our own format does."""
    return text.startswith("\x1e") and text.count("\0") >= _FIELDS_OF_RECIPE - 1


def is_paragraphs(first_line: str) -> bool:
    """Whether a line begins a commit of the usual formats."""
    return _COMMIT.match(first_line) is not None


def is_one_a_line(found: list[str]) -> bool:
    """Whether nearly every line names a commit and its date."""
    hits = sum(1 for line in found if _ONE_LINE.match(line) or _DATE_FIRST.match(line))
    return bool(found) and hits >= _MOST_LINES_MATCH * len(found)


def commits(found: Iterator[Line | Problem], text: str) -> Iterator[Commit | Problem]:
    """Every commit, in whichever format the head of the file shows."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if text.startswith("\x1e"):
        return _recipe(found)
    return _paragraphs(found) if is_paragraphs(first) else _one_a_line(found)


def _paragraphs(found: Iterator[Line | Problem]) -> Iterator[Commit | Problem]:
    """The formats in which a commit begins with a line `commit <sha>`."""
    commit: Commit | None = None
    for line in found:
        if isinstance(line, Problem):
            yield line
            continue
        if line.text.startswith("commit ") and (begun := _COMMIT.match(line.text)):
            if commit:
                yield commit
            commit = Commit(begun[1], line.number, raw=[line.raw])
        elif commit:
            commit.take(line)
    if commit:
        yield commit


def _recipe(found: Iterator[Line | Problem]) -> Iterator[Commit | Problem]:
    """Our own format: fields between NUL bytes, then the changed files one a line."""
    commit: Commit | None = None
    held = ""
    for line in found:
        if isinstance(line, Problem):
            yield line
            continue
        if line.text.startswith("\x1e"):
            if commit:
                yield _unpacked(commit, held)
            commit, held = Commit("", line.number), ""
        if commit:
            commit.raw.append(line.raw)
            held += line.text + "\n"
    if commit:
        yield _unpacked(commit, held)


def _unpacked(commit: Commit, held: str) -> Commit | Problem:
    fields = held.lstrip("\x1e").split("\0")
    if len(fields) < _FIELDS_OF_RECIPE:
        return Problem(f"line {commit.number}", "cut off", "export it again to get the rest")
    commit.sha, commit.date, commit.committed, commit.author, message, files = fields[:_FIELDS_OF_RECIPE]
    commit.message = message.strip().split("\n")
    commit.files = [name for name in files.split("\n") if name]
    return commit


def _one_a_line(found: Iterator[Line | Problem]) -> Iterator[Commit | Problem]:
    for line in found:
        if isinstance(line, Problem):
            yield line
        elif told := _ONE_LINE.match(line.text) or _DATE_FIRST.match(line.text):
            parts = told.groupdict()
            author, message = _split_author(parts.get("before") or "", parts.get("mark") or "", parts["rest"])
            commit = Commit(parts["sha"], line.number, date=parts["date"], author=author, message=[message])
            commit.raw = [line.raw]
            yield commit
        elif line.text.strip(" *|\\/_"):
            yield Problem(f"line {line.number}", "no commit with a date in this line", "left out")


def _split_author(before: str, between: str, rest: str) -> tuple[str, str]:
    """An author stands before the date, or after it between the marks that separate the fields."""
    if before.strip():
        return before.strip(), rest
    for mark in ("|", "\t"):
        author, found, message = rest.partition(mark)
        if mark in between and found and message.strip():
            return author.strip(), message.strip()
    return "", rest
