"""Tries every importer on folders of real files and says, source by source, what came of them.

    audit_imports.py FOLDER … [--anchor 2024-05-01] [--problems]

A source is a folder with files in it. Its records are counted here by plain rules of the formats, without the importers.
Exits with 1 when a count differs or something is left out for a reason not named in REASONS.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from audit_chats import COUNTS

from secondstory.evidence.importers.record import Choices, Problem, Record, Refused, digest_of
from secondstory.evidence.importers.registry import Found, walk

# The reasons for which something may be left out, and the words that tell them.
REASONS = {
    "not this product": ("not this product", "nothing in a format known here"),
    "a named old version": ("webhook v1", "webhook v2", "webhook version"),
    "no time and no date": ("no date was given", "no time and no anchor"),
    "a list out of an export": ("without messages",),
    "lines before the first time of a log": ("lines without a time before them",),
    "damage": ("cut off", "damaged", "is empty", "not valid JSON", "not believable", "not UTF-8"),
}
# Said about what was imported all the same.
ASSUMED = ("taken as UTC", "told no time", "read as Latin-1", "which the log mentions", "taken from the file")
EXPECTED = (
    "push",
    "deployment",
    "pipeline",
    "release",
    "issue",
    "pull or merge request",
    "PagerDuty v3",
    "Alertmanager v4",
)


@dataclass
class Source:
    """What became of the files of one folder."""

    files: int = 0
    taken: int = 0
    counted: int = 0
    records: int = 0
    doubled: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)


def values(path: Path) -> list[Any]:
    """The JSON of a file: one value, or one a line; nothing when it is no JSON."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError):
        return []
    try:
        return [json.loads(text)]
    except ValueError:
        pass
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        return []


def counted(value: Any) -> int:
    """How many records a JSON value holds: a push and its commits, each alert, each element of a list, else one."""
    if isinstance(value, list):
        return sum(map(counted, value))
    if isinstance(value, dict) and isinstance(value.get("alerts"), list):
        return len(value["alerts"])
    if isinstance(value, dict) and isinstance(value.get("commits"), list) and "before" in value:
        return 1 + len(value["commits"])
    return 1


def event_of(value: Any) -> str:
    """Which of the events that must all import a payload is, by its keys alone."""
    if not isinstance(value, dict):
        return ""
    if isinstance(value.get("event"), dict) and "occurred_at" in value["event"]:
        return "PagerDuty v3"
    if "groupKey" in value and value.get("version") == "4" and "orgId" not in value:
        return "Alertmanager v4"
    if told := str(value.get("object_kind") or (value.get("event_name") if "project_id" in value else "") or ""):
        return {"tag_push": "push", "build": "pipeline", "merge_request": "pull or merge request"}.get(told, told)
    if not isinstance(value.get("sender"), dict):
        return ""
    shapes = (
        ({"commits", "pusher"}, "push"),
        ({"deployment", "repository"}, "deployment"),
        ({"pull_request", "repository"}, "pull or merge request"),
        ({"workflow_run", "repository"}, "pipeline"),
        ({"release", "repository"}, "release"),
        ({"issue", "repository"}, "issue"),
    )
    return next((name for keys, name in shapes if keys <= value.keys()), "")


def reason_of(problem: Problem) -> str:
    for name, words in REASONS.items():
        if any(word in problem.what for word in words):
            return name
    return problem.what


def is_assumption(problem: Problem) -> bool:
    return any(words in problem.what for words in ASSUMED)


def told_by(found: Found, anchor: date | None) -> Iterator[Record | Problem]:
    """Everything of every place, private ones too."""
    try:
        names = frozenset(place.name for place in found.importer.places(found.path, Choices(anchor=anchor)))
        yield from found.importer.read(found.path, Choices(places=names, anchor=anchor))
    except Refused as refused:
        yield Problem(found.name, refused.what, refused.do)


def audit(folder: Path, anchor: date | None, *, show: bool) -> tuple[dict[str, Source], dict[str, Source]]:
    """Per source and per event."""
    sources: dict[str, Source] = defaultdict(Source)
    events: dict[str, Source] = defaultdict(Source)
    with tempfile.TemporaryDirectory() as scratch:
        for found in walk([folder], Path(scratch)):
            name = found.where if isinstance(found, Problem) else found.name
            source = sources[str(Path(name).parent)]
            source.files += 1
            told = [found] if isinstance(found, Problem) else list(told_by(found, anchor))
            original = folder.parent / name
            held = values(original) if original.is_file() else []
            event = events[event_of(held[0])] if len(held) == 1 else Source()
            event.files += 1
            expected = expected_of(found, original, held)
            form = found.importer.name if isinstance(found, Found) else ""
            for each in (source, event):
                book(each, name, told, expected, form=form, show=show and each is source)
    return sources, events


def expected_of(found: Found | Problem, original: Path, held: list[Any]) -> int | None:
    """What the file holds, counted by plain rules; None where there is none for its format."""
    if isinstance(found, Found) and found.importer.name in COUNTS and original.exists():
        return COUNTS[found.importer.name](original)
    return sum(map(counted, held)) if held else None


def book(source: Source, name: str, told: list[Any], expected: int | None, *, form: str, show: bool) -> None:
    """Adds one file to a source."""
    records = [one for one in told if isinstance(one, Record)]
    problems = [one for one in told if isinstance(one, Problem)]
    left_out = [one for one in problems if not is_assumption(one)]
    source.reasons.update(map(reason_of, left_out))
    if show:
        for problem in problems:
            print(f"    {problem.where}: {problem.what}")
    if not records:
        return
    source.taken += 1
    source.records += len(records)
    source.counted += len(records) if expected is None else expected
    source.doubled += len(records) - len({digest_of(record) for record in records})
    # Pasted chat may have more speakers than times, never fewer.
    accounted = len(records) + len(left_out)
    if expected is not None and (accounted < expected if form == "pasted" else accounted != expected):
        source.differing.append(f"{name}: {expected} counted, {len(records)} imported, {len(left_out)} problems")


def row(name: str, source: Source) -> str:
    reasons = ", ".join(f"{count} {reason}" for reason, count in source.reasons.most_common())
    told = f"{source.files:>6} {source.taken:>6} {source.counted:>8} {source.records:>8} {source.doubled:>6}"
    return f"{name[-58:]:<58} {told}  {reasons}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--anchor", type=date.fromisoformat, default=None)
    parser.add_argument("--problems", action="store_true", help="print every problem with its place")
    told = parser.parse_args()
    wrong: list[str] = []
    for folder in told.folders:
        sources, events = audit(folder.resolve(), told.anchor, show=told.problems)
        print(
            f"\n{'source':<58} {'files':>6} {'taken':>6} {'counted':>8} {'records':>8} {'twice':>6}  left out, and why"
        )
        for name, source in sorted(sources.items()):
            print(row(name, source))
            wrong += source.differing
            wrong += [f"{name}: {reason}" for reason in source.reasons if reason not in REASONS]
        for name in EXPECTED:
            if name in events:
                print(row(f"  of these, {name}", events[name]))
                wrong += [f"{name}: refused" for _ in range(events[name].files - events[name].taken)]
    print("\n" + ("\n".join(["WRONG:", *wrong]) if wrong else "Counts agree; nothing was left out for another reason."))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
