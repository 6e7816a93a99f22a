"""Commits from `git log`: its usual text formats, and JSON lines.

The text may be the default, `--pretty=fuller`, `medium`, `full` or `short` with a date, with or without `--stat`,
`--numstat` or `--name-status`, and one line a commit where the line holds a date. The JSON is one object a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from secondstory.evidence.importers.clock import Clock
from secondstory.evidence.importers.containers import head_of, size_of
from secondstory.evidence.importers.deliveries import first_object, refused_if_empty, said, text_of
from secondstory.evidence.importers.git_text import Commit, commits, is_one_a_line, is_paragraphs, is_recipe
from secondstory.evidence.importers.json_stream import Item, items
from secondstory.evidence.importers.lines import Line, lines
from secondstory.evidence.importers.record import Choices, Kind, Problem, Record
from secondstory.evidence.importers.streamed import Streamed
from secondstory.evidence.importers.times import BadTime, bad_time, believable

# What docs/import.md tells people to run; %x00 keeps the fields apart whatever the message holds.
RECIPE = "git log --name-only --pretty=format:%x1e%H%x00%aI%x00%cI%x00%an%x00%B%x00"

_TIMES = (
    "commit_date",
    "committer_date",
    "committed_date",
    "date",
    "author_date",
    "authored_date",
    "timestamp",
    "time",
)
_AUTHORS = ("author", "author_name", "author_login", "committer")
_SHAS = ("sha", "commit", "hash", "id", "commit_hash")


class GitLog(Streamed):
    """Commits, one record each; the time is when a commit was made or rebased, as git tells it."""

    name = "git_log"
    title = "git log"

    def recognises(self, path: Path, head: bytes) -> int:
        """How surely a file is a list of commits."""
        if path.is_dir():
            return 0
        if _is_json(head):
            return 92 if _fits(first_object(head)) else 0
        text = text_of(head)
        first = [line for line in text.splitlines()[:40] if line.strip()]
        if is_recipe(text) or (first and is_paragraphs(first[0])):
            return 96
        return 88 if is_one_a_line(first) else 0

    def everything(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        size_of(path)
        clock = Clock(choices)
        head = head_of(path)
        with path.open("rb") as stream:
            if _is_json(head):
                found = _from_json(items(stream, path.name, looks_right=_fits), path, clock)
            else:
                found = _from_text(lines(stream, path.name), head, path, clock)
            yield from refused_if_empty(found)
        yield from clock.assumptions(path.name)


def _is_json(head: bytes) -> bool:
    return text_of(head[:64]).lstrip()[:1] in {"{", "["}


def _fits(payload: Any) -> bool:
    sha = next((said(payload[key]) for key in _SHAS if payload.get(key)), "")
    told = payload.keys() & {"subject", "message", "title", "body"} and any(key in payload for key in _TIMES)
    return bool(told and re.fullmatch(r"[0-9a-f]{7,64}", sha))


def _from_json(found: Iterator[Item | Problem], path: Path, clock: Clock) -> Iterator[Record | Problem]:
    for number, item in enumerate(found, 1):
        if isinstance(item, Problem):
            yield item
        elif isinstance(item.value, dict) and _fits(item.value):
            yield _json_commit(item, f"{path.name} item {number}", path, clock)
        else:
            yield Problem(f"{path.name} item {number}", "not a commit", "left out")


def _json_commit(item: Item, where: str, path: Path, clock: Clock) -> Record | Problem:
    value = item.value
    author = next((value[key] for key in _AUTHORS if value.get(key)), "")
    author = (author.get("login") or author.get("name")) if isinstance(author, dict) else author
    subject = said(value.get("subject") or value.get("title") or value.get("message"))
    body = said(value.get("body")).strip()
    files = value.get("files")
    commit = Commit(next((said(value[key]) for key in _SHAS if value.get(key)), ""), 0, author=said(author))
    commit.message = [subject.strip(), *(["", body] if body else [])]
    commit.files = [said(one.get("filename") if isinstance(one, dict) else one) for one in files or ()]
    commit.raw = [item.raw]
    commit.date = next((said(value[key]) for key in _TIMES if value.get(key)), "")
    return _record(commit, where, said(value.get("repo") or value.get("repository")) or path.stem, clock)


def _from_text(found: Iterator[Line | Problem], head: bytes, path: Path, clock: Clock) -> Iterator[Record | Problem]:
    for told in commits(found, text_of(head)):
        if isinstance(told, Problem):
            yield told
        else:
            yield _record(told, f"{path.name} line {told.number}", path.stem, clock)


def _record(commit: Commit, where: str, place: str, clock: Clock) -> Record | Problem:
    at = clock.first(commit.committed, commit.date)
    if at is None:
        return Problem(where, "a commit without a date", "export the log with dates, e.g. with --date=iso")
    try:
        believable(at)
    except BadTime as error:
        return bad_time(where, error)
    return Record(
        at=at,
        author=commit.author,
        text="\n".join(commit.message).strip() or "(no message)",
        place=place,
        kind=Kind.COMMIT,
        original=b"".join(commit.raw),
        thread=commit.sha,
        files=tuple(commit.files),
        service=place,
    )


GIT_LOG = GitLog()
