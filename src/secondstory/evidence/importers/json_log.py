"""Logs with one JSON object a line: structured loggers, Docker's json-file, journald's export."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from secondstory.evidence.importers.clock import Clock
from secondstory.evidence.importers.containers import size_of
from secondstory.evidence.importers.deliveries import refused_if_empty, said, text_of
from secondstory.evidence.importers.lines import Line, lines
from secondstory.evidence.importers.record import Choices, Kind, Problem, Record
from secondstory.evidence.importers.repeats import numbered
from secondstory.evidence.importers.streamed import Streamed
from secondstory.evidence.importers.times import BadTime, bad_time, believable

_TIMES = ("@timestamp", "timestamp", "time", "ts", "asctime", "datetime", "eventTime", "t", "__REALTIME_TIMESTAMP")
_TEXTS = ("message", "msg", "log", "MESSAGE", "event", "text")
_LEVELS = ("level", "levelname", "severity", "lvl", "log.level")
_SERVICES = ("service", "service.name", "app", "container_name", "logger", "logger_name", "_SYSTEMD_UNIT", "name")
_DETAILS = ("error", "err", "exception", "exc_info", "stack_trace", "stacktrace", "stack")
_SAMPLE = 50
_FEWEST = 2
_MOST = 0.5


class JsonLog(Streamed):
    """One record a line."""

    name = "json_log"
    title = "JSON logs, one object a line"

    def recognises(self, path: Path, head: bytes) -> int:
        """At least two lines that are objects with a time and a message."""
        if path.is_dir() or not head.startswith(b"{"):
            return 0
        whole = text_of(head).split("\n")[:_SAMPLE]
        shown = [line for line in whole[:-1] if line.strip()] or whole
        hits = sum(1 for line in shown if _fits(_object(line)))
        return 45 if hits >= _FEWEST and hits >= _MOST * len(shown) else 0

    def everything(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        size_of(path)
        clock = Clock(choices)
        with path.open("rb") as stream:
            yield from refused_if_empty(numbered(_records(lines(stream, path.name), path, clock)))
        yield from clock.assumptions(path.name)


def _object(line: str | bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _first(value: dict[str, Any], keys: tuple[str, ...]) -> Any:
    return next((value[key] for key in keys if value.get(key)), "")


def _fits(value: dict[str, Any]) -> bool:
    return bool(_first(value, _TIMES)) and isinstance(_first(value, _TEXTS), str) and bool(_first(value, _TEXTS))


def _records(found: Iterator[Line | Problem], path: Path, clock: Clock) -> Iterator[Record | Problem]:
    for line in found:
        if isinstance(line, Problem):
            yield line
        elif line.text.strip():
            yield _record(line, f"{path.name} line {line.number}", path.stem, clock)


def _record(line: Line, where: str, place: str, clock: Clock) -> Record | Problem:
    value = _object(line.text)
    if not value:
        return Problem(where, "not a JSON object, or cut off", "left out")
    told = _first(value, _TIMES)
    at = clock.at(told.get("$date") if isinstance(told, dict) else told)
    if at is None:
        return Problem(where, "no time in it", "left out")
    try:
        believable(at)
    except BadTime as error:
        return bad_time(where, error)
    return Record(
        at=at,
        author="",
        text=_text(value),
        place=place,
        kind=Kind.LOG,
        original=line.raw,
        service=said(_first(value, _SERVICES)),
    )


def _text(value: dict[str, Any]) -> str:
    message = said(_first(value, _TEXTS)).rstrip() or said(next(iter(value.values())))
    level = said(_first(value, _LEVELS))
    detail = _first(value, _DETAILS)
    told = f"{level.upper()} {message}" if level and not level.isdigit() else message
    more = detail if isinstance(detail, str) else orjson.dumps(detail).decode()
    return f"{told}\n{more}" if detail and more != message else told


JSON_LOG = JsonLog()
