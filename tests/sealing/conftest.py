from __future__ import annotations

import json
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.migrated import address_of, migrated_database, migrated_in

ROOT = Path(__file__).parents[2]


@pytest.fixture
def key_file(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key file and a ledger of the test's own. To be asked for before anything is sealed."""
    monkeypatch.delenv("SECONDSTORY_KEYS", raising=False)
    settings.KEY_FILE = tmp_path / "keys"
    settings.LEDGER_FILE = tmp_path / "keys.ledger"
    return Path(settings.KEY_FILE)


@dataclass(frozen=True, slots=True)
class House:
    """A data folder and a database of the test's own, used by processes of their own."""

    folder: Path
    environment: dict[str, str]

    def do(self, action: str, *arguments: object) -> Any:
        with self.start(action, *arguments) as process:
            return self.answer(process)

    def start(self, action: str, *arguments: object) -> subprocess.Popen[str]:
        return self._run("tests.sealing.house", action, *map(str, arguments))

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        return self._run("secondstory", *arguments)

    def _run(self, *what: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", *what],
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def answer(self, process: subprocess.Popen[str]) -> Any:
        told, wrong = process.communicate(timeout=120)
        assert process.returncode == 0, wrong
        return json.loads(told.splitlines()[-1])

    def key_ids(self) -> list[str]:
        return [line.partition(":")[0] for line in (self.folder / "keys").read_text().splitlines()]

    def letters_under(self, key: str) -> int:
        statement = f"SELECT count(*) FROM notify_letter WHERE sealed_address LIKE '{key}:%'"
        if address := self.environment.get("DATABASE_URL"):
            with psycopg.connect(address, autocommit=True) as database:
                found = database.execute(statement).fetchone()
        else:
            with closing(sqlite3.connect(self.folder / "secondstory.sqlite3", timeout=10)) as file:
                found = file.execute(statement).fetchone()
        return int(found[0]) if found else 0


@contextmanager
def a_house(folder: Path, patterns: Path) -> Iterator[House]:
    """A fresh installation on the kind of database the tests run on, a copy of the migrated one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SECONDSTORY", "DJANGO"))}
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = kept | {"SECONDSTORY_DATA": str(folder), "PYTHONPATH": paths}
    if server := environment.pop("DATABASE_URL", ""):
        with _database_of_its_own(server, patterns) as address:
            yield House(folder, environment | {"DATABASE_URL": address})
    else:
        shutil.copy(migrated_in(patterns), folder)
        yield House(folder, environment)


@pytest.fixture
def house(tmp_path: Path, patterns: Path) -> Iterator[House]:
    with a_house(tmp_path, patterns) as one:
        yield one


@contextmanager
def _database_of_its_own(server: str, patterns: Path) -> Iterator[str]:
    name = f"house_{secrets.token_hex(4)}"
    pattern = migrated_database(patterns, server)
    with psycopg.connect(server, autocommit=True) as database:
        database.execute(f"CREATE DATABASE {name} TEMPLATE {pattern}")
        try:
            yield address_of(name, server)
        finally:
            database.execute(f"DROP DATABASE {name} WITH (FORCE)")
