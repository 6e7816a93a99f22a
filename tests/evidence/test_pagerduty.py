from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.evidence.reading import ALL, read, sorted_out, written

from secondstory.evidence.importers.pagerduty import PAGERDUTY
from secondstory.evidence.importers.record import Choices, Kind, Refused, digest_of

INCIDENT = {
    "id": "QINC1",
    "type": "incident",
    "html_url": "https://kestrel.example/incidents/QINC1",
    "number": 41,
    "status": "triggered",
    "title": "Checkout answers slowly",
    "service": {"id": "PSRV1", "type": "service_reference", "summary": "Checkout"},
    "assignees": [{"id": "PUSR1", "type": "user_reference", "summary": "Ana"}],
    "priority": None,
    "urgency": "high",
}


def event(what: str, at: str = "2026-03-04T14:02:11.250Z", **data: Any) -> dict[str, Any]:
    return {
        "event": {
            "id": f"EV-{what}-{at}",
            "event_type": f"incident.{what}",
            "resource_type": "incident",
            "occurred_at": at,
            "agent": {"id": "PUSR1", "type": "user_reference", "summary": "Ana"},
            "client": None,
            "data": data or INCIDENT,
        }
    }


def test_a_trigger_is_an_alert_of_its_service(tmp_path: Path) -> None:
    (record,), problems = read(written(tmp_path, "pd.json", event("triggered")))
    assert problems == []
    assert record.kind is Kind.ALERT
    assert record.at == datetime(2026, 3, 4, 14, 2, 11, 250000, tzinfo=UTC)
    assert record.text == "Triggered: Checkout answers slowly (urgency high; assigned to Ana)"
    assert (record.place, record.service, record.author) == ("PagerDuty · Checkout", "Checkout", "Ana")
    assert (record.link, record.thread) == ("https://kestrel.example/incidents/QINC1", "QINC1")


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("acknowledged", Kind.STATUS),
        ("resolved", Kind.RECOVERY),
        ("escalated", Kind.ALERT),
        ("reopened", Kind.ALERT),
        ("priority_updated", Kind.STATUS),
        ("something_new", Kind.STATUS),
    ],
)
def test_each_event_has_its_kind(tmp_path: Path, what: str, kind: Kind) -> None:
    (record,), _ = read(written(tmp_path, "pd.json", event(what)))
    assert record.kind is kind


def test_a_note_keeps_its_words_and_its_incident(tmp_path: Path) -> None:
    reference = {"id": "QINC1", "type": "incident_reference", "summary": "Checkout answers slowly"}
    note = event("annotated", incident=reference, id="PN1", content="Killed the report query.", type="incident_note")
    (record,), _ = read(written(tmp_path, "pd.json", note))
    assert record.kind is Kind.MESSAGE
    assert record.text == "Annotated: Checkout answers slowly\n\nKilled the report query."
    assert (record.place, record.thread) == ("PagerDuty", "QINC1")


@pytest.mark.parametrize("joined", [json.dumps, lambda many: "\n".join(json.dumps(one) for one in many)])
def test_many_deliveries_come_as_a_list_or_one_a_line(tmp_path: Path, joined: Any) -> None:
    many = [
        event("triggered"),
        event("acknowledged", "2026-03-04T14:05:00Z"),
        event("resolved", "2026-03-04T15:00:00Z"),
    ]
    path = written(tmp_path, "pd.json", joined(many))
    records, problems = read(path)
    assert [record.kind for record in records] == [Kind.ALERT, Kind.STATUS, Kind.RECOVERY]
    assert problems == []
    assert [json.loads(record.original) for record in records] == many
    assert len({digest_of(record) for record in records}) == 3


def test_a_cut_off_list_gives_its_good_part_and_names_the_bad(tmp_path: Path) -> None:
    many = json.dumps([event("triggered"), event("acknowledged", "2026-03-04T14:05:00Z"), event("resolved")])
    records, problems = read(written(tmp_path, "pd.json", many[: len(many) - 120]))
    assert [record.kind for record in records] == [Kind.ALERT, Kind.STATUS]
    assert len(problems) >= 1
    assert all("byte" in problem.where for problem in problems)


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("v2", {"event": "incident.trigger", "log_entries": [], "incident": {"id": "Q"}}),
        ("v1", {"type": "incident.trigger", "data": {"incident": {"id": "Q"}}, "created_on": "2015-02-07T21:42:52Z"}),
    ],
)
def test_an_old_webhook_is_refused_by_its_version(tmp_path: Path, version: str, message: dict[str, Any]) -> None:
    path = written(tmp_path, "pd.json", {"messages": [message]})
    with pytest.raises(Refused) as refusal:
        read(path)
    assert refusal.value.what.startswith(f"PagerDuty webhook {version}")
    assert "v3" in refusal.value.do


def test_an_incident_list_tells_beginnings_and_ends(tmp_path: Path) -> None:
    over = {**INCIDENT, "incident_number": 41, "status": "resolved"}
    over |= {"created_at": "2026-03-04T14:02:00Z", "resolved_at": "2026-03-04T15:00:00Z"}
    backwards = {**over, "id": "QINC2", "resolved_at": "2026-03-04T13:00:00Z"}
    records, problems = read(written(tmp_path, "pd.json", {"incidents": [over, backwards], "more": False}))
    assert [record.kind for record in records] == [Kind.ALERT, Kind.RECOVERY, Kind.ALERT]
    assert [problem.what for problem in problems] == ["its end lies before its start; only the start was taken"]


def test_log_entries_of_the_api_are_read(tmp_path: Path) -> None:
    entry = {
        "id": "R1",
        "type": "acknowledge_log_entry",
        "summary": "Acknowledged by Ana.",
        "created_at": "2026-03-04T14:05:00Z",
        "agent": {"summary": "Ana", "type": "user_reference"},
        "incident": {"id": "QINC1", "summary": "Checkout answers slowly", "type": "incident_reference"},
        "service": {"summary": "Checkout"},
    }
    (record,), _ = read(written(tmp_path, "pd.json", {"log_entries": [entry], "limit": 25}))
    assert record.text == "Acknowledged by Ana.: Checkout answers slowly"
    assert record.place == "PagerDuty · Checkout"


@pytest.mark.parametrize("year", ["1970", "2100"])
def test_a_time_no_clock_had_is_a_problem(tmp_path: Path, year: str) -> None:
    many = [event("triggered", f"{year}-01-01T00:00:00Z"), event("resolved")]
    records, problems = read(written(tmp_path, "pd.json", many))
    assert [record.kind for record in records] == [Kind.RECOVERY]
    assert [year in problem.what for problem in problems] == [True]


def test_without_a_time_the_arrival_of_a_webhook_stands_in() -> None:
    arrived = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)
    raw = json.dumps(event("triggered", at="")).encode()
    (record,), _ = sorted_out(PAGERDUTY.received(raw, ALL, arrived))
    assert record.at == arrived


def test_without_a_time_and_an_anchor_it_is_refused_with_that_reason(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no time in it, and no date was given"):
        read(written(tmp_path, "pd.json", event("triggered", at="")))


def test_only_the_chosen_window_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path, "pd.json", [event("triggered"), event("resolved", "2026-03-05T14:00:00Z")])
    records, _ = read(path, Choices(until=datetime(2026, 3, 4, 20, tzinfo=UTC)))
    assert [record.kind for record in records] == [Kind.ALERT]
    (place,) = PAGERDUTY.places(path, ALL)
    assert (place.name, place.records) == ("PagerDuty · Checkout", 2)
