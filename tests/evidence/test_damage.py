"""Whatever happens to a file, an importer gives records and problems, or refuses it with a reason."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest
from tests.bench import files

from secondstory.evidence.importers.record import Choices, Importer, Problem, Record, Refused
from secondstory.evidence.importers.registry import IMPORTERS, recognise

ROUNDS = 60
DATED = Choices(anchor=date(2031, 3, 3))
NASTY = (b"\0", b"\xff", b'"', b"}", b"[", b"\n", b"-", b"999999999999999999999", b"\xf0\x9f", b"<script>", b"null")


def damaged(data: bytes, dice: random.Random) -> bytes:
    """The bytes cut off, with a piece gone, or with something nasty in them."""
    at, more = sorted(dice.randrange(len(data)) for _ in range(2))
    return dice.choice((data[:at], data[:at] + data[more:], data[:at] + dice.choice(NASTY) + data[at:]))


def outcome(importer: Importer, path: Path) -> list[Record | Problem]:
    try:
        return list(importer.read(path, DATED))
    except Refused as refused:
        return [Problem(path.name, refused.what, refused.do)]


@pytest.mark.parametrize("form", files.MADE)
def test_damaged_files_are_read_as_far_as_they_go_or_refused(tmp_path: Path, form: str) -> None:
    path = files.made(form, tmp_path, 12)
    whole, importer = path.read_bytes(), recognise(path)
    dice = random.Random(form)
    for _ in range(ROUNDS):
        path.write_bytes(damaged(whole, dice))
        told = outcome(importer, path)
        assert told
        assert all(isinstance(one, Record | Problem) for one in told)
        assert all(one.at.tzinfo and 1972 <= one.at.year <= 2099 for one in told if isinstance(one, Record))


@pytest.mark.parametrize("form", files.MADE)
def test_no_importer_stumbles_over_the_head_of_a_foreign_or_damaged_file(tmp_path: Path, form: str) -> None:
    path = files.made(form, tmp_path, 12)
    whole = path.read_bytes()
    dice = random.Random(form)
    for _ in range(ROUNDS // 4):
        head = damaged(whole, dice)
        scores = [importer.recognises(path, head) for importer in IMPORTERS]
        assert all(0 <= score <= 100 for score in scores)


@pytest.mark.parametrize("form", files.MADE)
def test_every_importer_reads_a_foreign_file_without_breaking(tmp_path: Path, form: str) -> None:
    path = files.made(form, tmp_path, 3)
    for importer in IMPORTERS:
        assert all(isinstance(one, Record | Problem) for one in outcome(importer, path))


@pytest.mark.parametrize("form", files.MADE)
def test_the_same_file_twice_has_the_same_digests(tmp_path: Path, form: str) -> None:
    path = files.made(form, tmp_path, 20)
    importer = recognise(path)
    assert outcome(importer, path) == outcome(importer, path)
    records = [one for one in outcome(importer, path) if isinstance(one, Record)]
    assert len(records) == 20
