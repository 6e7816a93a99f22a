"""Zips, folders and files that mean harm, or are broken, are refused by name."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from secondstory.evidence.importers import containers
from secondstory.evidence.importers.containers import opened, size_of, top_of
from secondstory.evidence.importers.lines import Line, lines
from secondstory.evidence.importers.record import Problem, Refused


def zipped(path: Path, entries: dict[str, bytes], **how: Any) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name) if how.get("plain") else name, content)
    return path


def contents(path: Path) -> dict[str, bytes]:
    read = {}
    with opened(path) as container:
        for name in container.names:
            with container.open(name) as stream:
                read[name] = stream.read()
    return read


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        contents(path)
    return caught.value.what


def test_a_zip_and_a_folder_give_the_same_files(tmp_path: Path) -> None:
    entries = {"users.json": b"[]", "general/2031-05-06.json": b"[1]"}
    packed = zipped(tmp_path / "a.zip", {**entries, "__MACOSX/._users.json": b"x", "general/.DS_Store": b"x"})
    folder = tmp_path / "a"
    for name, content in entries.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    for source in (packed, folder):
        assert contents(source) == entries
        with opened(source) as container:
            assert [container.size(name) for name in sorted(container.names)] == [3, 2]


def test_what_is_no_zip_says_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.zip"
    path.write_bytes(b"these are notes")
    assert refusal(path) == "notes.zip is not a zip"


def test_a_zip_cut_off_is_damaged(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"users.json": b"[]" * 500})
    path.write_bytes(path.read_bytes()[:-40])
    assert "damaged or incomplete" in refusal(path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"")
    assert refusal(path) == "a.zip is empty"


@pytest.mark.parametrize(
    "name", ["../out.json", "/etc/out.json", "a/../../out.json", "..\\out.json", "C:\\out.json", "C:out"]
)
def test_a_path_that_leads_out_is_refused_by_name(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path / "a.zip", {"users.json": b"[]", name: b"x"})
    assert "leads out of it" in refusal(path)
    assert "out" in refusal(path)


def test_a_link_in_a_zip_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    link = zipfile.ZipInfo("shadow")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/shadow")
    assert refusal(path) == "the zip holds a link: shadow"


def test_a_link_in_a_folder_is_passed_over_and_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "shadow").symlink_to("/etc/shadow")
    with opened(tmp_path / "a") as container:
        assert container.names == ()
        assert [p.where for p in container.skipped] == ["shadow"]


def test_an_encrypted_entry_is_refused_by_name(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"users.json": b"[]"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert refusal(path) == "users.json in the zip is encrypted"


def test_a_zip_bomb_is_refused_by_name_without_being_unpacked(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"big.json": b"0" * 30_000_000})
    assert refusal(path).startswith("zip bomb: big.json would unpack to 30,000,000 bytes from")


def test_a_zip_of_many_small_bombs_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {f"{n}.json": b"0" * 3_000_000 for n in range(10)})
    assert refusal(path).startswith("zip bomb: ")


def test_entries_that_share_their_bytes_are_a_bomb(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.json": b"[]" * 100, "b.json": b"[]" * 100})
    data = bytearray(path.read_bytes())
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    data[second + 42 : second + 46] = (0).to_bytes(4, "little")
    path.write_bytes(data)
    assert "overlaps" in refusal(path)


def test_too_many_entries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "MOST_ENTRIES", 5)
    path = zipped(tmp_path / "a.zip", {f"{n}": b"" for n in range(6)})
    assert refusal(path) == "the zip holds 6 files, more than 5"


def test_a_file_of_two_gigabytes_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "huge.log"
    with path.open("wb") as stream:
        stream.truncate(2_000_000_000)
    with pytest.raises(Refused, match=r"huge\.log has 2,000,000,000 bytes"):
        size_of(path)


def test_the_folder_around_everything_is_found() -> None:
    assert top_of(("e/users.json", "e/general/1.json")) == "e/"
    assert top_of(("users.json", "general/1.json")) == ""
    assert top_of(()) == ""


def read(data: bytes) -> tuple[list[str], list[Problem]]:
    got = list(lines(io.BytesIO(data), "x.log"))
    texts = [g for g in got if isinstance(g, Line)]
    assert [t.number for t in texts] == sorted(t.number for t in texts)
    return [t.text for t in texts], [g for g in got if isinstance(g, Problem)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_lines_are_read_in_every_encoding_of_unicode(encoding: str) -> None:
    assert read("one\r\ntwö 🙂\n\nlast".encode(encoding)) == (["one", "twö 🙂", "", "last"], [])


def test_lines_in_latin_1_are_read_and_said_once() -> None:
    texts, problems = read("zwölf\ndreizehn\nfünf".encode("latin-1"))
    assert texts == ["zwölf", "dreizehn", "fünf"]
    assert [(p.where, p.what) for p in problems] == [("x.log line 1", "not UTF-8, read as Latin-1")]


def test_the_bytes_of_all_lines_are_the_bytes_of_the_file() -> None:
    data = "one\r\nzwölf\n\nlast".encode()
    assert b"".join(g.raw for g in lines(io.BytesIO(data), "x") if isinstance(g, Line)) == data


def test_a_line_longer_than_bearable_is_left_out_and_the_rest_goes_on() -> None:
    texts, problems = read(b"a\n" + b"x" * (17 * 1024 * 1024) + b"\nb\n")
    assert texts == ["a", "b"]
    assert [p.where for p in problems] == ["x.log line 2"]
