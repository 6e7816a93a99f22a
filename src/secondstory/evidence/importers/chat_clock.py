"""Times of day turned into moments: from a day that was said or chosen, forward over midnight."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

from secondstory.evidence.importers.record import Choices, Refused
from secondstory.evidence.importers.times import BadTime, believable

# Lines slip by minutes or an hour when people write things up; from evening to early morning is another day.
_ANOTHER_DAY = timedelta(hours=6)
_HALF_A_DAY = 12
_ZONES = {"UTC": 0, "GMT": 0, "Z": 0, "BST": 1, "CET": 1, "CEST": 2, "EST": -5, "EDT": -4, "PST": -8, "PDT": -7}
_OFFSET = re.compile(r"^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?$")


def no_day(where: str) -> Refused:
    """When a source tells times of day only, and nobody said which day."""
    return Refused(f"no time and no anchor: {where} tells times of day, but no date", "say the date it begins on")


class ChatClock:
    """The day a chat has reached, and the last time of day told."""

    def __init__(self, choices: Choices, day: date | None, where: str) -> None:
        self.zone: tzinfo | None = choices.zone
        self.day = day
        self.forward = True
        self.half_days = False
        self.zone_told = choices.zone is not None
        self._where = where
        self._last: datetime | None = None

    def begin_day(self, day: date) -> None:
        """From here on, times belong to this day."""
        self.day = day
        self._last = None

    def moment(self, told: str, half: str = "", zone: str = "", day: date | None = None) -> datetime:
        """The moment of a time of day ("16.07", "2:05:10"), BadTime when there is no such time."""
        clock = _time_of(told, half)
        if day is not None:
            self.begin_day(day)
        if self.day is None:
            raise no_day(self._where)
        at = datetime.combine(self.day, clock)
        if not half and self.half_days:
            at = self._likelier_half(at)
        if self.forward and self._last is not None and self._last - at > _ANOTHER_DAY:
            at += timedelta(days=1)
            self.day = at.date()
        self._last = at
        return self._in_utc(at, zone)

    def _likelier_half(self, at: datetime) -> datetime:
        """Take the afternoon for a bare "2:06" that follows "2:05 PM"."""
        later = at + timedelta(hours=12)
        if self._last is None or at.hour >= _HALF_A_DAY or at >= self._last:
            return at
        return later if later >= self._last else at

    def _in_utc(self, at: datetime, zone: str) -> datetime:
        self.zone_told = self.zone_told or bool(zone)
        try:
            return believable(at.replace(tzinfo=zone_called(zone) or self.zone or UTC).astimezone(UTC))
        except OverflowError:
            raise BadTime("not a time") from None


@lru_cache(maxsize=10_000)
def _time_of(told: str, half: str) -> time:
    hour, minute, second = [*(int(part) for part in re.findall(r"\d+", told)[:3]), 0, 0][:3]
    if half:
        if not 1 <= hour <= _HALF_A_DAY:
            raise BadTime("no such time of day")
        hour = hour % _HALF_A_DAY + (_HALF_A_DAY if half[0] in "pP" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise BadTime("no such time of day") from None


@lru_cache(maxsize=256)
def zone_called(name: str) -> tzinfo | None:
    """The zone of an abbreviation or offset, None for one that is not known."""
    if name.upper() in _ZONES:
        return timezone(timedelta(hours=_ZONES[name.upper()]))
    match = _OFFSET.match(name.upper())
    if not match:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(offset if match[1] == "+" else -offset) if offset < timedelta(hours=15) else None
