"""What one person did last in triage, kept in their session so that it can be taken back step by step."""

from __future__ import annotations

from typing import Any

from secondstory.reviews.models import Review
from secondstory.timeline import changes, triage_changes
from secondstory.timeline.models import Moment

MOST_STEPS = 50
Step = dict[str, Any]


def accepted(moments: list[Moment], numbers: list[int]) -> Step:
    return {"moments": {moment.pk: moment.version for moment in moments}, "lines": numbers}


def dismissed(numbers: list[int]) -> Step:
    return {"lines": numbers}


def remember(session: Any, review_id: str, step: Step) -> None:
    session[_key(review_id)] = [*session.get(_key(review_id), []), step][-MOST_STEPS:]


def last(session: Any, review_id: str) -> Step | None:
    steps = session.get(_key(review_id), [])
    return steps[-1] if steps else None


def take(session: Any, review_id: str) -> Step | None:
    """The last step, which is then forgotten."""
    steps = session.get(_key(review_id), [])
    session[_key(review_id)] = steps[:-1]
    return steps[-1] if steps else None


def undo(review: Review, by: Any, step: Step) -> None:
    """Takes a step back; raises Conflict for a moment that was changed since."""
    if "moments" in step:
        changes.remove_all(step["moments"], by)
    else:
        triage_changes.undismiss(review, by, step["lines"])


def _key(review_id: str) -> str:
    return f"triage:{review_id}"
