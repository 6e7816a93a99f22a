"""A timeline as a Markdown table, and back without loss. Pure.

The four columns come first; lane, perspective and pivot point follow where a row has them. What would be read
as Markdown is escaped, so that a moment looks in a rendered table as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from secondstory.timeline.rules import ABOUT, BETWEEN, EXACT, Row, problems, tidied

COLUMNS = {
    "time": "Time",
    "what": "Event",
    "information": "Information available",
    "decision": "Decision or action",
    "lane": "Lane",
    "perspective": "Perspective",
    "pivot": "Pivot point",
}
FOUR = ("time", "what", "information", "decision")
ALIASES = {
    "when": "time",
    "event": "what",
    "what happened": "what",
    "description": "what",
    "information": "information",
    "known": "information",
    "decision": "decision",
    "action": "decision",
    "decision or action taken": "decision",
    "whose perspective": "perspective",
} | {title.lower(): name for name, title in COLUMNS.items()}
BREAK = "<br>"
SPECIAL = re.compile(r"[\\`*\[\]<|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|<br\s*/?>")
CELL_END = re.compile(r"(?<!\\)(?:\\\\)*\|")
RULE = re.compile(r"^\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?$")
CLOCK = r"(?:(?P<day{0}>\d{{4}}-\d\d-\d\d)[ T]+)?(?P<clock{0}>\d\d?[:.]\d\d(?:[:.]\d\d)?)\s*(?P<zone{0}>UTC|Z|[+-]\d\d:?\d\d(?::?\d\d)?)?"
ONE = re.compile(rf"(?P<about>about\s+|~\s*)?{CLOCK.format(1)}", re.IGNORECASE)
TWO = re.compile(rf"between\s+{CLOCK.format(1)}\s+and\s+{CLOCK.format(2)}", re.IGNORECASE)


@dataclass(slots=True)
class Read:
    """The rows of a table, and for every line that is none: its number and what is wrong with it."""

    rows: list[Row] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)


def table(rows: Sequence[Row], zone: tzinfo) -> str:
    """Rows as a Markdown table, their times in `zone` with its offset written out."""
    extra = [name for name in COLUMNS if name not in FOUR and any(getattr(row, name) for row in rows)]
    names = [*FOUR, *extra]
    lines = [_line(COLUMNS[name] for name in names), _line("---" for _ in names)]
    return "\n".join([*lines, *(_line(_cell(row, name, zone) for name in names) for row in rows)]) + "\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(row: Row, name: str, zone: tzinfo) -> str:
    if name == "time":
        return told_time(row, zone)
    if name == "pivot":
        return "yes" if row.pivot else ""
    return escaped(getattr(row, name))


def told_time(row: Row, zone: tzinfo) -> str:
    """The time of a row in words: "about 2026-03-09 14:05 +01:00"."""
    start = _told(row.at, zone)
    if row.when == BETWEEN and row.until:
        return f"between {start} and {_told(row.until, zone)}"
    return f"about {start}" if row.when == ABOUT else start


def _told(at: datetime, zone: tzinfo) -> str:
    local = at.astimezone(zone)
    offset = local.isoformat()[19:]
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{local:%Y-%m-%d} {clock} {'UTC' if offset == '+00:00' else offset}"


def escaped(text: str) -> str:
    """Words as they stand in a cell."""
    return SPECIAL.sub(lambda found: "\\" + found[0], text).replace("\n", BREAK)


def unescaped(cell: str) -> str:
    """The words of a cell."""
    return ESCAPED.sub(lambda found: found[1] or "\n", cell)


def read(markdown: str, zone: tzinfo, day: date | None = None) -> Read:
    """The first table with a time and an event column. A bare clock is of the day before it in the table, else `day`."""
    lines = markdown.replace("\r\n", "\n").split("\n")
    found, names = Read(), None
    for number, line in enumerate(lines, start=1):
        if names is None:
            names = _header(line)
        elif not line.strip().startswith("|"):
            break
        elif not RULE.match(line.strip()):
            day = _read_line(found, number, dict(zip(names, _cells(line), strict=False)), (zone, day))
    return found


def _header(line: str) -> list[str] | None:
    if not line.strip().startswith("|"):
        return None
    names = [ALIASES.get(unescaped(cell).strip().strip("*").lower(), "") for cell in _cells(line)]
    return names if {"time", "what"} <= set(names) else None


def _cells(line: str) -> list[str]:
    line, cells, start = line.strip().removeprefix("|"), [], 0
    for end in CELL_END.finditer(line):
        cells.append(line[start : end.end() - 1].strip())
        start = end.end()
    return [*cells, line[start:].strip()] if line[start:].strip() else cells


def _read_line(found: Read, number: int, cells: Mapping[str, str], place: tuple[tzinfo, date | None]) -> date | None:
    zone, day = place
    words = {
        name: unescaped(cells.get(name, "")) for name in ("what", "information", "decision", "lane", "perspective")
    }
    times = read_time(cells["time"], zone, day)
    if times is None:
        found.unread.append((number, "no_time"))
        return day
    when, at, until = times
    pivot = cells.get("pivot", "").lower() in {"yes", "x", "✓"}
    row = tidied(Row(at=at, when=when, until=until, pivot=pivot, **words))
    if wrong := problems(row):
        found.unread.append((number, wrong[0][1]))
    else:
        found.rows.append(row)
    return at.astimezone(zone).date()


def read_time(cell: str, zone: tzinfo, day: date | None) -> tuple[str, datetime, datetime | None] | None:
    """How exact, from when, until when; None for what is no time."""
    cell = unescaped(cell).strip()
    if two := TWO.fullmatch(cell):
        start = _time(two, 1, zone, day)
        end = _time(two, 2, zone, start.astimezone(zone).date()) if start else None
        return (BETWEEN, start, end) if start and end else None
    one = ONE.fullmatch(cell)
    at = _time(one, 1, zone, day) if one else None
    return (ABOUT if one and one["about"] else EXACT, at, None) if at else None


def _time(found: re.Match[str], which: int, zone: tzinfo, day: date | None) -> datetime | None:
    try:
        on = date.fromisoformat(found[f"day{which}"]) if found[f"day{which}"] else day
        hours, minutes, seconds = [*(int(part) for part in re.split("[:.]", found[f"clock{which}"])), 0][:3]
        return datetime.combine(on, time(hours, minutes, seconds), _zone(found[f"zone{which}"]) or zone) if on else None
    except ValueError:
        return None


def _zone(told: str | None) -> tzinfo | None:
    if not told:
        return None
    if told.upper() in {"UTC", "Z"}:
        return UTC
    sign = -1 if told[0] == "-" else 1
    hours, minutes, seconds = [*(int(part) for part in re.findall(r"\d\d", told)), 0][:3]
    return timezone(sign * timedelta(hours=hours, minutes=minutes, seconds=seconds))
