"""Mattermost's bulk export. The shop and everyone in it are invented."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.bench import exports

from secondstory.evidence.importers.record import Choices, Problem, Reach, Record, digest_of
from secondstory.evidence.importers.registry import recognise

AT = 1930290000123
LINES: list[dict[str, Any]] = [
    {"type": "version", "version": 1},
    {"type": "team", "team": {"name": "shop", "type": "O"}},
    {"type": "channel", "channel": {"team": "shop", "name": "orders", "type": "O"}},
    {"type": "channel", "channel": {"team": "shop", "name": "people-care", "type": "P"}},
    {"type": "user", "user": {"username": "ana", "email": "ana@example.org"}},
    {"type": "post", "post": {"team": "shop", "channel": "orders", "user": "ana", "message": "queue is full <b>", "create_at": AT,
                              "replies": [{"user": "bo", "message": "looking", "create_at": AT + 1000, "edit_at": AT + 1500}]}},
    {"type": "post", "post": {"team": "shop", "channel": "orders", "user": "hook", "message": "", "create_at": AT + 2000,
                              "props": {"override_username": "watchdog", "attachments": [{"title": "High load", "text": "db-1"}]}}},
    {"type": "post", "post": {"team": "shop", "channel": "people-care", "user": "bo", "message": "not for all", "create_at": AT}},
    {"type": "direct_channel", "direct_channel": {"members": ["bo", "ana"]}},
    {"type": "direct_post", "direct_post": {"channel_members": ["bo", "ana"], "user": "bo", "message": "", "create_at": AT,
                                            "attachments": [{"path": "20310303/x/graph.png"}]}},
]  # fmt: skip


def write(path: Path, entries: list[dict[str, Any]] = LINES) -> Path:
    text = "".join(json.dumps(line) + "\n" for line in entries)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("data/20310303/x/graph.png", b"\x89PNG")
            archive.writestr("import.jsonl", text)
    else:
        path.write_text(text)
    return path


def repr_of(value: Any) -> str:
    return repr(value)[:20]


def read(path: Path, choices: Choices | None = None) -> tuple[list[Record], list[Problem]]:
    got = list(recognise(path).read(path, choices or Choices()))
    return [g for g in got if isinstance(g, Record)], [g for g in got if isinstance(g, Problem)]


@pytest.mark.parametrize("name", ["export.jsonl", "export.json", "export.zip"])
def test_public_channels_are_taken_and_others_when_named(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name)
    records, problems = read(path)
    assert problems == []
    assert [(r.author, r.text, r.place, r.edited) for r in records] == [
        ("ana", "queue is full <b>", "orders", False),
        ("bo", "looking", "orders", True),
        ("watchdog", "High load\ndb-1", "orders", False),
    ]
    assert records[0].thread == records[1].thread != ""
    assert records[0].at.microsecond == 123000
    places = list(recognise(path).places(path, Choices()))
    assert [(p.name, p.reach) for p in places] == [
        ("orders", Reach.PUBLIC),
        ("people-care", Reach.PRIVATE),
        ("@ana, @bo", Reach.DIRECT),
    ]
    everything, _ = read(path, Choices(places=frozenset(p.name for p in places)))
    assert len({digest_of(r) for r in everything}) == 5
    assert everything[-1].files == ("graph.png",)


def test_channels_of_two_teams_are_told_apart(tmp_path: Path) -> None:
    more = [
        {"type": "team", "team": {"name": "lab"}},
        {"type": "channel", "channel": {"team": "lab", "name": "orders", "type": "P"}},
    ]
    path = write(tmp_path / "a.jsonl", [*LINES[:2], *more, *LINES[2:]])
    assert {r.place for r in read(path)[0]} == {"shop/orders"}


@pytest.mark.parametrize("at", [0, 86_400_000, 4_102_444_800_000, -1, None, "soon", True, 10**400], ids=repr_of)
def test_an_impossible_time_is_reported_and_the_rest_goes_on(tmp_path: Path, at: Any) -> None:
    bad = {
        "type": "post",
        "post": {"team": "shop", "channel": "orders", "user": "ana", "message": "hush", "create_at": at},
    }
    records, problems = read(write(tmp_path / "a.jsonl", [*LINES[:5], bad, *LINES[5:]]))
    assert len(records) == 3
    assert len(problems) == 1
    assert "hush" not in str(problems)


def test_a_damaged_line_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl")
    path.write_text(path.read_text().replace('"message": "queue', '"message": queue'))
    records, problems = read(path)
    assert [r.author for r in records] == ["watchdog"]
    assert [p.where for p in problems] == ["a.jsonl byte " + str(path.read_text().index('{"type": "post"'))]


def test_an_export_cut_off_gives_its_good_part(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl")
    path.write_bytes(path.read_bytes()[: path.read_bytes().index(b"not for all")])
    records, problems = read(path)
    assert len(records) == 3
    assert [p.what for p in problems] == ["cut off"]


def test_an_invented_export_comes_out_whole(tmp_path: Path) -> None:
    path = exports.write_lines(tmp_path / "a.jsonl", exports.mattermost_lines(2000))
    records, problems = read(path)
    assert problems == []
    assert len({digest_of(r) for r in records}) == 2000
