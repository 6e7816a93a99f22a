"""A Markdown file back into a document: exactly what `exporters.markdown` wrote, or as much as can be recognised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from secondstory.reviews.rules import zone_named
from secondstory.timeline.tables import CELL_END, read, unescaped
from secondstory.writing.document import ActionRow, Document, FactorRow, Part, Row, Time
from secondstory.writing.exporters.chain_lists import CHAINS, STORIES, chains_in
from secondstory.writing.exporters.markdown import (
    ACTION_COLUMNS,
    DIFFERING_COLUMN,
    GROUPS,
    NOT_APPLICABLE,
    SOURCE_COLUMN,
    lines_of_ours,
)

HEADING = re.compile(r"^## +(.*?)\s*$")
CHAIN_LISTS = {CHAINS, STORIES}
GROUP_OF = {f"### {title}": group for group, title in GROUPS.items()}
LONGEST = 20_000_000


class Unreadable(Exception):
    """The file is no review; the words say what is wrong and where."""


def document_from(markdown: str) -> Document:
    """The document a Markdown file holds."""
    if len(markdown) > LONGEST:
        raise Unreadable("The file is over 20 million characters.")
    text = markdown.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    facts, body = _front_matter(text)
    sections = list(_sections(body, facts))
    tables = {key: lines for key, _title, lines in sections}
    ours = lines_of_ours(title for _key, title, _lines in sections)
    zone = str(facts.get("zone") or "UTC")
    return Document(
        kind=str(facts.get("kind") or "incident"),
        title=str(facts.get("title") or _first_heading(body)),
        happened_at=str(facts.get("date") or ""),
        zone=zone,
        severity=str(facts.get("severity") or ""),
        services=_words(facts.get("services")),
        people=_words(facts.get("people")),
        times=_times(facts.get("times")),
        parts=tuple(_part(key, title, lines, ours) for key, title, lines in sections),
        timeline=tuple(_timeline(tables.get("timeline", []), zone)),
        factors=tuple(_factors(_rows_of_factors(tables))),
        actions=tuple(_actions(tables.get("actions", []))),
        chains=chains_in(_rows_of_factors(tables), CHAINS),
        second_stories=chains_in(_rows_of_factors(tables), STORIES),
    )


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    if not text.startswith("---\n") or (end := text.find("\n---\n", 3)) < 0:
        return {}, text
    try:
        facts = yaml.safe_load(text[4:end])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark else ""
        raise Unreadable(f"The front matter is not YAML{where}.") from error
    return (facts if isinstance(facts, dict) else {}), text[end + 5 :]


def _sections(body: str, facts: dict[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """A file of ours names its sections; in any other every heading of the second level begins one."""
    named = {str(each.get("title", "")): str(each.get("key", "")) for each in _mappings(facts.get("sections"))}
    title = ""
    lines: list[str] | None = None
    for line in body.split("\n"):
        found = HEADING.match(line)
        if found and (found[1] in named or not named):
            if lines is not None:
                yield named.get(title, _key_of(title)), title, lines
            title, lines = found[1], []
        elif lines is not None:
            lines.append(line)
    if lines is not None:
        yield named.get(title, _key_of(title)), title, lines


def _mappings(given: Any) -> list[dict[str, Any]]:
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def _key_of(title: str) -> str:
    return re.sub(r"\W+", "_", title.lower()).strip("_")[:32] or "section"


def _first_heading(body: str) -> str:
    return next((line[2:].strip() for line in body.split("\n") if line.startswith("# ")), "")


def _part(key: str, title: str, lines: list[str], ours: re.Pattern[str]) -> Part:
    body = "\n".join(_own_lines(key, lines)).strip("\n")
    if body.startswith(NOT_APPLICABLE):
        return Part(key, title, state="na", reason=body.removeprefix(NOT_APPLICABLE).strip())
    own = [line.removeprefix("\\") if line.startswith("\\") and ours.match(line) else line for line in body.split("\n")]
    return Part(key, title, "\n".join(own))


def _own_lines(key: str, lines: list[str]) -> list[str]:
    """The lines before the rows of a section begin."""
    return lines[: next((number for number, line in enumerate(lines) if _begins_rows(key, line)), len(lines))]


def _rows_of_factors(tables: dict[str, list[str]]) -> list[str]:
    lines = tables.get("factors", [])
    return lines[len(_own_lines("factors", lines)) :]


def _begins_rows(key: str, line: str) -> bool:
    if key == "factors":
        return line.rstrip() in GROUP_OF or line.rstrip() in CHAIN_LISTS
    return line.startswith({"timeline": "| Time |", "actions": "| Action |"}.get(key, "\0"))


def _words(given: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in given) if isinstance(given, list) else ()


def _times(given: Any) -> tuple[Time, ...]:
    return tuple(
        Time(
            str(each.get("name", "")),
            str(each.get("title", "")),
            "" if each.get("at") == "unknown" else str(each["at"]),
        )
        for each in _mappings(given)
        if "at" in each
    )


def _table(lines: list[str], starts: str) -> list[str]:
    begin = next((number for number, line in enumerate(lines) if line.startswith(starts)), len(lines))
    rows = []
    for line in lines[begin:]:
        if not line.startswith("|"):
            break
        rows.append(line)
    return rows


def _timeline(lines: list[str], zone: str) -> Iterator[Row]:
    rows = _table(lines, "| Time |")
    titles = _cells(rows[0]) if rows else []
    for line in rows[2:]:
        found = read("\n".join((*rows[:2], line)), zone_named(zone)).rows
        sources = _cell(line, titles, SOURCE_COLUMN).split("; ")
        differing = _cell(line, titles, DIFFERING_COLUMN).split("\n")
        for each in found:
            yield Row(
                at=each.at.astimezone(zone_named(zone)).isoformat(),
                when=each.when,
                until=each.until.astimezone(zone_named(zone)).isoformat() if each.until else "",
                what=each.what,
                information=each.information,
                decision=each.decision,
                lane=each.lane,
                perspective=each.perspective,
                pivot=each.pivot,
                sources=tuple(filter(None, sources)),
                differing=tuple(filter(None, differing)),
            )


def _cell(line: str, titles: list[str], title: str) -> str:
    """What stands in a column of ours, counted from the end: any cell before it may hold what looks like one."""
    if title not in titles:
        return ""
    from_the_end = len(titles) - titles.index(title)
    cells = _cells(line)
    return unescaped(cells[-from_the_end]) if from_the_end <= len(cells) else ""


def _cells(line: str) -> list[str]:
    line, cells, start = line.strip().removeprefix("|"), [], 0
    for end in CELL_END.finditer(line):
        cells.append(line[start : end.end() - 1].strip())
        start = end.end()
    return cells


def _factors(lines: list[str]) -> Iterator[FactorRow]:
    group = ""
    words: list[str] = []
    chains = next((number for number, line in enumerate(lines) if line.rstrip() in CHAIN_LISTS), len(lines))
    for line in [*lines[:chains], ""]:
        if line.rstrip() in GROUP_OF or line.startswith("- "):
            if words:
                yield FactorRow(group, "\n".join(words).strip())
            words = [line[2:]] if line.startswith("- ") and group else []
            group = GROUP_OF.get(line.rstrip(), group)
        elif words:
            words.append(line.removeprefix("  "))
    if words:
        yield FactorRow(group, "\n".join(words).strip())


def _actions(lines: list[str]) -> Iterator[ActionRow]:
    for line in _table(lines, "| Action |")[2:]:
        cells = [unescaped(cell).strip() for cell in _cells(line)] + [""] * len(ACTION_COLUMNS)
        yield ActionRow(wording=cells[0], owner=cells[1], due=cells[2], state=cells[3] or "proposed", metric=cells[4])
