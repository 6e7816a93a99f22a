"""Markdown that a team can keep in git: front matter, sections, the timeline as four columns. `importing` reads it back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import yaml

from secondstory.reviews.rules import zone_named
from secondstory.timeline.rules import Row as Moment
from secondstory.timeline.rules import tidied, tidy
from secondstory.timeline.tables import escaped, table, told_time
from secondstory.writing.document import ActionRow, Document, FactorRow, Part, Row
from secondstory.writing.exporters.chain_lists import CHAINS, STORIES, lists_of

FORMAT = "second-story/1"
GROUPS = {
    "technical": "Technical",
    "process": "Process",
    "communication": "Communication",
    "environment": "Environment",
    "tooling": "Tooling",
}
ACTION_COLUMNS = ("Action", "Owner", "Due", "State", "Success metric")
SOURCE_COLUMN = "Source"
DIFFERING_COLUMN = "Told differently"
BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
NOT_APPLICABLE = "*Not applicable:*"


def markdown(document: Document) -> str:
    """The document as one Markdown file."""
    ours = lines_of_ours([each.title for each in document.parts])
    parts = [f"---\n{_front_matter(document)}---", f"# {one_line(document.title)}"]
    for part in document.parts:
        parts += [f"## {one_line(part.title)}", *_part(document, part, ours)]
    return "\n\n".join(parts) + "\n"


def lines_of_ours(titles: Iterable[str]) -> re.Pattern[str]:
    """Lines with a meaning of their own; the same line in somebody's words gets a backslash in front."""
    headings = "|".join(re.escape(f"## {one_line(title)}") for title in titles)
    groups = "|".join([*(f"### {title}" for title in GROUPS.values()), re.escape(CHAINS), re.escape(STORIES)])
    return re.compile(rf"^\\*(?:(?:{headings}|{groups})\s*$|\| Time \||\| Action \||\*Not applicable:\*)")


def one_line(words: str) -> str:
    """A heading or a fact stands on one line."""
    return " ".join(words.split())


def _front_matter(document: Document) -> str:
    facts: dict[str, Any] = {
        "format": FORMAT,
        "title": one_line(document.title),
        "kind": document.kind,
        "date": document.happened_at,
        "zone": document.zone,
        "severity": one_line(document.severity),
        "services": [one_line(each) for each in document.services],
        "people": [one_line(each) for each in document.people],
        "times": [{"name": each.name, "title": each.title, "at": each.at or "unknown"} for each in document.times],
        "sections": [{"key": each.key, "title": one_line(each.title)} for each in document.parts],
    }
    return yaml.safe_dump(facts, sort_keys=False, allow_unicode=True, width=10_000)


def _part(document: Document, part: Part, ours: re.Pattern[str]) -> list[str]:
    if part.state == "na":
        return [f"{NOT_APPLICABLE} {one_line(part.reason)}".strip()]
    return [words for words in (_own_words(part.body, ours), *_rows_of(document, part.key)) if words]


def _rows_of(document: Document, key: str) -> list[str]:
    if key == "timeline" and document.timeline:
        return [timeline_table(document.timeline, document.zone).rstrip("\n")]
    if key == "factors":
        return [*_factors(document.factors), *lists_of(document.chains, document.second_stories)]
    if key == "actions" and document.actions:
        return [_actions(document.actions)]
    return []


def _own_words(body: str, ours: re.Pattern[str]) -> str:
    lines = BLANK_LINES.sub("", body.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")).rstrip().split("\n")
    return "\n".join(f"\\{line}" if ours.match(line) else line for line in lines)


def timeline_table(rows: Sequence[Row], zone: str) -> str:
    """The four columns, and behind them lane, perspective, pivot point, how else it was, and where it is known from."""
    lines = table([as_moment(row) for row in rows], zone_named(zone)).rstrip("\n").split("\n")
    if any(row.differing for row in rows):
        lines = _with_column(lines, DIFFERING_COLUMN, ("\n".join(map(one_line, row.differing)) for row in rows))
    if any(row.sources for row in rows):
        lines = _with_column(lines, SOURCE_COLUMN, ("; ".join(row.sources) for row in rows))
    return "\n".join(lines) + "\n"


def _with_column(lines: Sequence[str], title: str, words: Iterable[str]) -> list[str]:
    cells = [title, "---", *(escaped(tidy(each)) for each in words)]
    return [f"{line} {cell} |" for line, cell in zip(lines, cells, strict=True)]


def as_moment(row: Row) -> Moment:
    """The row as the timeline's own table takes it."""
    return tidied(
        Moment(
            at=datetime.fromisoformat(row.at),
            when=row.when,
            until=datetime.fromisoformat(row.until) if row.until else None,
            what=row.what,
            information=row.information,
            decision=row.decision,
            lane=row.lane,
            perspective=row.perspective,
            pivot=row.pivot,
        )
    )


def time_told(row: Row, zone: str) -> str:
    """The time of a row in words."""
    return told_time(as_moment(row), zone_named(zone))


def _factors(factors: Iterable[FactorRow]) -> list[str]:
    rows = list(factors)
    blocks = []
    for group, title in GROUPS.items():
        here = [_bullet(row.words) for row in rows if row.group == group]
        blocks += [f"### {title}\n\n" + "\n".join(here)] if here else []
    return blocks


def _bullet(words: str) -> str:
    lines = tidy(words).split("\n")
    return "\n".join([f"- {lines[0]}", *(f"  {line}" if line else "" for line in lines[1:])])


def _actions(actions: Iterable[ActionRow]) -> str:
    rows = [ACTION_COLUMNS, ("---",) * len(ACTION_COLUMNS)]
    rows += [tuple(escaped(tidy(cell)) for cell in (a.wording, a.owner, a.due, a.state, a.metric)) for a in actions]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
