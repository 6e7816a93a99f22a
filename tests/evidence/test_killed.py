"""A process that dies in the middle of an import."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from tests.bench.kill_during_import import LOOK, PREPARE, RUN, script, told

MESSAGES = 6_000


@pytest.mark.usefixtures("_only_sqlite")
def test_an_import_killed_five_times_has_whole_records_only_and_is_completed(tmp_path: Path, migrated: Path) -> None:
    shutil.copy(migrated, tmp_path)
    dice = random.Random(11)
    import_id = told(script(PREPARE, tmp_path, MESSAGES))
    stored = [0]
    for _ in range(5):
        process = script(RUN, tmp_path)
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        time.sleep(dice.uniform(0.02, 0.25))
        process.kill()
        process.communicate()
        rows = _rows(tmp_path)
        assert all(text in payload and at[:10] in payload for at, text, payload, _ in rows)
        assert [number for *_, number in rows] == list(range(1, len(rows) + 1))
        stored.append(len(rows))
    assert stored == sorted(stored)
    assert any(0 < count < MESSAGES for count in stored)
    told(script(RUN, tmp_path))
    found = told(script(LOOK, tmp_path, import_id))
    assert f'"lines": {MESSAGES}, "whole": {MESSAGES}, "numbered": true, "texts": {MESSAGES}' in found
    assert f'"state": "done", "added": {MESSAGES}' in found


def _rows(folder: Path) -> list[tuple[str, str, str, int]]:
    with sqlite3.connect(folder / "secondstory.sqlite3") as database:
        return database.execute("SELECT at, text, payload, number FROM evidence_evidence ORDER BY number").fetchall()


@pytest.fixture
def _only_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
