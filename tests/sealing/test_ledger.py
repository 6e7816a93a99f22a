from __future__ import annotations

import stat
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from secondstory.sealing import ledger

AT = datetime(2026, 3, 9, 14, 5, tzinfo=UTC)


@pytest.fixture
def book(tmp_path: Path, settings: Any) -> Path:
    settings.LEDGER_FILE = tmp_path / "keys.ledger"
    return Path(settings.LEDGER_FILE)


def test_an_entry_is_read_back_as_it_was_written(book: Path) -> None:
    ledger.record("narrowed", ["abc"], AT, audience="me", left=["p1:facilitator"])
    facts = {"audience": "me", "left": ["p1:facilitator"]}
    assert list(ledger.entries()) == [ledger.Entry("narrowed", ("abc",), AT, facts)]


def test_only_its_owner_reads_the_ledger(book: Path) -> None:
    ledger.record("narrowed", ["abc"], AT)
    assert stat.S_IMODE(book.stat().st_mode) == 0o600


@pytest.mark.parametrize("words", ["I was afraid", "a\nb", "x" * 65, "Angst€"])
def test_words_do_not_get_into_the_ledger(book: Path, words: str) -> None:
    with pytest.raises(ledger.NotPlain):
        ledger.record("narrowed", ["abc"], AT, why=words)
    with pytest.raises(ledger.NotPlain):
        ledger.record("narrowed", [words], AT)
    assert not book.exists()


def test_a_line_cut_short_by_a_crash_spoils_no_other(book: Path) -> None:
    ledger.record("narrowed", ["one"], AT)
    with book.open("ab") as file:
        file.write(b'{"kind": "narro')
    ledger.record("narrowed", ["two"], AT)
    assert [entry.ids for entry in ledger.entries()] == [("one",), ("two",)]
    assert ledger.damaged() == 1


def test_an_unknown_kind_stops_before_anything_is_done(book: Path) -> None:
    ledger.record("from_the_future", ["one"], AT)
    with pytest.raises(ledger.NewerLedger, match="from_the_future"):
        ledger.replay()


def test_a_ledger_that_cannot_be_written_is_no_silence(book: Path) -> None:
    book.mkdir()
    with pytest.raises(OSError, match="directory"):
        ledger.record("narrowed", ["one"], AT)


def _write_many(path: Path, name: str) -> None:
    for number in range(50):
        ledger._append(
            path, f'{{"kind": "x", "ids": ["{name}{number}"], "at": "2026-03-09T14:05:00+00:00"}}\n'.encode()
        )


def test_two_processes_write_side_by_side(book: Path) -> None:
    writers = [get_context("spawn").Process(target=_write_many, args=(book, name)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert (ledger.length(), ledger.damaged()) == (100, 0)


def test_the_newest_entry_is_known_as_soon_as_another_process_wrote_it(book: Path) -> None:
    assert ledger.newest("x", "a1") is None
    ledger.record("x", ["a1"], AT, until="one")
    assert ledger.newest("x", "a1") == ledger.Entry("x", ("a1",), AT, {"until": "one"})
    writer = get_context("spawn").Process(target=_write_many, args=(book, "a"))
    writer.start()
    writer.join()
    assert ledger.newest("x", "a1") == ledger.Entry("x", ("a1",), AT, {})
    assert ledger.newest("y", "a1") is None


def test_the_newest_entry_follows_a_ledger_that_was_put_in_place_of_another(book: Path) -> None:
    ledger.record("x", ["a1"], AT)
    assert ledger.newest("x", "a1")
    book.unlink()
    assert ledger.newest("x", "a1") is None
    ledger.record("x", ["b1"], AT)
    assert ledger.newest("x", "a1") is None
    assert ledger.newest("x", "b1")


def test_half_a_line_is_read_once_it_is_whole(book: Path) -> None:
    whole = b'{"kind": "x", "ids": ["a"], "at": "2026-03-09T14:05:00+00:00"}\n'
    book.write_bytes(whole[:20])
    assert ledger.newest("x", "a") is None
    with book.open("ab") as file:
        file.write(whole[20:])
    assert ledger.newest("x", "a")
