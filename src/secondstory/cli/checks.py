"""What `secondstory check` looks at."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError

from secondstory.sealing.keys import KeyMissing
from secondstory.sealing.seal import opened


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
        yield _keys()
    yield _key_file()
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


def _keys() -> Finding:
    from secondstory.evidence.models import Hook

    hook = Hook.objects.for_system("does the key fit").order_by("created_at").first() if _has_tables() else None
    if hook is None:
        return Finding("keys fit what is sealed (nothing is sealed yet)", fine=True)
    try:
        opened(hook.sealed_secret, f"hook:{hook.pk}")
    except KeyMissing:
        return Finding("keys fit what is sealed", fine=False, do=f"put the right key file at {settings.KEY_FILE}")
    return Finding("keys fit what is sealed", fine=True)


def _has_tables() -> bool:
    return "evidence_hook" in connection.introspection.table_names()


def _key_file() -> Finding:
    if not settings.KEY_FILE.exists():
        return Finding("key file", fine=True, do="is made at the first start")
    open_to_others = bool(settings.KEY_FILE.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    return Finding("key file is its owner's alone", fine=not open_to_others, do=f"chmod 600 {settings.KEY_FILE}")


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
