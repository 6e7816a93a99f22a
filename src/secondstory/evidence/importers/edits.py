"""Whether a message was worded otherwise at first: exports keep the last wording in the place of the first."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from secondstory.evidence.importers.times import BadTime, from_seconds

# The message was edited, and nothing says when: its wording cannot be put at any time.
SOME_TIME = datetime.max.replace(tzinfo=UTC)
_PASTED = re.compile(r"\(edited\)\s*$|^Edited$", re.IGNORECASE | re.MULTILINE)
_SAID = re.compile(r'"edit(?:ed|_at)"\s*:\s*(?!null|false|0\b|"")')


def last_edit(format_: str, original: str) -> datetime | None:
    """When a message got the wording it has; None if it never had another."""
    if format_ == "pasted":
        return SOME_TIME if _PASTED.search(original) else None
    if format_ not in {"slack", "mattermost"} or not _SAID.search(original):
        return None
    try:
        payload = json.loads(original)
    except ValueError:
        return SOME_TIME
    return (_slack if format_ == "slack" else _mattermost)(payload)


def _slack(payload: Any) -> datetime | None:
    """A record of the edit itself came with the edit: it never had another wording."""
    if not isinstance(payload, dict) or payload.get("subtype") in {"message_changed", "message_deleted"}:
        return None
    if "edited" not in payload:
        return None
    edited = payload["edited"]
    return _at(edited.get("ts") if isinstance(edited, dict) else None, 1)


def _mattermost(payload: Any) -> datetime | None:
    post = payload.get(payload["type"]) if isinstance(payload, dict) and isinstance(payload.get("type"), str) else None
    post = post if isinstance(post, dict) else payload
    edited = post.get("edit_at") if isinstance(post, dict) else None
    return _at(edited, 1000) if edited else None


def _at(given: Any, parts: int) -> datetime:
    try:
        return from_seconds(float(given) / parts)
    except (BadTime, TypeError, ValueError):
        return SOME_TIME
