"""PagerDuty: webhooks v3, and incidents or log entries as its API lists them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from secondstory.evidence.importers.deliveries import Deliveries, Delivery, Payload, moment, no_time, part, said, titled
from secondstory.evidence.importers.record import Kind, Problem, Record, Refused

EXPORT_V3 = "set the webhook to v3 in PagerDuty, or export the log entries of the incident by its API"
_ENTRY = "_log_entry"
_KINDS = {
    "triggered": Kind.ALERT,
    "reopened": Kind.ALERT,
    "escalated": Kind.ALERT,
    "resolved": Kind.RECOVERY,
    "annotated": Kind.MESSAGE,
}
_ENTRY_KINDS = {
    "trigger": Kind.ALERT,
    "reopen": Kind.ALERT,
    "escalate": Kind.ALERT,
    "resolve": Kind.RECOVERY,
    "annotate": Kind.MESSAGE,
}


def old_version(payload: Payload) -> str:
    """The name of a webhook version before v3, or nothing."""
    messages = payload.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    if not isinstance(first, dict):
        return ""
    if "event" in first and ("incident" in first or "log_entries" in first):
        return "v2"
    if str(first.get("type", "")).startswith("incident.") and "incident" in part(first, "data"):
        return "v1"
    return ""


def fits(payload: Payload) -> int:
    """How surely an object is PagerDuty's."""
    event = part(payload, "event")
    if "event_type" in event and ("occurred_at" in event or "resource_type" in event):
        return 98
    if old_version(payload):
        return 95
    if said(payload.get("type")).endswith(_ENTRY) and "created_at" in payload:
        return 95
    return 90 if payload.get("type") == "incident" and "incident_number" in payload else 0


def tell(delivery: Delivery) -> Iterator[Record | Problem]:
    """One record a webhook event or log entry; an incident tells its beginning and, when resolved, its end."""
    payload = delivery.payload
    if old := old_version(payload):
        raise Refused(f"PagerDuty webhook {old}: only v3 is read", EXPORT_V3)
    if "event" in payload:
        yield _event(delivery, part(payload, "event"))
    elif payload.get("type") == "incident":
        yield from _incident(delivery)
    else:
        yield _log_entry(delivery)


def _event(delivery: Delivery, event: Payload) -> Record | Problem:
    data = part(event, "data")
    incident = part(data, "incident") or data
    what = said(event.get("event_type")).rpartition("incident.")[2]
    title = said(incident.get("title") or incident.get("summary"))
    at = moment(delivery, (event.get("occurred_at"),))
    if at is None:
        return no_time(delivery)
    return Record(
        at=at,
        author=_agent(event),
        text=titled(_headline(what, title, data), data.get("content") or data.get("message")),
        place=_place(incident),
        kind=_KINDS.get(what, Kind.STATUS),
        original=delivery.raw,
        thread=said(incident.get("id")),
        link=said(incident.get("html_url")),
        service=_service(incident),
    )


def _headline(what: str, title: str, data: Payload) -> str:
    """What happened to which incident, with what the event is about: urgency, priority, whom it went to."""
    told = f"{what.replace('.', ' ').replace('_', ' ').capitalize()}: {title}" if title else what
    asked = said(part(data, "user").get("summary"))
    assignees = ", ".join(said(one.get("summary")) for one in data.get("assignees") or () if isinstance(one, dict))
    details = {
        "urgency": said(data.get("urgency")) if what == "triggered" else "",
        "priority": said(part(data, "priority").get("summary")),
        "asked": asked,
        "assigned to": assignees if what in {"triggered", "reassigned", "escalated", "delegated"} else "",
    }
    more = "; ".join(f"{name} {value}" for name, value in details.items() if value)
    return f"{told} ({more})" if more else told


def _agent(entry: Payload) -> str:
    return said(part(entry, "agent").get("summary") or part(entry, "client").get("name") or "PagerDuty")


def _service(incident: Payload) -> str:
    return said(part(incident, "service").get("summary") or part(incident, "service").get("name"))


def _place(incident: Payload) -> str:
    service = _service(incident)
    return f"PagerDuty · {service}" if service else "PagerDuty"


def _log_entry(delivery: Delivery) -> Record | Problem:
    entry = delivery.payload
    incident = part(entry, "incident")
    carrier = entry if part(entry, "service") else incident
    at = moment(delivery, (entry.get("created_at"),))
    if at is None:
        return no_time(delivery)
    what = said(entry.get("type")).removesuffix(_ENTRY)
    note = said(part(entry, "channel").get("summary") or part(entry, "channel").get("content"))
    title = said(incident.get("title") or incident.get("summary"))
    return Record(
        at=at,
        author=_agent(entry),
        text=titled(": ".join(filter(None, (said(entry.get("summary")) or what, title))), note),
        place=_place(carrier),
        kind=_ENTRY_KINDS.get(what, Kind.STATUS),
        original=delivery.raw,
        thread=said(incident.get("id")),
        link=said(entry.get("html_url") or incident.get("html_url")),
        service=_service(carrier),
    )


def _incident(delivery: Delivery) -> Iterator[Record | Problem]:
    incident = delivery.payload
    began = moment(delivery, (incident.get("created_at"),))
    ended = delivery.clock.at(incident.get("resolved_at")) if incident.get("status") == "resolved" else None
    if began is None:
        yield no_time(delivery)
        return
    yield _turn(delivery, "triggered", began)
    if ended and ended < began:
        yield Problem(
            delivery.where, "its end lies before its start; only the start was taken", "correct the times that matter"
        )
    elif ended:
        yield _turn(delivery, "resolved", ended)


def _turn(delivery: Delivery, what: str, at: datetime) -> Record:
    incident = delivery.payload
    resolver = said(part(incident, "last_status_change_by").get("summary"))
    return Record(
        at=at,
        author=(resolver if what == "resolved" else "") or "PagerDuty",
        text=_headline(what, said(incident.get("title") or incident.get("summary")), incident),
        place=_place(incident),
        kind=_KINDS[what],
        original=delivery.raw,
        thread=said(incident.get("id")),
        link=said(incident.get("html_url")),
        service=_service(incident),
    )


PAGERDUTY = Deliveries("pagerduty", "PagerDuty", fits, tell, lists=("log_entries", "incidents"))
