"""What people may be called and how long their ways in stay open."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import available_timezones

INVITATION_LASTS = timedelta(days=7)
TOKEN_LASTS_AT_MOST = timedelta(days=366)
# How long what was shared with nobody stays closed after somebody else may have changed how its author signs in.
SEALED_FOR = timedelta(days=7)
COMMON_ZONES = (
    *("UTC", "Europe/London", "Europe/Berlin", "Europe/Helsinki", "America/New_York", "America/Chicago"),
    *("America/Denver", "America/Los_Angeles", "America/Sao_Paulo", "Africa/Lagos", "Africa/Johannesburg"),
    *("Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland"),
)


class Taken(Exception):
    """Somebody signs in with this address, or something has this name, already."""


def zones() -> list[str]:
    """Every time zone by name, the ones most people need first."""
    rest = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix/")))
    return [*COMMON_ZONES, *(zone for zone in rest if zone not in COMMON_ZONES)]


def handles_in(text: str) -> list[str]:
    """Handles from what somebody typed: one a line or parted by commas, without the @."""
    words = (word.strip().lstrip("@") for word in text.replace(",", "\n").splitlines())
    return list(dict.fromkeys(word for word in words if word))


def may_be_somebody_elses(*, signed_in: bool, sealed: bool, had_proof: bool, gave_proof: bool) -> bool:
    """Whether a change of sign-in could be the work of another.

    The person is believed when signed in while nothing is sealed; whoever has a passkey, an authenticator app or
    recovery codes from before this sitting must have used one in it, since a password can be had in other ways.
    """
    return not signed_in or sealed or (had_proof and not gave_proof)
