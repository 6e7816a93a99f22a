"""A database as the migrations make it, made once for all workers of a run; what starts an installation copies it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg

TOP = Path(__file__).parents[1]
NAME = "secondstory.sqlite3"
PATTERN = "migrated_to_copy"


def migrated_in(folder: Path) -> Path:
    """The SQLite file in `folder`."""
    _once(folder, "done", lambda: _migrate(folder, {}))
    left = [each.name for each in folder.glob(f"{NAME}-*")]
    assert not left, f"not all of the database is in one file: {left}"
    return folder / NAME


def migrated_database(folder: Path, server: str) -> str:
    """The name of a database on the PostgreSQL server that nobody is connected to."""

    def make() -> None:
        with psycopg.connect(server, autocommit=True) as database:
            database.execute(f"DROP DATABASE IF EXISTS {PATTERN}")
            database.execute(f"CREATE DATABASE {PATTERN}")
        _migrate(folder, {"DATABASE_URL": address_of(PATTERN, server)})

    _once(folder, PATTERN, make)
    return PATTERN


def address_of(name: str, server: str) -> str:
    """Another database on the PostgreSQL server that the address `server` leads to."""
    return f"{server.rpartition('/')[0]}/{name}"


def _once(folder: Path, what: str, make: Callable[[], None]) -> None:
    """Whoever asks first makes it, the others wait."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / what).exists():
            make()
            (folder / what).touch()


def _migrate(folder: Path, given: dict[str, str]) -> None:
    ours = ("SECONDSTORY", "DATABASE", "DJANGO")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    given = {"SECONDSTORY_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "secondstory.site.settings"} | given
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=kept | given | {"PYTHONPATH": str(TOP / "src")}, check=True)
