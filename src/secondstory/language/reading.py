"""Which files are meant, how each is marked up, and which of their lines have changed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

from secondstory.language.blocks import Markup

MARKUP: Mapping[str, Markup] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".qmd": "markdown",
    ".rst": "rst",
    ".txt": "text",
    ".text": "text",
}
PASSED_OVER = {"node_modules", "__pycache__", "site-packages"}
HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


class NotReadable(Exception):
    """What was asked for cannot be read; the message says what and why."""


def markup_of(path: str) -> Markup:
    """By the end of its name; Markdown when that says nothing."""
    return MARKUP.get(Path(path).suffix.lower(), "markdown")


def chosen(names: Iterable[str], exclude: Iterable[str]) -> list[str]:
    """The files meant by names, folders and globs, each once, in the order given."""
    left_out = tuple(exclude)
    found = (path for name in names for path in _named(name))
    return [path for path in dict.fromkeys(found) if not is_left_out(path, left_out)]


def is_left_out(path: str, patterns: Iterable[str]) -> bool:
    """Whether a file, or a folder it is in, was excluded."""
    plain = path.removeprefix("./")
    return any(fnmatch(plain, pattern) or fnmatch(plain, f"{pattern.rstrip('/')}/*") for pattern in patterns)


def _named(name: str) -> Iterator[str]:
    if name == "-" or Path(name).is_file():
        yield name
    elif Path(name).is_dir():
        yield from _in_folder(name)
    elif any(mark in name for mark in "*?["):
        from glob import iglob

        # A pattern may begin at the root, which Path.glob refuses.
        yield from sorted(path for path in iglob(name, recursive=True) if Path(path).is_file())  # noqa: PTH207
    else:
        raise NotReadable(f"{name}: there is no such file or folder")


def _in_folder(folder: str) -> Iterator[str]:
    """What git would keep, so that `.gitignore` is honoured; every file where there is no git."""
    listed = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    paths = sorted(_walked(folder)) if listed is None else sorted(set(listed.split("\0")) - {""})
    for path in paths:
        full = Path(folder) / path
        if full.suffix.lower() in MARKUP and full.is_file():
            yield str(full)


def _walked(folder: str) -> Iterator[str]:
    for at, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".") and each not in PASSED_OVER]
        yield from (str((Path(at) / name).relative_to(folder)) for name in files)


def _git(folder: str, *words: str) -> str | None:
    import subprocess

    try:
        done = subprocess.run(["git", "-C", folder or ".", *words], capture_output=True, check=False)  # noqa: S603, S607
    except OSError:
        return None
    return done.stdout.decode(errors="replace") if done.returncode == 0 else None


def text_of(path: str) -> str:
    """The words of a file, or of what is piped in."""
    import sys

    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise NotReadable(f"{path}: {error.strerror}") from error
    if b"\0" in raw[:4096]:
        raise NotReadable(f"{path}: this is not a text")
    return raw.decode("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8", errors="replace")


def changed_lines(path: str, revision: str) -> set[int] | None:
    """The lines that differ from a revision; None when the file is new, so that all of it counts."""
    whole = Path.cwd() / path
    folder, name = str(whole.parent), whole.name
    if revision.startswith("-") or _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") is None:
        raise NotReadable(f"{revision}: git knows no such revision here")
    if _git(folder, "cat-file", "-e", f"{revision}:./{name}") is None:
        return None
    told = _git(folder, "diff", "--no-color", "--no-ext-diff", "-U0", revision, "--", name)
    if told is None:
        raise NotReadable(f"{path}: git cannot compare it with {revision}")
    lines: set[int] = set()
    for hunk in HUNK.finditer(told):
        first, count = int(hunk[1]), int(hunk[2] or 1)
        lines.update(range(first, first + count))
    return lines
