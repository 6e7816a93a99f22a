"""A set of uploads: each part finds its importer, or is refused by name with a reason."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bench import exports

from secondstory.evidence.importers.record import Choices, Kind, Problem, Record, Refused, digest_of
from secondstory.evidence.importers.registry import IMPORTERS, named, recognise, walk
from secondstory.evidence.importers.repeats import numbered

CHAT = "[16:07] <ana> queue is full\n[16:08] <bo> looking\n"
SLACK_DAY = [{"type": "message", "user": "U0000ANA1", "ts": "1930290000.000100", "text": "a"}]


def walked(tmp_path: Path, *uploads: Path) -> tuple[dict[str, str], dict[str, str]]:
    scratch = tmp_path / "scratch"
    found, refused = {}, {}
    for part in walk(uploads, scratch):
        if isinstance(part, Problem):
            refused[part.where] = part.what
        else:
            assert part.path.exists()
            found[part.name] = part.importer.name
    assert not list(scratch.rglob("*.*"))
    return found, refused


def test_names_are_given_once_and_fit_their_column() -> None:
    names = [importer.name for importer in IMPORTERS]
    assert len(set(names)) == len(names)
    assert all(0 < len(name) <= 24 for name in names)
    assert all(importer.title for importer in IMPORTERS)
    assert named("slack").name == "slack"
    with pytest.raises(Refused, match="no importer called morse"):
        named("morse")


def test_a_folder_of_many_things_is_looked_into(tmp_path: Path) -> None:
    top = tmp_path / "incident"
    export = top / "shop export"
    (export / "orders").mkdir(parents=True)
    (export / "channels.json").write_text(json.dumps([{"id": "C00000001", "name": "orders"}]))
    (export / "orders" / "2031-03-03.json").write_text(json.dumps(SLACK_DAY))
    (top / "ops.log").write_text(CHAT)
    (top / "notes.txt").write_text("Dear all, this holds no times.")
    (top / "away").symlink_to("/etc")
    found, refused = walked(tmp_path, top)
    assert found == {"incident/shop export": "slack", "incident/ops.log": "irc"}
    assert refused["incident/away"] == "a link, not followed"
    assert "not this product" in refused["incident/notes.txt"]


def test_a_zip_of_many_things_is_looked_into(tmp_path: Path) -> None:
    path = tmp_path / "evidence.zip"
    with zipfile.ZipFile(tmp_path / "inner.zip", "w") as inner:
        inner.writestr("ops.log", CHAT)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/ops.log", CHAT)
        archive.writestr("a/orders/2031-03-03.json", json.dumps(SLACK_DAY))
        archive.writestr("inner.zip", (tmp_path / "inner.zip").read_bytes())
        archive.writestr("empty.txt", b"")
    found, refused = walked(tmp_path, path)
    assert found == {"evidence.zip/a/ops.log": "irc", "evidence.zip/a/orders/2031-03-03.json": "slack"}
    assert refused == {
        "evidence.zip/inner.zip": "a zip inside a zip is not opened",
        "evidence.zip/empty.txt": "empty.txt is empty",
    }


def test_one_bad_upload_does_not_stop_the_others(tmp_path: Path) -> None:
    good, bomb, gone = tmp_path / "ops.log", tmp_path / "bomb.zip", tmp_path / "gone.log"
    good.write_text(CHAT)
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.json", b"0" * 30_000_000)
    found, refused = walked(tmp_path, bomb, gone, good)
    assert found == {"ops.log": "irc"}
    assert refused["bomb.zip"].startswith("zip bomb: big.json")
    assert refused["gone.log"].startswith("gone.log cannot be read")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.bin", b"\x00\x01\x02\x03", "binary"),
        ("a.json", b'{"weather": "fine"}', "JSON of no known source"),
        ("a.zip", b"not really", "not this product"),
        ("a.txt", b"", "is empty"),
    ],
)
def test_what_nobody_reads_is_refused_with_a_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused, match=reason):
        recognise(path)


@given(st.binary(max_size=400))
def test_no_bytes_bring_an_importer_down(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "upload.txt"
    path.write_bytes(content)
    read_whatever(path)


@given(
    cut=st.floats(0, 1), flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4)
)
def test_no_damage_to_a_slack_zip_brings_its_importer_down(
    tmp_path_factory: pytest.TempPathFactory, cut: float, flips: list[tuple[float, int]]
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    data = bytearray(exports.slack_zip(folder / "whole.zip", 30, a_day=10).read_bytes())
    for where, value in flips:
        data[int(where * len(data))] = value
    path = folder / "upload.zip"
    path.write_bytes(data[: int(cut * len(data))])
    read_whatever(path)


def read_whatever(path: Path) -> None:
    choices = Choices(anchor=date(2031, 3, 3))
    try:
        importer = recognise(path)
        list(importer.places(path, choices))
        for found in importer.read(path, choices):
            assert isinstance(found, Record | Problem)
    except Refused:
        return


def test_equal_records_of_one_time_are_numbered_and_others_are_not() -> None:
    at = datetime(2031, 3, 3, tzinfo=UTC)
    one = Record(at, "ana", "+1", "ops", Kind.MESSAGE, b"+1")
    other = Record(at, "bo", "+1", "ops", Kind.MESSAGE, b"bo +1")
    later = Record(at.replace(hour=1), "ana", "+1", "ops", Kind.MESSAGE, b"+1")
    got = [r for r in numbered(iter([one, other, one, later, one])) if isinstance(r, Record)]
    assert [r.nth for r in got] == [0, 0, 1, 0, 0]
    assert len({digest_of(r) for r in got[:4]}) == 4
