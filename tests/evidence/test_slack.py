"""Slack exports as zip, folder and single file. The shop and everyone in it are invented."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.bench import exports

from secondstory.evidence.importers.record import Choices, Place, Problem, Reach, Record, digest_of
from secondstory.evidence.importers.registry import recognise

USERS = [
    {"id": "U0000ANA1", "name": "ana.l", "profile": {"display_name": "ana", "real_name": "Ana L"}},
    {"id": "U00000BO1", "name": "bo", "profile": {"display_name": ""}},
]
FILES: dict[str, Any] = {
    "users.json": USERS,
    "channels.json": [{"id": "C00000001", "name": "orders"}, {"id": "C00000002", "name": "deploys"}],
    "groups.json": [{"id": "G00000001", "name": "people-care"}],
    "mpims.json": [{"id": "G00000002", "name": "mpdm-ana--bo-1", "members": ["U0000ANA1", "U00000BO1"]}],
    "dms.json": [{"id": "D00000001", "members": ["U0000ANA1", "U00000BO1"]}],
    "integration_logs.json": [{"user_id": "U0000ANA1", "change_type": "added"}],
    "canvases.json": [{"id": "F00000001", "title": "How we deploy", "user": "U0000ANA1", "created": 1930000000}],
    "orders/2031-03-03.json": [
        {"type": "message", "user": "U0000ANA1", "ts": "1930290000.000100", "thread_ts": "1930290000.000100",
         "text": "<@U00000BO1> see <#C00000002|deploys> &amp; <https://example.org/d/1|the panel> &lt;now&gt;"},
        {"type": "message", "user": "U00000BO1", "ts": "1930290060.000200", "thread_ts": "1930290000.000100",
         "text": "rolled back <!here>", "edited": {"user": "U00000BO1", "ts": "1930290070.000000"}},
        {"type": "message", "subtype": "bot_message", "bot_id": "B00000001", "username": "watchdog", "text": "",
         "ts": "1930290120.000300", "attachments": [{"title": "High error rate", "fields": [{"title": "Host", "value": "db-1"}]}]},
        {"type": "message", "subtype": "channel_join", "user": "U00000BO1", "ts": "1930290180.000400",
         "text": "<@U00000BO1> has joined the channel"},
    ],
    "orders/2031-03-04.json": [
        {"type": "message", "user": "U0000ANA1", "ts": "1930376400.000100", "text": "",
         "files": [{"id": "F1", "name": "graph.png", "title": "graph.png"}]},
        {"type": "message", "user": "U0000CLEO", "user_profile": {"display_name": "cleo"}, "ts": "1930376460.000200", "text": "",
         "blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
             {"type": "text", "text": "ask "}, {"type": "user", "user_id": "U0000ANA1"}, {"type": "emoji", "name": "wave"}]}]}]},
    ],
    "people-care/2031-03-03.json": [{"type": "message", "user": "U00000BO1", "ts": "1930290001.000000", "text": "not for all"}],
    "mpdm-ana--bo-1/2031-03-03.json": [{"type": "message", "user": "U00000BO1", "ts": "1930290002.000000", "text": "the three of us"}],
    "D00000001/2031-03-03.json": [{"type": "message", "user": "U0000ANA1", "ts": "1930290003.000000", "text": "between us"}],
}  # fmt: skip
ALL = frozenset({"orders", "deploys", "people-care", "mpdm-ana--bo-1", "@ana, @bo", "canvases"})


def as_zip(path: Path, files: dict[str, Any] = FILES, top: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(top + name, json.dumps(content, indent=4))
    return path


def as_folder(path: Path, files: dict[str, Any] = FILES) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(json.dumps(content, indent=4))
    return path


def read(path: Path, choices: Choices | None = None) -> tuple[list[Record], list[Problem]]:
    got = list(recognise(path).read(path, choices or Choices()))
    return [g for g in got if isinstance(g, Record)], [g for g in got if isinstance(g, Problem)]


@pytest.fixture(params=["zip", "zip with a folder around", "folder"])
def export(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "folder":
        return as_folder(tmp_path / "shop export")
    return as_zip(tmp_path / "shop.zip", top="shop export/" if "around" in request.param else "")


def test_only_public_channels_are_taken_unless_others_are_named(export: Path) -> None:
    records, problems = read(export)
    assert problems == []
    assert {record.place for record in records} == {"orders"}
    assert len(records) == 6
    everything, _ = read(export, Choices(places=ALL))
    assert len(everything) == 10
    assert {r.place: r.reach for r in everything} == {
        "orders": Reach.PUBLIC,
        "people-care": Reach.PRIVATE,
        "mpdm-ana--bo-1": Reach.DIRECT,
        "@ana, @bo": Reach.DIRECT,
        "canvases": Reach.PRIVATE,
    }


def test_places_tell_who_could_see_them_and_from_when_to_when(export: Path) -> None:
    places = {place.name: place for place in recognise(export).places(export, Choices())}
    assert set(places) == ALL - {"deploys"}
    day = datetime(2031, 3, 3, tzinfo=UTC)
    assert places["orders"] == Place("orders", Reach.PUBLIC, None, day, day.replace(day=5))
    assert places["@ana, @bo"].reach is Reach.DIRECT


def test_a_message_is_told_as_its_readers_saw_it(export: Path) -> None:
    first, second, alert, join, file, blocks = read(export)[0]
    assert first.at == datetime.fromtimestamp(1930290000.0001, UTC)
    assert (first.author, first.text) == ("ana", "@bo see #deploys & the panel (https://example.org/d/1) <now>")
    assert (second.author, second.text, second.edited) == ("bo", "rolled back @here", True)
    assert first.thread == second.thread == "1930290000.000100"
    assert (alert.author, alert.text, alert.edited) == ("watchdog", "High error rate\nHost: db-1", False)
    assert join.text == "@bo has joined the channel"
    assert (file.text, file.files) == ("[graph.png]", ("graph.png",))
    assert (blocks.author, blocks.text) == ("cleo", "ask @ana:wave:")


def test_the_original_is_the_exact_text_of_the_export(export: Path) -> None:
    for record in read(export)[0]:
        assert json.loads(record.original)["ts"]
    records = read(export)[0]
    assert {digest_of(r) for r in records} == {digest_of(r) for r in read(export)[0]}
    assert len({digest_of(r) for r in records}) == len(records)


def test_a_window_of_time_takes_what_lies_in_it(export: Path) -> None:
    since, until = datetime.fromtimestamp(1930290060, UTC), datetime.fromtimestamp(1930290121, UTC)
    records, _ = read(export, Choices(since=since, until=until))
    assert [r.author for r in records] == ["bo", "watchdog"]


def test_a_folder_no_list_names_counts_as_private(tmp_path: Path) -> None:
    files = {k: v for k, v in FILES.items() if k.startswith(("orders", "users"))}
    path = as_zip(tmp_path / "a.zip", files)
    records, problems = read(path)
    assert records == []
    assert [p.what for p in problems] == ["nothing in it is known to have been public"]
    assert len(read(path, Choices(places=frozenset({"orders"})))[0]) == 6


@pytest.mark.parametrize("ts", ["0", "0.5", "86400.000000", "4102444800.000000", "never", "", "1e400", "-5"])
def test_an_impossible_time_is_reported_and_the_rest_goes_on(tmp_path: Path, ts: str) -> None:
    day = [{"type": "message", "user": "U1", "ts": ts, "text": "hush"}, *FILES["orders/2031-03-03.json"]]
    records, problems = read(as_zip(tmp_path / "a.zip", {**FILES, "orders/2031-03-03.json": day}))
    assert len(records) == 6
    assert [p.where for p in problems] == ["orders/2031-03-03.json byte 6"]
    assert "hush" not in str(problems)


def test_a_day_cut_off_gives_its_good_part_and_the_other_days(tmp_path: Path) -> None:
    path = as_folder(tmp_path / "shop")
    day = path / "orders/2031-03-03.json"
    text = day.read_text()
    day.write_text(text[: text.index('"rolled back')])
    records, problems = read(path)
    assert [r.author for r in records] == ["ana", "ana", "cleo"]
    assert [p.what for p in problems] == ["cut off"]


def test_a_record_damaged_in_the_middle_leaves_its_neighbours(tmp_path: Path) -> None:
    path = as_folder(tmp_path / "shop")
    day = path / "orders/2031-03-03.json"
    day.write_text(day.read_text().replace('"user": "U00000BO1",', '"user": "U00000BO1', 1))
    records, problems = read(path)
    assert [r.author for r in records] == ["ana", "watchdog", "bo", "ana", "cleo"]
    assert len(problems) == 1


def test_a_day_the_zip_cannot_give_is_reported_and_the_other_days_come(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "a.zip")
    data = path.read_bytes()
    # The entry's own header, which the directory at the end still points to.
    at = data.index(b"orders/2031-03-03.json") - 30
    path.write_bytes(data[:at] + b"XXXX" + data[at + 4 :])
    records, problems = read(path)
    assert [r.author for r in records] == ["ana", "cleo"]
    assert [p.where for p in problems] == ["orders/2031-03-03.json byte 0"]


def test_markup_and_scripts_stay_plain_text(tmp_path: Path) -> None:
    text = "&lt;script&gt;alert(1)&lt;/script&gt; <b>bold</b> \x00 \ud83d end"
    day = [{"type": "message", "user": "U0000ANA1", "ts": "1930290000.000100", "text": text}]
    records, _ = read(as_zip(tmp_path / "a.zip", {**FILES, "orders/2031-03-03.json": day}))
    assert records[0].text == "<script>alert(1)</script> <b>bold</b> \N{REPLACEMENT CHARACTER} ? end"


def test_a_paragraph_of_a_megabyte_is_kept(tmp_path: Path) -> None:
    day = [{"type": "message", "user": "U0000ANA1", "ts": "1930290000.000100", "text": "word " * 210_000}]
    records, problems = read(as_folder(tmp_path / "a", {**FILES, "orders/2031-03-03.json": day}))
    assert len(records[0].text) == 1_050_000
    assert problems == []


def test_a_file_of_messages_by_itself_is_read_when_its_channel_is_named(tmp_path: Path) -> None:
    path = as_folder(tmp_path, {"orders/2031-03-03.json": FILES["orders/2031-03-03.json"]}) / "orders/2031-03-03.json"
    assert [(p.name, p.reach) for p in recognise(path).places(path, Choices())] == [("orders", Reach.PRIVATE)]
    assert read(path)[0] == []
    assert len(read(path, Choices(places=frozenset({"orders"})))[0]) == 4


def test_a_dumped_channel_gives_its_replies_too(tmp_path: Path) -> None:
    reply = {
        "type": "message",
        "user": "U00000BO1",
        "ts": "1930290060.000200",
        "thread_ts": "1930290000.000100",
        "text": "b",
    }
    parent = {
        "type": "message",
        "user": "U0000ANA1",
        "ts": "1930290000.000100",
        "text": "a",
        "slackdump_thread_replies": [reply],
    }
    path = tmp_path / "C00000001.json"
    path.write_text(json.dumps({"channel_id": "C00000001", "name": "orders", "messages": [parent]}))
    records, problems = read(path, Choices(places=frozenset({"orders"})))
    assert [(r.text, r.thread) for r in records] == [("a", ""), ("b", "1930290000.000100")]
    assert problems == []


@pytest.mark.parametrize(
    "name", ["users.json", "channels.json", "dms.json", "mpims.json", "groups.json", "integration_logs.json"]
)
def test_a_list_without_messages_says_what_it_is(tmp_path: Path, name: str) -> None:
    path = as_folder(tmp_path, {name: [{**entry, "created": 1, "members": []} for entry in FILES[name]]}) / name
    records, problems = read(path)
    assert records == []
    assert [p.do for p in problems] == ["import the whole export"]


def test_an_invented_export_of_a_few_thousand_comes_out_whole(tmp_path: Path) -> None:
    records, problems = read(exports.slack_zip(tmp_path / "a.zip", 3000, a_day=500))
    assert problems == []
    assert len({digest_of(r) for r in records}) == 3000
