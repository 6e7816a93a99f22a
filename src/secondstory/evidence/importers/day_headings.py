"""Days as people write them between the lines of a chat or log."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20|21)\d\d)"
_SHAPES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^{_WEEKDAY}{_YEAR}[-/.](?P<m>\d{{1,2}})[-/.](?P<day>\d{{1,2}})$",
        rf"^{_WEEKDAY}{_DAY}(?:\s+of)?[\s-]+{_MONTH},?[\s-]+{_YEAR}$",
        rf"^{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}$",
        rf"^{_WEEKDAY}{_DAY}(?:\s+of)?\s+{_MONTH}$",
        rf"^{_WEEKDAY}{_MONTH}\s+{_DAY}$",
        rf"^{_WEEKDAY}(?P<day>\d{{1,2}})[./](?P<m>\d{{1,2}})[./]{_YEAR}$",
        rf"^(?:log opened|day changed(?: to)?)\s+{_WEEKDAY}{_MONTH}\s+{_DAY}\s+(?:\d\d:\d\d:\d\d\s+)?{_YEAR}$",
        rf"^(?:log opened|day changed(?: to)?)\s+{_WEEKDAY}{_DAY}\s+{_MONTH}\s+(?:\d\d:\d\d:\d\d\s+)?{_YEAR}$",
    )
)
_DECORATION = " \t#*_=-\u2013\u2014|[]()<>:,."
_LONGEST = 60
# Only the last two shapes may have a time in them.
_WITH_CLOCK = _SHAPES[-2:]
_DIGIT = re.compile(r"\d")
_IN_NAME = re.compile(r"(?<!\d)(?P<year>20\d\d)-?(?P<m>0[1-9]|1[0-2])-?(?P<day>0[1-9]|[12]\d|3[01])(?!\d)")
_LABELLED = re.compile(
    rf"(?i)^\W*(?:incident|outage|started?|began|date|when|day)\b[^:\n]{{0,20}}:\W*{_YEAR}-(?P<m>\d\d)-(?P<day>\d\d)"
)


def day_in(line: str, near: date | None = None) -> date | None:
    """The day a line consists of, decoration aside. One without a year is the closest to `near`."""
    if len(line) > _LONGEST or not _DIGIT.search(line) or line.startswith("["):
        return None
    bare = line.strip(_DECORATION)
    for shape in _WITH_CLOCK if ":" in bare else _SHAPES:
        match = shape.match(bare)
        if match:
            return _date(match, near)
    return None


def day_in_name(name: str) -> date | None:
    """The day a file is named after, as logs often are."""
    match = _IN_NAME.search(name)
    return _date(match, None) if match else None


def labelled_day(line: str) -> date | None:
    """The day of a line such as "Incident from: 2031-03-03"."""
    match = _LABELLED.match(line)
    return _date(match, None) if match else None


def _date(match: re.Match[str], near: date | None) -> date | None:
    parts = match.groupdict()
    month = int(parts["m"]) if parts.get("m") else _MONTHS.index(parts["month"][:3].lower()) + 1
    day = int(parts["day"])
    years = [int(parts["year"])] if parts.get("year") else [near.year - 1, near.year, near.year + 1] if near else []
    candidates = [found for year in years if (found := _valid(year, month, day))]
    return min(candidates, key=lambda d: abs((d - near).days) if near else 0, default=None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
