"""Tries the chat importers on a folder: every zip, folder and file below it, each by itself.

    audit_chats.py FOLDER … [--anchor 2031-03-03] [--problems]

Prints per source: its format, the records it holds, counted here by plain rules without the importers, the records
imported, and what was left out and why. Exits with 1 when a count differs or an export of chat is refused.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from secondstory.evidence.importers.record import Choices, Importer, Problem, Record, Refused, digest_of
from secondstory.evidence.importers.registry import recognise

DAY = re.compile(r"(?:^|/)[^/]+/\d{4}-\d\d-\d\d\.json$")
ALLOWED = (
    "not this product",
    "nothing in a format known here",
    "webhook v",
    "no time and no anchor",
    "damaged",
    "is empty",
)
ASSUMED = ("taken as UTC", "read as Latin-1", "a list out of a Slack export")


def days_of(path: Path) -> Iterator[bytes]:
    """The files of messages in a Slack export."""
    if path.is_dir():
        yield from (f.read_bytes() for f in path.rglob("*.json") if DAY.search(f.relative_to(path).as_posix()))
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist() if DAY.search(name))
    else:
        yield path.read_bytes()


def slack(path: Path) -> int:
    return sum(messages(json.loads(day)) for day in days_of(path))


def messages(value: Any) -> int:
    """Messages in a list, a dump or by themselves; the lists of people and channels hold none."""
    if isinstance(value, dict) and "messages" in value:
        value = value["messages"] or []
    listed = value if isinstance(value, list) else [value]
    found = [m for m in listed if isinstance(m, dict) and "ts" in m]
    return sum(1 + len(m.get("slackdump_thread_replies") or []) for m in found)


def mattermost(path: Path) -> int:
    count = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        post = entry.get("post") or entry.get("direct_post")
        count += 1 + len(post.get("replies") or []) if post else 0
    return count


def matching(pattern: str) -> Callable[[Path], int]:
    """Counts the lines that match."""
    shape = re.compile(pattern)
    return lambda path: sum(1 for line in path.read_text("utf-8", "replace").split("\n") if shape.search(line))


def timed_lines(path: Path) -> int:
    """Lines of the timelines (or of everything, without one) that begin with a time of day."""
    text = path.read_text("utf-8", "replace")
    parts = [timeline(text[found.end() :], len(found[1])) for found in re.finditer(r"(?im)^(#+) timeline.*$", text)]
    timed = re.compile(r"(?m)^[\W_]{0,4}(?:c\. ?)?\d{1,2}[.:] ?\d\d(?![\d%])")
    return sum(len(timed.findall(part)) for part in parts or [text])


def timeline(text: str, level: int) -> str:
    """The text up to the next heading of that level or above."""
    return re.split(rf"(?m)^#{{1,{level}}} ", text, maxsplit=1)[0]


COUNTS: dict[str, Callable[[Path], int]] = {
    "slack": slack,
    "mattermost": mattermost,
    "sal": matching(r"^\*+ ?~?\d{1,2}:\d\d"),
    "irc": matching(r"\S"),
    "pasted": timed_lines,
}


def sources(folder: Path) -> Iterator[Path]:
    """The folder, every folder below it and every file."""
    yield folder
    yield from sorted(p for p in folder.rglob("*") if not p.is_symlink())


def told_by(importer: Importer, path: Path, anchor: date | None) -> Iterator[Record | Problem]:
    """Everything of every place, private and direct ones too."""
    names = frozenset(place.name for place in importer.places(path, Choices(anchor=anchor)))
    yield from importer.read(path, Choices(places=names, anchor=anchor))


def audit(path: Path, shown: str, anchor: date | None, *, show: bool) -> str:
    """Prints the row of one source; what is wrong with it, or nothing."""
    try:
        importer = recognise(path)
        told = list(told_by(importer, path, anchor))
    except Refused as refused:
        if path.is_dir():
            return ""
        print(f"{shown:<74} {'refused':<11} {'':>8} {'':>8}  {refused.what}")
        return "" if any(words in refused.what for words in ALLOWED) else f"{shown}: {refused.what}"
    records = [one for one in told if isinstance(one, Record)]
    problems = [one for one in told if isinstance(one, Problem)]
    counted = COUNTS[importer.name](path) if importer.name in COUNTS else len(records)
    reasons = Counter(problem.what for problem in problems)
    print(
        f"{shown:<74} {importer.name:<11} {counted:>8,} {len(records):>8,}  {', '.join(f'{n} {w}' for w, n in reasons.items())}"
    )
    if show:
        for problem in problems:
            print(f"    {problem.where}: {problem.what}")
    left_out = sum(n for what, n in reasons.items() if not any(words in what for words in ASSUMED))
    return wrong_with(importer.name, shown, counted, records, left_out)


def wrong_with(name: str, shown: str, counted: int, records: list[Record], left_out: int) -> str:
    """A count that differs, or two records that a second import could not tell apart."""
    if len({digest_of(record) for record in records}) != len(records):
        return f"{shown}: some records have the same digest"
    if name == "pasted":
        # Somebody else may speak within the same minute: more records than times, never fewer.
        return "" if len(records) + left_out >= counted else f"{shown}: {counted} times, {len(records)} records"
    return "" if counted == len(records) + left_out else f"{shown}: {counted} counted, {len(records)} imported"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--anchor", type=date.fromisoformat, default=None)
    parser.add_argument("--problems", action="store_true", help="print every problem with its place")
    told = parser.parse_args()
    wrong: list[str] = []
    for folder in told.folders:
        print(f"\n{'source':<74} {'format':<11} {'counted':>8} {'imported':>8}  said about it")
        for path in sources(folder.resolve()):
            shown = path.relative_to(folder.resolve().parent).as_posix()
            if path.is_dir() or path.suffix.lower() in {".json", ".jsonl", ".zip", ".txt", ".md", ".log"}:
                wrong += filter(None, [audit(path, shown[-74:], told.anchor, show=told.problems)])
    print("\n" + ("\n".join(["WRONG:", *wrong]) if wrong else "Counts agree; nothing was refused for another reason."))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
