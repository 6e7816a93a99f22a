"""How long somebody's unshared parts stay closed, kept in the ledger: whoever writes into the database cannot end it."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from secondstory.sealing import ledger

CLOSED = "people.closed"
OPENED = "people.opened"


def note_closed(person_id: str, until: datetime) -> None:
    """Closed until then. Called last in the transaction."""
    ledger.record(CLOSED, [person_id], timezone.now(), until=until.isoformat())


def note_opened(person_id: str) -> None:
    """Nothing is closed any longer. Called last in the transaction."""
    ledger.record(OPENED, [person_id], timezone.now())


def closed_until(person_id: str) -> datetime | None:
    """Until when, or None when it was never closed or has been opened since."""
    closed, opened = ledger.newest(CLOSED, person_id), ledger.newest(OPENED, person_id)
    if closed is None or (opened and opened.at > closed.at):
        return None
    return datetime.fromisoformat(closed.what["until"])
