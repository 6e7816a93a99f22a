from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.evidence.reading import ALL, read, sorted_out, written

from secondstory.evidence.importers.alertmanager import ALERTMANAGER
from secondstory.evidence.importers.record import Kind, Refused, digest_of

NEVER = "0001-01-01T00:00:00Z"


def alert(
    status: str = "firing", started: str = "2026-03-04T14:00:00.123456789Z", ended: str = NEVER
) -> dict[str, Any]:
    return {
        "status": status,
        "labels": {"alertname": "QueueTooLong", "service": "checkout", "severity": "page"},
        "annotations": {"summary": "12,000 orders wait", "description": "The queue grows since ten minutes."},
        "startsAt": started,
        "endsAt": ended,
        "generatorURL": "https://prometheus.example/graph?g0.expr=queue",
        "fingerprint": "a1b2c3d4e5f60718",
    }


def payload(*alerts: dict[str, Any], version: str = "4") -> dict[str, Any]:
    return {
        "version": version,
        "groupKey": '{}:{alertname="QueueTooLong"}',
        "status": "firing",
        "receiver": "on-call",
        "groupLabels": {"alertname": "QueueTooLong"},
        "commonLabels": {},
        "commonAnnotations": {},
        "externalURL": "https://alertmanager.example",
        "alerts": list(alerts),
    }


def test_each_alert_is_one_record(tmp_path: Path) -> None:
    path = written(tmp_path, "am.json", payload(alert(), alert("resolved", ended="2026-03-04T14:45:00Z")))
    (firing, resolved), problems = read(path)
    assert problems == []
    assert (firing.kind, firing.at) == (Kind.ALERT, datetime(2026, 3, 4, 14, 0, 0, 123456, tzinfo=UTC))
    assert (resolved.kind, resolved.at) == (Kind.RECOVERY, datetime(2026, 3, 4, 14, 45, tzinfo=UTC))
    assert firing.text.startswith("Firing: QueueTooLong: 12,000 orders wait\n\nThe queue grows")
    assert resolved.text.startswith("Resolved: QueueTooLong: 12,000 orders wait (firing since 2026-03-04 14:00:00 UTC)")
    assert (firing.place, firing.service) == ("Alertmanager · checkout", "checkout")
    assert firing.thread == resolved.thread == "a1b2c3d4e5f60718"


def test_a_repeated_notification_adds_nothing(tmp_path: Path) -> None:
    (first,), _ = read(written(tmp_path, "1.json", payload(alert())))
    (again,), _ = read(written(tmp_path, "2.json", {**payload(alert()), "groupKey": "another"}))
    assert digest_of(first) == digest_of(again)


def test_an_end_that_is_not_told_is_not_guessed(tmp_path: Path) -> None:
    (record,), _ = read(written(tmp_path, "am.json", payload(alert("resolved"))))
    assert record.kind is Kind.ALERT
    assert "resolved since; when is not told" in record.text


def test_for_a_webhook_the_end_not_told_is_its_arrival() -> None:
    arrived = datetime(2026, 3, 4, 15, 1, tzinfo=UTC)
    (record,), _ = sorted_out(ALERTMANAGER.received(json.dumps(payload(alert("resolved"))).encode(), ALL, arrived))
    assert (record.kind, record.at) == (Kind.RECOVERY, arrived)


def test_an_end_before_the_start_is_a_problem_and_the_start_is_kept(tmp_path: Path) -> None:
    (record,), (problem,) = read(written(tmp_path, "am.json", payload(alert("resolved", ended="2026-03-04T13:00:00Z"))))
    assert record.at == datetime(2026, 3, 4, 14, 0, 0, 123456, tzinfo=UTC)
    assert "ends before it starts" in problem.what


@pytest.mark.parametrize("version", ["1", "2", "3"])
def test_an_older_payload_is_refused_by_its_version(tmp_path: Path, version: str) -> None:
    with pytest.raises(Refused, match=f"Alertmanager webhook version {version}"):
        read(written(tmp_path, "am.json", payload(alert(), version=version)))


def test_grafana_in_the_same_clothes_is_not_taken(tmp_path: Path) -> None:
    grafana = {**payload(alert(), version="1"), "orgId": 1, "title": "[FIRING:1]", "state": "alerting"}
    with pytest.raises(Refused, match="not this product"):
        read(written(tmp_path, "grafana.json", grafana))


def test_alerts_as_the_api_lists_them_are_read(tmp_path: Path) -> None:
    listed = [{**alert(), "status": {"state": "active", "silencedBy": [], "inhibitedBy": []}}]
    (record,), _ = read(written(tmp_path, "alerts.json", listed))
    assert record.kind is Kind.ALERT
