"""Times as evidence has them: made aware, in UTC, and believable."""

from __future__ import annotations

from datetime import UTC, datetime

from secondstory.evidence.importers.record import Choices, Problem

EARLIEST = datetime(1972, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)


class BadTime(ValueError):
    """A time that cannot be, or cannot be believed; its text says why in a few words."""


def believable(at: datetime) -> datetime:
    """The same time, unless it lies in 1971 or before, or in 2100 or after: then a clock was not set."""
    if EARLIEST <= at < LATEST:
        return at
    raise BadTime(f"a time in the year {at.year} is not believable")


def from_seconds(seconds: float | str) -> datetime:
    """A believable time from seconds since 1970."""
    try:
        at = datetime.fromtimestamp(float(seconds), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise BadTime("not a time") from None
    return believable(at)


def in_utc(at: datetime, choices: Choices) -> datetime:
    """A believable time in UTC; one without a zone is in the zone that was chosen, or else in UTC."""
    if at.tzinfo is None:
        at = at.replace(tzinfo=choices.zone or UTC)
    try:
        return believable(at.astimezone(UTC))
    except OverflowError:
        raise BadTime("not a time") from None


def bad_time(where: str, error: BadTime) -> Problem:
    """What to tell about a record that is left out for its time."""
    return Problem(where, str(error), "left out; correct the time in the source if it matters")


def zone_assumed(where: str) -> Problem:
    """Said once for a source whose times have no zone, when none was chosen."""
    return Problem(
        where, "its times have no zone; taken as UTC", "choose the zone they were written in and import again"
    )
