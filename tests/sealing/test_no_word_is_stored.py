"""What a thief of the database, a dump or a backup finds: everything but the words."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.sealing.conftest import House, a_house

WORD = "quokkacanary"
OPEN = b"An openly told title"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, patterns: Path) -> Iterator[House]:
    with a_house(tmp_path_factory.mktemp("house"), patterns) as house:
        house.do("fill", WORD)
        yield house


def only_the_open_words(content: bytes) -> None:
    assert OPEN in content, "the search would find nothing at all"
    assert WORD.encode() not in content
    assert WORD.encode().hex().encode() not in content


def test_everything_sealed_is_there_and_reads_with_the_key(filled: House) -> None:
    told = filled.do("read")
    words = [*told["texts"].values(), *told["letters"]]
    assert sum(WORD in each for each in words) >= 10
    assert told["closed"] == 0


def test_the_database_holds_no_word_not_even_a_deleted_one(filled: House) -> None:
    if "DATABASE_URL" in filled.environment:
        only_the_open_words(_dump(filled.environment["DATABASE_URL"]))
        return
    files = sorted(filled.folder.glob("secondstory.sqlite3*"))
    assert any(path.name.endswith("-wal") and path.stat().st_size for path in files)
    only_the_open_words(b"".join(path.read_bytes() for path in files))


def test_the_servers_own_files_and_its_log_hold_no_word(filled: House) -> None:
    log = os.environ.get("SECONDSTORY_POSTGRES_LOG")
    if "DATABASE_URL" not in filled.environment or not log:
        pytest.skip("for a PostgreSQL server that the tests started")
    for path in Path(log).parent.rglob("*"):
        if path.is_file():
            assert WORD.encode() not in path.read_bytes(), path.name


def test_a_backup_holds_no_word(filled: House) -> None:
    filled.do("backup", filled.folder / "backup.zip")
    with zipfile.ZipFile(filled.folder / "backup.zip") as archive:
        only_the_open_words(b"".join(archive.read(name) for name in archive.namelist()))


def test_the_data_folder_holds_no_word(filled: House) -> None:
    """Neither does the ledger, nor anything else that lies beside."""
    for path in filled.folder.rglob("*"):
        if path.is_file():
            assert WORD.encode() not in path.read_bytes(), path.name


def _dump(address: str) -> bytes:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_dump"), reverse=True)
    program = str(places[0]) if places else shutil.which("pg_dump") or "pg_dump"
    return subprocess.run([program, "--inserts", address], check=True, capture_output=True).stdout
