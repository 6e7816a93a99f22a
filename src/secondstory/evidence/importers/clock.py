"""Times as sources write them, turned into aware UTC; what had to be assumed is counted and said once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache

from secondstory.evidence.importers.record import Choices, Problem
from secondstory.evidence.importers.times import zone_assumed

NO_TIME = "no time in it, and no date was given"
SAY_A_DATE = "say the date it belongs to and import it again"

# Fewer may be a date written without marks.
_DIGITS_OF_AN_EPOCH = 9
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_ZONE_AFTER_SPACE = re.compile(r"\s+(?=[+-]\d{2}:?\d{2}$)")


def parsed(value: object) -> datetime | None:
    """The time a JSON value or a piece of text tells, naive when it names no zone; None when it tells none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return from_epoch(value)
    if isinstance(value, str):
        return _from_text(value.strip())
    return None


def from_epoch(number: float) -> datetime | None:
    """Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by their size."""
    for limit, divisor in ((1e11, 1), (1e14, 1e3), (1e17, 1e6), (1e20, 1e9)):
        if abs(number) < limit:
            return datetime.fromtimestamp(number / divisor, UTC)
    return None


def _from_text(text: str) -> datetime | None:
    if not text:
        return None
    if text[0].isalpha():
        return _from_written_date(text)
    if text.isdigit() and len(text) >= _DIGITS_OF_AN_EPOCH:
        return from_epoch(int(text))
    try:
        return datetime.fromisoformat(_zone_closed_up(text) if " " in text[-7:] else text)
    except ValueError:
        return _from_written_date(text)


def _zone_closed_up(text: str) -> str:
    if text.endswith((" UTC", " GMT")):
        return text[:-4] + "+00:00"
    if text.endswith(" Z"):
        return text[:-2] + "+00:00"
    return _ZONE_AFTER_SPACE.sub("", text)


def _from_written_date(text: str) -> datetime | None:
    """Dates as git and mail write them; git's, by far the most, the short way."""
    try:
        _, month, day, clock, year, zone = text.split()
        hour, minute, second = clock.split(":")
        return datetime(int(year), MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=offset(zone))
    except (ValueError, KeyError, IndexError):
        return _from_mail(text)


def _from_mail(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None


@lru_cache(maxsize=256)
def offset(text: str) -> tzinfo:
    """The zone that +0200 or -07:00 names."""
    if text[0] not in "+-" or not text[-2:].isdigit():
        raise ValueError(text)
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


def in_utc(at: datetime, zone: tzinfo | None) -> datetime | None:
    """None when the time cannot be told in UTC, as 0001-01-01 in an eastern zone."""
    try:
        return (at if at.tzinfo else at.replace(tzinfo=zone or UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def nearest_year(month: int, day: int, anchor: date) -> int:
    """The year that brings a day without one closest to the anchor, so that December and January stay neighbours."""

    def distance(year: int) -> int:
        return abs((date(year, month, min(day, 28)) - anchor).days)

    return min((anchor.year - 1, anchor.year, anchor.year + 1), key=distance)


def exact_anchor(choices: Choices) -> datetime | None:
    """The anchor in UTC when it is a moment and not only a day."""
    return in_utc(choices.anchor, choices.zone) if isinstance(choices.anchor, datetime) else None


class Clock:
    """Reads the times of one file with the choices of one import."""

    def __init__(self, choices: Choices) -> None:
        self.zone = choices.zone
        self.anchor = choices.anchor
        self.without_zone = 0
        self.assumed_day = 0

    def at(self, value: object) -> datetime | None:
        """A told time in UTC; None when the value tells none or one that stands for "not yet"."""
        told = parsed(value)
        if told is None or told.year <= 1:
            return None
        if told.tzinfo is None:
            self.without_zone += 1
        return in_utc(told, self.zone)

    def first(self, *values: object) -> datetime | None:
        return next((at for at in map(self.at, values) if at), None)

    def newest(self, *values: object) -> datetime | None:
        return max((at for at in map(self.at, values) if at), default=None)

    def day(self) -> datetime | None:
        """The start of the day one named, for what tells no time at all."""
        if self.anchor is None:
            return None
        self.assumed_day += 1
        day = self.anchor if isinstance(self.anchor, datetime) else datetime.combine(self.anchor, time.min)
        return in_utc(day, self.zone)

    def assumptions(self, where: str) -> Iterator[Problem]:
        if self.without_zone and self.zone is None:
            yield zone_assumed(where)
        if self.assumed_day:
            yield Problem(
                where,
                f"{self.assumed_day} of its records told no time; set to the start of the day you named",
                "correct the times that matter",
            )
