"""What an action may be. Knows no Django."""

from __future__ import annotations

LONGEST_WORDING = 5_000
LONGEST_LINE = 300


def problem_of(wording: str, success_metric: str, state: str, declined_because: str) -> str:
    """The code of what is wrong with an action, or nothing."""
    if not wording.strip():
        return "empty"
    if len(wording) > LONGEST_WORDING or len(success_metric) > LONGEST_LINE or len(declined_because) > LONGEST_LINE:
        return "too_long"
    if state == "declined" and not declined_because.strip():
        return "no_reason"
    return ""
