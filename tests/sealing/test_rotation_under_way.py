"""A rotation while others write, and one that is killed in the middle: processes of their own on a real database."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.sealing.conftest import House

MANY = 300


@pytest.fixture
def filled(house: House) -> House:
    house.do("fill", "told")
    return house


def rotated(house: House, wait: str) -> str:
    with house.command("keys", "rotate", "--wait", wait) as process:
        told, wrong = process.communicate(timeout=120)
    assert process.returncode == 0, wrong
    return told


def test_rows_written_while_the_key_is_rotated_are_all_there(filled: House, tmp_path: Path) -> None:
    [old] = filled.key_ids()
    stop = tmp_path / "stop"
    with filled.start("write", stop) as writer:
        _until(lambda: stop.with_suffix(".begun").exists())
        rotated(filled, "2")
        rotated(filled, "2")
        stop.touch()
        saved = filled.answer(writer)
    told = filled.do("read")
    assert len(saved["letters"]) > 20
    assert told["closed"] == 0
    assert {text: told["texts"][text] for text in saved["texts"]} == saved["texts"]
    assert set(saved["letters"]) <= set(told["letters"])
    [new] = filled.key_ids()
    assert new != old
    assert filled.letters_under(new) == len(told["letters"])


def test_a_rotation_killed_in_the_middle_loses_nothing_and_is_finished_by_the_next(filled: House) -> None:
    filled.do("letters", MANY)
    [old] = filled.key_ids()
    before = filled.do("read")
    kills = 0
    for share in (0.9, 0.6, 0.3):
        with filled.command("keys", "rotate", "--wait", "0") as process:
            _until(lambda share=share: filled.letters_under(old) < MANY * share or process.poll() is not None)
            process.kill()
        kills += filled.letters_under(old) > 0
        assert filled.do("read") == before
    assert kills
    assert "gone from the key file" in " ".join(rotated(filled, "0").split())
    assert filled.do("read") == before
    assert old not in filled.key_ids()
    assert len(filled.key_ids()) == 1
    assert filled.letters_under(old) == 0


def _until(done: object, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not done():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.02)
