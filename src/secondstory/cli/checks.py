"""What `secondstory check` looks at."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from secondstory.sealing import ledger
from secondstory.sealing.boxes import look_through
from secondstory.sealing.keys import KeyMissing, Unreadable, from_environment


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `matters` when nothing should go on without it."""

    what: str
    fine: bool
    do: str = ""
    matters: bool = True


def all_of_them() -> Iterator[Finding]:
    """Each finding in turn; the database first, since the rest asks it."""
    database = _database()
    yield database
    if database.fine:
        yield _migrations()
        yield from _sealed()
    yield _key_file()
    yield _ledger()
    yield _pages()
    yield _mail()
    yield _pdf()


def _database() -> Finding:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return Finding(f"database: {type(error).__name__}", fine=False, do="Is DATABASE_URL right and the server up?")
    return Finding(f"database: {connection.vendor}", fine=True)


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Finding("database is of this version", fine=not waiting, do="`secondstory serve` brings it up to date")


def _sealed() -> Iterator[Finding]:
    try:
        looked = look_through()
    except (KeyMissing, Unreadable) as unreadable:
        yield Finding(f"keys: {unreadable}", fine=False, do=f"put the key file back at {settings.KEY_FILE}")
        return
    lost, ids = looked.missing.total(), ", ".join(sorted(looked.missing))
    what = (
        f"{lost:,} of {looked.rows:,} sealed rows lie under keys that are not here"
        if lost
        else "keys fit what is sealed"
    )
    do = (
        f"put the key file with {ids} at {settings.KEY_FILE}. Without it nobody can open them, ever; the rest is not"
        " harmed. docs/operate/keys.md says how to go on"
    )
    yield Finding(what, fine=not lost, do=do if lost else "")
    if looked.moved:
        do = "in the database, past this program: they stay shut. A backup from before has them as they were"
        yield Finding(
            f"{looked.moved:,} sealed rows were moved, or what they are bound to was changed", fine=False, do=do
        )


def _ledger() -> Finding:
    if damaged := ledger.damaged():
        do = f"a crash cuts at most one line short, whose change then did not stand; for more, look at {settings.LEDGER_FILE}"
        return Finding(f"ledger: {damaged:,} lines cannot be read", fine=False, do=do, matters=damaged > 1)
    return _private("ledger", settings.LEDGER_FILE)


def _key_file() -> Finding:
    if from_environment():
        return Finding("keys are in the environment", fine=True)
    return _private("key file", settings.KEY_FILE)


def _private(what: str, path: Path) -> Finding:
    if not path.exists():
        return Finding(what, fine=True, do="is made when it is first needed")
    open_to_others = bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    return Finding(f"{what} is its owner's alone", fine=not open_to_others, do=f"chmod 600 {path}")


def _pages() -> Finding:
    built = settings.HERE / "static" / "built" / "manifest.json"
    return Finding("styles and scripts are built", fine=built.exists(), do="`make setup` builds them")


def _mail() -> Finding:
    ready = bool(settings.EMAIL_HOST) or "smtp" not in settings.EMAIL_BACKEND
    do = "invitations wait in the outbox until SECONDSTORY_SMTP_HOST is set"
    return Finding("mail", fine=ready, do="" if ready else do, matters=False)


def _pdf() -> Finding:
    there = find_spec("weasyprint") is not None
    return Finding("PDF export", fine=there, do="" if there else "pip install 'secondstory[pdf]'", matters=False)
