"""Streamed JSON gives every whole value, its exact bytes and place, and says what it could not read."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secondstory.evidence.importers.json_stream import Item, items
from secondstory.evidence.importers.record import Problem

SCALARS = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=12)
VALUES = st.recursive(SCALARS, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=5), v, max_size=3))
OBJECTS = st.lists(st.dictionaries(st.text(max_size=5), VALUES, min_size=1, max_size=4), max_size=6)
WRITINGS = {
    "compact array": lambda v: json.dumps(v, separators=(",", ":")),
    "indented array": lambda v: json.dumps(v, indent=4, ensure_ascii=False),
    "lines": lambda v: "".join(json.dumps(o) + "\n" for o in v),
    "one after the other": lambda v: "".join(json.dumps(o) for o in v),
}


class Trickle(io.BytesIO):
    """A stream that gives few bytes at a time, so that every value crosses a border."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 7, 7) if size and size > 0 else 7)


def split(data: bytes, **how: Any) -> tuple[list[Item], list[Problem]]:
    got = list(items(io.BytesIO(data), "day.json", **how))
    return [g for g in got if isinstance(g, Item)], [g for g in got if isinstance(g, Problem)]


def well_formed(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize("write", WRITINGS.values(), ids=WRITINGS.keys())
@given(objects=OBJECTS.filter(well_formed))
def test_every_value_comes_with_its_exact_bytes_and_place(write: Any, objects: list[Any]) -> None:
    data = write(objects).encode()
    good, bad = split(data)
    assert bad == []
    assert [g.value for g in good] == objects
    for item in good:
        assert data[item.offset : item.offset + len(item.raw)] == item.raw
        assert json.loads(item.raw) == item.value


@pytest.mark.parametrize("write", WRITINGS.values(), ids=WRITINGS.keys())
@given(objects=OBJECTS.filter(well_formed))
def test_the_size_of_the_pieces_read_makes_no_difference(write: Any, objects: list[Any]) -> None:
    data = write(objects).encode()
    assert list(items(Trickle(data), "x")) == list(items(io.BytesIO(data), "x"))


@given(objects=OBJECTS.filter(well_formed), at=st.floats(0, 1, exclude_max=True))
def test_a_list_cut_at_any_byte_gives_the_good_prefix_and_one_problem(objects: list[Any], at: float) -> None:
    data = json.dumps(objects, ensure_ascii=False).encode()
    cut = data[: int(at * len(data))]
    good, bad = split(cut)
    whole = [end for end in ends(objects) if end <= len(cut)]
    assert [g.value for g in good] == objects[: len(whole)]
    assert len(bad) == (1 if cut else 0)


def ends(objects: list[Any]) -> list[int]:
    found, at = [], 1
    for one in objects:
        at += len(json.dumps(one, ensure_ascii=False).encode())
        found.append(at)
        at += 2
    return found


def test_a_damaged_record_is_named_by_its_place_and_the_rest_goes_on() -> None:
    data = b'[{"ts":"1","text":"a"},{"ts":"2","text":"b" "x":{"n":1}},{"ts":"3","text":"c"}]'
    good, bad = split(data, looks_right=lambda v: "ts" in v)
    assert [g.value["ts"] for g in good] == ["1", "3"]
    assert [b.where for b in bad] == ["day.json byte 23"]


def test_a_problem_never_holds_the_words_of_a_record() -> None:
    _, bad = split(b'[{"text":"hush" "x"},{"text":"on')
    assert bad
    assert not any("hush" in b.what + b.where + b.do for b in bad)


def test_the_list_under_a_key_is_streamed_and_what_stands_before_it_is_told() -> None:
    outer: dict[str, Any] = {}
    data = b'{"name":"ops","n":{"x":[1]},"messages":[{"a":1},{"a":2}],"end":true}'
    good, bad = split(data, under="messages", outer=outer)
    assert [g.value for g in good] == [{"a": 1}, {"a": 2}]
    assert bad == []
    assert outer == {"name": "ops", "n": {"x": [1]}, "end": True}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_unicode_is_read(encoding: str) -> None:
    data = '[{"text":"Grüße 🙂"},{"text":"b"}]'.encode(encoding)
    good, bad = split(data)
    assert [g.value["text"] for g in good] == ["Grüße 🙂", "b"]
    assert bad == []
    assert all(data[g.offset : g.offset + len(g.raw)] == g.raw for g in good)


def test_latin_1_is_read_and_said_once() -> None:
    data = '[{"text":"Grüße"},{"text":"é"}]'.encode("latin-1")
    good, bad = split(data)
    assert [g.value["text"] for g in good] == ["Grüße", "é"]
    assert b"".join(g.raw for g in good) == '{"text":"Grüße"}{"text":"é"}'.encode("latin-1")
    assert ["Latin-1" in b.what for b in bad] == [True]


@pytest.mark.parametrize(
    "data",
    [
        b"{" * 3_000_000,
        b"",
        b"   ",
        b"nonsense",
        b"[[[[" * 50_000,
        b'{"a":' * 50_000,
        b"[1,2",
        b"\x00\x01\x02",
        b"[" + b"9" * 5000 + b"]",
    ],
    ids=[
        "braces",
        "empty",
        "space",
        "words",
        "deep lists",
        "deep objects",
        "numbers cut",
        "binary",
        "a number too long",
    ],
)
def test_nothing_brings_the_reader_down(data: bytes) -> None:
    _, bad = split(data)
    assert bool(bad) == bool(data.strip())


def test_a_megabyte_in_one_value_is_kept() -> None:
    data = json.dumps([{"text": "word " * 400_000}, {"text": "b"}]).encode()
    good, bad = split(data)
    assert [len(g.value["text"]) for g in good] == [2_000_000, 1]
    assert bad == []
