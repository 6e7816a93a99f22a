"""How logs write the time of a line: shapes found in the head of a file, then read line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from secondstory.evidence.importers.clock import MONTHS, from_epoch, nearest_year, offset
from secondstory.evidence.importers.times import BadTime

_MONTH = "(?:" + "|".join(MONTHS) + ")"
_CLOCK = r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
_ZONE = r"(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\b)?"
_HALF_A_DAY = timedelta(hours=12)


@dataclass(slots=True, frozen=True)
class Shape:
    """One way to write a time. `leads` shapes stand first in a line, and the line's text begins after them."""

    name: str
    pattern: str
    read: Callable[[re.Match[str], Dating], datetime]
    leads: bool = True
    lacks: str = ""


@dataclass(slots=True)
class Dating:
    """What completes times that lack a year or a day. `last` is the line before, for clocks that pass midnight."""

    anchor: date | None
    zone: tzinfo | None
    last: datetime | None = None
    without_zone: bool = False

    def utc(self, at: datetime) -> datetime:
        """In UTC; a time without a zone is in the chosen one, or else in UTC."""
        if at.tzinfo is None:
            self.without_zone = True
            at = at.replace(tzinfo=self.zone or UTC)
        return at.astimezone(UTC)

    def day_of(self, month: int, day: int) -> date:
        """The day in the year that brings it closest to the anchor."""
        if self.anchor is None:
            raise BadTime("its time names no year")
        try:
            return date(nearest_year(month, day, self.anchor), month, day)
        except ValueError:
            raise BadTime(f"there is no day {day} in month {month}") from None


def _iso(found: re.Match[str], dating: Dating) -> datetime:
    text = found["at"].replace("/", "-").replace(",", ".")
    zone = text.rfind(" ", 16)
    if zone > 0:
        text = text[:zone] + {"UTC": "+00:00", "GMT": "+00:00", "Z": "+00:00"}.get(text[zone + 1 :], text[zone + 1 :])
    elif text.endswith(("UTC", "GMT")):
        text = text[:-3] + "+00:00"
    return dating.utc(datetime.fromisoformat(text))


def _clock(text: str) -> time:
    return time.fromisoformat(text.replace(",", "."))


def _syslog(found: re.Match[str], dating: Dating) -> datetime:
    day = dating.day_of(MONTHS[found["month"]], int(found["day"]))
    return dating.utc(datetime.combine(day, _clock(found["clock"])))


def _klog(found: re.Match[str], dating: Dating) -> datetime:
    day = dating.day_of(int(found["month"]), int(found["day"]))
    return dating.utc(datetime.combine(day, _clock(found["clock"])))


def _dated(found: re.Match[str], dating: Dating) -> datetime:
    day = date(int(found["year"]), MONTHS[found["month"]], int(found["day"]))
    zone = found.groupdict().get("zone")
    at = datetime.combine(day, _clock(found["clock"]))
    return dating.utc(at.replace(tzinfo=offset(zone)) if zone else at)


def _twelve_hours(found: re.Match[str], dating: Dating) -> datetime:
    hour, _, rest = found["clock"].partition(":")
    afternoon = 12 if found["half"].upper() == "PM" else 0
    day = date(int(found["year"]), MONTHS[found["month"]], int(found["day"]))
    return dating.utc(datetime.combine(day, time.fromisoformat(f"{int(hour) % 12 + afternoon:02}:{rest}")))


def _epoch(found: re.Match[str], _dating: Dating) -> datetime:
    at = from_epoch(float(found["at"]))
    if at is None:
        raise BadTime("not a time")
    return at


def _bare(found: re.Match[str], dating: Dating) -> datetime:
    if dating.anchor is None:
        raise BadTime("its time names no day")
    clock = _clock(found["clock"])
    at = dating.utc(datetime.combine(dating.anchor, clock))
    if dating.last is None:
        return at
    while dating.last - at > _HALF_A_DAY:
        at += timedelta(days=1)
    return at


