"""Prometheus Alertmanager: webhook payloads of version 4, and alerts as its API lists them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from secondstory.evidence.importers.deliveries import (
    Deliveries,
    Delivery,
    Payload,
    moment,
    no_time,
    part,
    said,
    titled,
)
from secondstory.evidence.importers.record import Kind, Problem, Record, Refused

UPGRADE = "upgrade Alertmanager to 0.5 or newer, which sends version 4"
_SERVICE_LABELS = ("service", "job", "app", "namespace", "instance", "host")


def fits(payload: Payload) -> int:
    """How surely an object is Alertmanager's. Grafana sends a look-alike with its organisation in it."""
    if "orgId" in payload or "dashboardUrl" in payload:
        return 0
    if isinstance(payload.get("alerts"), list) and "receiver" in payload and "version" in payload:
        return 97
    if isinstance(payload.get("alert"), list) and payload.get("version") in {"1", "2"}:
        return 90
    return 95 if "fingerprint" in payload and "startsAt" in payload and "labels" in payload else 0


def tell(delivery: Delivery) -> Iterator[Record | Problem]:
    """One record an alert: when it began to fire, or when it ended."""
    payload = delivery.payload
    if "fingerprint" in payload:
        yield from _alert(delivery, payload, delivery.raw)
        return
    version = said(payload.get("version"))
    if version != "4":
        raise Refused(f"Alertmanager webhook version {version}: only version 4 is read", UPGRADE)
    for alert, raw in delivery.parts("alerts"):
        yield from _alert(delivery, alert, raw)


def _alert(delivery: Delivery, alert: Payload, raw: bytes) -> Iterator[Record | Problem]:
    began, ended = (delivery.clock.at(alert.get(key)) for key in ("startsAt", "endsAt"))
    resolved = _status(alert) == "resolved"
    if resolved and began and ended and ended < began:
        yield Problem(
            delivery.where, "an alert ends before it starts; its start was taken", "correct the times that matter"
        )
        ended = None
    over = (ended or delivery.arrived) if resolved else None
    at = over or began or moment(delivery, ())
    if at is None:
        yield no_time(delivery)
        return
    yield _record(alert, raw, at=at, over=over is not None, began=began)


def _status(alert: Payload) -> str:
    """Webhooks say firing or resolved; the API says active, suppressed or unprocessed."""
    status = alert.get("status")
    return said(status.get("state")) if isinstance(status, dict) else said(status)


def _record(alert: Payload, raw: bytes, *, at: datetime, over: bool, began: datetime | None) -> Record:
    labels, notes = part(alert, "labels"), part(alert, "annotations")
    service = next((said(labels[name]) for name in _SERVICE_LABELS if labels.get(name)), "")
    return Record(
        at=at,
        author="Alertmanager",
        text=titled(_headline(alert, began, over=over), _body(labels, notes)),
        place=f"Alertmanager · {service}" if service else "Alertmanager",
        kind=Kind.RECOVERY if over else Kind.ALERT,
        original=raw,
        thread=said(alert.get("fingerprint")),
        link=said(alert.get("generatorURL")),
        service=service,
    )


def _headline(alert: Payload, began: datetime | None, *, over: bool) -> str:
    labels, notes = part(alert, "labels"), part(alert, "annotations")
    name = said(labels.get("alertname")) or "Alert"
    summary = said(notes.get("summary") or notes.get("message"))
    about = f"{name}: {summary}" if summary and summary != name else name
    if over:
        since = f" (firing since {began:%Y-%m-%d %H:%M:%S} UTC)" if began else ""
        return f"Resolved: {about}{since}"
    if _status(alert) == "resolved":
        return f"Firing: {about} (resolved since; when is not told)"
    return f"Firing: {about}"


def _body(labels: Payload, notes: Payload) -> str:
    told = [said(notes[name]) for name in ("description", "runbook_url") if notes.get(name)]
    listed = ", ".join(f"{name}={said(value)}" for name, value in labels.items() if name != "alertname")
    return "\n".join([*told, listed])


ALERTMANAGER = Deliveries("alertmanager", "Alertmanager", fits, tell)
