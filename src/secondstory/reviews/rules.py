"""Which times a kind of review has, and which orders cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

KEY_TIMES: dict[str, tuple[str, ...]] = {
    "incident": ("started", "detected", "mitigated", "resolved"),
    "near_miss": ("started", "detected", "mitigated", "resolved"),
    "delivery": ("promised", "first_sign", "said_aloud", "replanned", "delivered"),
    "success": ("started", "noticed", "acted", "finished"),
}
# What was promised for a day may come before or after every sign that it would not be.
IN_NO_ORDER = {"promised"}
EARLIEST_YEAR = 1990
DELETION_WAIT = timedelta(days=7)
GUEST_DAYS = 14
MOST_GUEST_DAYS = 90


class Refused(Exception):
    """A change that cannot be; its words are for the person who asked for it."""


def out_of_order(kind: str, times: Mapping[str, datetime]) -> list[tuple[str, str]]:
    """Pairs (earlier, later) of key times that stand the wrong way round. Unknown times contradict nothing."""
    known = [name for name in KEY_TIMES[kind] if name in times and name not in IN_NO_ORDER]
    pairs = []
    for number, later in enumerate(known):
        before = [name for name in known[:number] if times[name] > times[later]]
        if before:
            pairs.append((before[-1], later))
    return pairs


def is_likely(at: datetime, now: datetime) -> bool:
    """Whether a time can be meant: 1970 and 2100 are what broken clocks and typing slips say."""
    return EARLIEST_YEAR <= at.year <= now.year + 1


@cache
def zones() -> tuple[str, ...]:
    """Every time zone by name; asked once, for it reads a whole folder."""
    return tuple(sorted(available_timezones()))


def zone_named(name: str) -> ZoneInfo:
    """The zone of that name; UTC when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