# The order decides between shapes that match the same lines: what tells more comes first.
SHAPES = (
    Shape(
        "ISO 8601",
        rf"(?:<\d+>1 )?\[?(?P<at>\d{{4}}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d{{1,9}})?)?{_ZONE})\]?",
        _iso,
    ),
    Shape(
        "web server",
        rf"\S+ \S+ .{{0,120}}?\[(?P<day>\d\d)/(?P<month>{_MONTH})/(?P<year>\d{{4}}):(?P<clock>\d\d:\d\d:\d\d) (?P<zone>[+-]\d{{4}})\] ",
        _dated,
        leads=False,
    ),
    Shape(
        "syslog with year",
        rf"(?:<\d+>)?(?P<month>{_MONTH}) +(?P<day>\d\d?) (?P<year>\d{{4}}) (?P<clock>{_CLOCK}):? ?",
        _dated,
    ),
    Shape("syslog", rf"(?:<\d+>)?(?P<month>{_MONTH}) +(?P<day>\d\d?) (?P<clock>{_CLOCK})(?= )", _syslog, lacks="year"),
    Shape(
        "klog", rf"(?=[IWEFD]\d{{4}} )[A-Z](?P<month>\d\d)(?P<day>\d\d) (?P<clock>{_CLOCK})(?= )", _klog, lacks="year"
    ),
    Shape(
        "date in words",
        rf"\[?[A-Z][a-z]{{2}},? (?P<month>{_MONTH}) +(?P<day>\d\d?) (?P<clock>{_CLOCK}) (?:[A-Z]{{3}} )?(?P<year>\d{{4}})\]?",
        _dated,
    ),
    Shape(
        "day first",
        rf"\[?(?P<day>\d\d)[ /-](?P<month>{_MONTH})[ /-](?P<year>\d{{4}})[ :](?P<clock>{_CLOCK})(?: (?P<zone>[+-]\d{{4}}))?\]?",
        _dated,
    ),
    Shape(
        "Java",
        rf"(?P<month>{_MONTH}) (?P<day>\d\d?), (?P<year>\d{{4}}),? (?P<clock>\d\d?:\d\d:\d\d) (?P<half>AM|PM)",
        _twelve_hours,
    ),
    Shape(
        "key and value",
        r'(?:[\w.]+=(?:"[^"]*"|\S*) ){0,3}?(?:time|ts|timestamp|t)="?(?P<at>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)"?',
        _iso,
        leads=False,
    ),
    Shape("seconds since 1970", r"\[?(?P<at>1\d{9}(?:\.\d{1,9})?|1\d{12})\]?(?=[\s:,|])", _epoch),
    Shape("time of day", rf"\[?(?P<clock>{_CLOCK})\]?(?=[\s:|-])", _bare, lacks="day"),
)
# What tools put before the line's own time: grep's file and line, compose's container, kubectl's pod, Ruby's level.
_PREFIXES = (
    "",
    r"(?:[^\s:]{1,80}:)?\d+[:-]",
    r"(?P<service>[\w.-]{1,60}) +\| ",
    r"\[pod/(?P<service>[^\]\s]{1,200})\] ",
    r"[DIWEF], ",
)
_ALL = tuple((shape, re.compile(prefix + shape.pattern)) for prefix in _PREFIXES for shape in SHAPES)


@dataclass(slots=True, frozen=True)
class Reader:
    """A shape with its compiled pattern, prefix included."""

    shape: Shape
    pattern: re.Pattern[str]

    def at(self, found: re.Match[str], dating: Dating) -> datetime:
        """The time a match tells; BadTime when it cannot be one."""
        try:
            return self.shape.read(found, dating)
        except (ValueError, OverflowError) as error:
            raise error if isinstance(error, BadTime) else BadTime("its time cannot be one") from None


def readers_for(lines: Iterable[str]) -> list[Reader]:
    """The fewest shapes that read the lines, the commonest first."""
    left = [line for line in lines if line and not line[0].isspace()]
    chosen: list[Reader] = []
    while left:
        counts = [sum(1 for line in left if pattern.match(line)) for _, pattern in _ALL]
        best = max(range(len(_ALL)), key=counts.__getitem__)
        if not counts[best]:
            break
        shape, pattern = _ALL[best]
        chosen.append(Reader(shape, pattern))
        left = [line for line in left if not pattern.match(line)]
    return chosen


def dated_reader(line: str) -> Reader | None:
    """The shape of a line that begins with a whole date, for files that change their shape on the way."""
    for shape, pattern in _ALL:
        if not shape.lacks and shape.read is not _epoch and pattern.match(line):
            return Reader(shape, pattern)
    return None
