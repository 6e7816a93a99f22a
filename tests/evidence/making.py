"""Small files in the formats people bring, written by us."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

from secondstory.evidence.importers.record import Choices
from secondstory.evidence.models import Evidence, Import

BEGAN = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)
ALL = Choices()


def message(minute: float, user: str, text: str, **more: Any) -> dict[str, Any]:
    at = BEGAN + timedelta(minutes=minute)
    return {"type": "message", "user": user, "text": text, "ts": f"{at.timestamp():.6f}"} | more


TALK = [
    message(1, "U1", "checkout answers slowly"),
    message(4, "U2", "rolled back the basket release"),
    message(9, "U1", "latency is normal again, password: hunter2-and-more"),
]


def slack_zip(talk: list[dict[str, Any]] | None = None, **private: list[dict[str, Any]]) -> bytes:
    """A Slack export with one public channel, and the private ones named."""
    users = [{"id": "U1", "name": "ana", "profile": {}}, {"id": "U2", "name": "bo", "profile": {}}]
    files = {
        "users.json": users,
        "channels.json": [{"id": "C1", "name": "ops"}],
        "ops/2026-03-09.json": TALK if talk is None else talk,
        "groups.json": [{"id": f"G{name}", "name": name} for name in private],
    } | {f"{name}/2026-03-09.json": said for name, said in private.items()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, json.dumps(content))
    return packed.getvalue()


def pagerduty(minute: float = 2, what: str = "incident.triggered", service: str = "Checkout", number: int = 1) -> bytes:
    at = BEGAN + timedelta(minutes=minute)
    event = {
        "id": f"E{number}{minute}",
        "event_type": what,
        "resource_type": "incident",
        "occurred_at": at.isoformat(),
        "agent": {"summary": "ana", "type": "user_reference"},
        "data": {
            "id": f"Q{number}",
            "title": "Checkout is slow",
            "service": {"summary": service},
            "html_url": f"https://pages.example/incidents/Q{number}",
        },
    }
    return json.dumps({"event": event}).encode()


def lines_of(review: Any) -> list[Evidence]:
    return list(Evidence.objects.for_system("a test's question").filter(review=review).order_by("at", "number"))


def imports_of(review: Any) -> list[Import]:
    return list(Import.objects.for_system("a test's question").filter(review=review).order_by("at"))
