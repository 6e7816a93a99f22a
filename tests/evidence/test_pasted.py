"""Chat pasted as text. Everybody in it and everything they say is invented."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from secondstory.evidence.importers.record import Choices, Kind, Problem, Record, Refused, digest_of
from secondstory.evidence.importers.registry import recognise

ANCHOR = Choices(anchor=date(2031, 3, 3))
Told = list[tuple[str, str, str]]


def records_of(path: Path, text: str, choices: Choices = ANCHOR) -> tuple[list[Record], list[str]]:
    path.write_text(text)
    importer = recognise(path)
    assert importer.name in {"pasted", "irc"}
    got = list(importer.read(path, choices))
    records = [g for g in got if isinstance(g, Record)]
    assert len({digest_of(r) for r in records}) == len(records)
    return records, [g.what for g in got if isinstance(g, Problem)]


def told(tmp_path: Path, text: str, choices: Choices = ANCHOR, name: str = "paste.txt") -> Told:
    records, _ = records_of(tmp_path / name, text, choices)
    return [(f"{r.at:%m-%d %H:%M:%S}".removesuffix(":00"), r.author, r.text) for r in records]


TWO: Told = [("03-03 14:05", "Ana Lund", "queue is full"), ("03-03 14:07", "Bo Tan", "looking\nat it")]
WAYS = {
    "Slack, name above time": "Ana Lund\n  2:05 PM\nqueue is full\nBo Tan\n  2:07 PM\nlooking\nat it\n",
    "Slack, name beside time": "Ana Lund  2:05 PM\nqueue is full\nBo Tan  2:07 PM\nlooking\nat it\n",
    "Slack, time in brackets": "Ana Lund [2:05 PM]\nqueue is full\n\nBo Tan [2:07 PM]\nlooking\nat it\n",
    "Slack, with a status": "Ana Lund\n:palm_tree:  2:05 PM\nqueue is full\nBo Tan\n  2:07 PM\nlooking\nat it\n",
    "Teams, time in brackets": "[14:05] Ana Lund\nqueue is full\nlike 2\n[14:07] Bo Tan\nlooking\nat it\n",
    "Teams, with the day": "[3/3 2:05 PM] Ana Lund\nqueue is full\n[3/3 2:07 PM] Bo Tan\nlooking\nat it\n",
    "Teams, time below name": "Ana Lund\n14:05\nqueue is full\n\nBo Tan\n14:07\nlooking\nat it\n",
    "Teams, one space": "Ana Lund 14:05\nqueue is full\nBo Tan 14:07\nlooking\nat it\n",
    "WhatsApp": "03/03/2031, 14:05 - Ana Lund: queue is full\n03/03/2031, 14:07 - Bo Tan: looking\nat it\n",
    "WhatsApp, in brackets": "[03.03.31, 14:05:00] Ana Lund: queue is full\n[03.03.31, 14:07:00] Bo Tan: looking\nat it\n",
    "Discord": "Ana Lund — 03/03/2031 2:05 PM\nqueue is full\nBo Tan — Today at 2:07 PM\nlooking\nat it\n",
    "a call": "14:05:00 From Ana Lund to Everyone : queue is full\n14:07:00 From Bo Tan to Everyone : looking\nat it\n",
    "a list": "- **14:05** Ana Lund: queue is full\n- ~14:07 Bo Tan: looking\n  at it\n",
    "tabs": "14:05\tAna Lund\tqueue is full\n14:07\tBo Tan\tlooking\nat it\n",
}  # fmt: skip


@pytest.mark.parametrize("text", WAYS.values(), ids=WAYS.keys())
def test_what_the_usual_programs_put_on_the_clipboard(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text) == TWO


@pytest.mark.parametrize(
    ("line", "who", "said"),
    [
        ("16.07 AFC the queue is full", "AFC", "the queue is full"),
        ("[16:07] <ana> the queue is full", "ana", "the queue is full"),
        ("16:07 ana: the queue is full", "ana", "the queue is full"),
        ("16:07 — Ana: see https://example.org/a:b", "Ana", "see https://example.org/a:b"),
        ("16.07 AC / BT the queue is full", "AC / BT", "the queue is full"),
        ("16.07 AC and BT the queue is full", "AC and BT", "the queue is full"),
        ("4:07 pm Ana: the queue is full", "Ana", "the queue is full"),
        ("[16.07](https://example.org/archives/p1) AC: the queue is full", "AC", "the queue is full"),
        ("[16.07](https://example.org/archives/p1) the queue is full", "", "the queue is full"),
        ("(16:07-16:20 the queue is full)", "", "the queue is full"),
        ("16:07 the queue is full", "", "the queue is full"),
        ("16:07 API is down", "", "API is down"),
        ("16:07 Update: the queue is full", "", "Update: the queue is full"),
        ("16.07-16.20 the queue is full", "", "the queue is full"),
        ("c. 16.07 the queue is full", "", "the queue is full"),
        ("16.07ish the queue is full", "", "the queue is full"),
        ("| 16:07 | Ana | the queue is full |", "Ana", "the queue is full"),
    ],
)
def test_who_spoke_and_what_they_said(tmp_path: Path, line: str, who: str, said: str) -> None:
    assert told(tmp_path, line + "\n")[0] == ("03-03 16:07", who, said)


def test_slack_with_its_furniture(tmp_path: Path) -> None:
    text = (
        "Ana Lund\n  2:05 PM\nwe see errors on orders\n:eyes:\n3\n2:06\nand on payments (edited) \n"
        "Bo Tan\n  2:07 PM\nlooking\n2 replies\nLast reply today at 2:30 PMView thread\n"
        "watchdogAPP  2:08 PM\nHigh error rate\ndb-1\nNew\n"
        "Cleo  11:58 PM\nstill here\nCleo  12:03 AM\nthe next day\n"
    )
    records, problems = records_of(tmp_path / "a.txt", text)
    assert [(f"{r.at:%m-%d %H:%M}", r.author, r.text, r.edited) for r in records] == [
        ("03-03 14:05", "Ana Lund", "we see errors on orders", False),
        ("03-03 14:06", "Ana Lund", "and on payments", True),
        ("03-03 14:07", "Bo Tan", "looking", False),
        ("03-03 14:08", "watchdog", "High error rate\ndb-1", False),
        ("03-03 23:58", "Cleo", "still here", False),
        ("03-04 00:03", "Cleo", "the next day", False),
    ]
    assert records[3].kind is Kind.ALERT
    assert problems == ["its times have no zone; taken as UTC"]


def test_replies_that_were_copied_stay_with_what_they_answer(tmp_path: Path) -> None:
    text = "Ana  2:05 PM\nwho is looking?\n2 replies\nBo  2:07 PM\nme\nCleo  2:08 PM\nme too\nDov  2:20 PM\nsomething else\n"
    ana, bo, cleo, dov = records_of(tmp_path / "a.txt", text)[0]
    assert ana.thread == bo.thread == cleo.thread != ""
    assert dov.thread == ""


RETRO = """# Review of the stuck queue

**Incident from:** 2031-11-15

**Review held:** 2031-11-17

- [Timeline](#timeline)
- [Causes](#causes)

## Timeline

15 November 2031

See https://example.org/archives/1

16:04 orders-gateway-5xx-alarm
There were 4 errors

Repeated every minute until 16.57

16.06 AL Orders fail on every second try:
https://example.org/orders?page=2

```,Could not decode, List(a, b)```

I suspect my change
1. undo it
2. deploy

16.07 BTO I deployed it thinking it was harmless
AL thought so too

16.08 CK Still fine for most?
BTO I think it is everybody (edited)

16.26 AL / BTO Some saw the error twice

16.31 AL We used to send a list
16:31
It is not mended yet

16.57 orders-prod-5xx-alarm
The last one

17:04 NP quiet for five minutes

16 November

09.15 AL all is well

## Causes

16.99 is not a time, and 16.30 BTO is not in the timeline
"""


def test_a_timeline_in_a_write_up_gives_every_speaker_and_time(tmp_path: Path) -> None:
    records, problems = records_of(tmp_path / "retro.md", RETRO, Choices(zone=ZoneInfo("Europe/London")))
    assert problems == []
    assert [(f"{r.at:%m-%d %H.%M}", r.author) for r in records] == [
        ("11-15 16.04", "orders-gateway-5xx-alarm"),
        ("11-15 16.06", "AL"),
        ("11-15 16.07", "BTO"),
        ("11-15 16.07", "AL"),
        ("11-15 16.08", "CK"),
        ("11-15 16.08", "BTO"),
        ("11-15 16.26", "AL / BTO"),
        ("11-15 16.31", "AL"),
        ("11-15 16.31", "AL"),
        ("11-15 16.57", "orders-prod-5xx-alarm"),
        ("11-15 17.04", "NP"),
        ("11-16 09.15", "AL"),
    ]
    by_text = {r.text for r in records}
    assert "There were 4 errors\n\nRepeated every minute until 16.57" in by_text
    assert "It is not mended yet" in by_text
    assert any(text.endswith("I suspect my change\n1. undo it\n2. deploy") for text in by_text)
    assert [r.edited for r in records if r.author == "BTO"] == [False, True]
    assert [r.kind for r in records].count(Kind.ALERT) == 2


def test_the_original_of_a_message_is_its_lines(tmp_path: Path) -> None:
    records, _ = records_of(tmp_path / "a.txt", "16:07 ana: a\nmore\n16:08 bo: b\n")
    assert [r.original for r in records] == [b"16:07 ana: a\nmore\n", b"16:08 bo: b\n"]


def test_times_without_any_day_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no time and no anchor"):
        told(tmp_path, "16:07 ana: a\n16:08 bo: b\n", Choices())


def test_text_without_times_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Dear all,\n\nversion 2.10 was released in 2031.\n")
    with pytest.raises(Refused):
        recognise(path)


def test_days_between_the_lines_and_midnight(tmp_path: Path) -> None:
    text = "Monday, March 3rd\n23:50 ana: a\n00:10 bo: b\n\nWednesday, March 5th\n09:00 ana: c\n08:55 bo: late note\n"
    assert [when for when, *_ in told(tmp_path, text)] == ["03-03 23:50", "03-04 00:10", "03-05 09:00", "03-05 08:55"]


def test_times_as_headings_and_a_zone_that_is_said(tmp_path: Path) -> None:
    text = (
        "# Flood\n\n## Timeline\n\nAll times in CEST\n\n### 2031-04-18 12:35\n\nA deploy.\n\n"
        "### ~13:30-13:45\n\nLaunches fail.\n\n### 14:29\n\nAna looks.\n\n## Lessons\n\n14:30 is not in it\n"
    )
    records, problems = records_of(tmp_path / "flood.md", text, Choices())
    assert [(f"{r.at:%m-%d %H:%M}", r.author, r.text) for r in records] == [
        ("04-18 10:35", "", "A deploy."),
        ("04-18 11:30", "", "Launches fail."),
        ("04-18 12:29", "", "Ana looks."),
    ]
    assert problems == []


@pytest.mark.parametrize(
    "said", ["All times are in UTC", "| Time (UTC) | Event |", "*All times in **GMT**.*", "Times: UTC+0"]
)
def test_the_zone_a_write_up_names_is_believed(tmp_path: Path, said: str) -> None:
    assert records_of(tmp_path / "a.md", f"{said}\n\n16:07 ana: a\n16:08 bo: b\n")[1] == []


def test_today_comes_after_yesterday(tmp_path: Path) -> None:
    text = "Yesterday\nAna  2:05 PM\na\nToday\nBo  1:07 PM\nb\n"
    assert [when for when, *_ in told(tmp_path, text)] == ["03-03 14:05", "03-04 13:07"]


def test_the_zone_is_chosen_or_told(tmp_path: Path) -> None:
    vienna = Choices(anchor=date(2031, 7, 3), zone=ZoneInfo("Europe/Vienna"))
    assert [w for w, *_ in told(tmp_path, "16:07 ana: a\n16:08 UTC bo: b\n", vienna)] == ["07-03 14:07", "07-03 16:08"]
    records, problems = records_of(tmp_path / "b.txt", "16:07 UTC ana: a\n16:08 UTC bo: b\n")
    assert problems == []
    assert len(records) == 2


def test_impossible_times_are_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    records, problems = records_of(tmp_path / "a.txt", "16:07 ana: a\n25:61 bo: hush\n16:08 bo: b\n")
    assert [r.text for r in records] == ["a", "b"]
    assert "no such time of day" in problems
    assert "hush" not in str(problems)


@pytest.mark.parametrize("year", [1970, 2100])
def test_a_year_that_cannot_be_is_reported(tmp_path: Path, year: int) -> None:
    records, problems = records_of(tmp_path / "a.txt", "16:07 ana: a\n", Choices(anchor=date(year, 3, 3)))
    assert records == []
    assert any("not believable" in p for p in problems)


def test_markup_stays_text_and_a_megabyte_is_kept(tmp_path: Path) -> None:
    text = f"16:07 ana: <script>alert(1)</script>\n16:08 bo: {'word ' * 210_000}\n"
    records, _ = records_of(tmp_path / "a.txt", text)
    assert records[0].text == "<script>alert(1)</script>"
    assert len(records[1].text) > 1_000_000


def test_every_encoding_is_read(tmp_path: Path) -> None:
    for encoding in ("utf-8-sig", "utf-16", "latin-1"):
        path = tmp_path / f"{encoding}.txt"
        path.write_bytes("16:07 ana: Grüße\n16:08 bo: é\n".encode(encoding))
        got = [r for r in recognise(path).read(path, ANCHOR) if isinstance(r, Record)]
        assert [r.text for r in got] == ["Grüße", "é"]


def test_a_window_of_time_takes_what_lies_in_it(tmp_path: Path) -> None:
    records, _ = records_of(tmp_path / "a.txt", "16:07 ana: a\n16:08 bo: b\n16:09 ana: c\n")
    window = Choices(anchor=date(2031, 3, 3), since=records[1].at, until=records[1].at)
    assert [text for *_, text in told(tmp_path, "16:07 ana: a\n16:08 bo: b\n16:09 ana: c\n", window)] == ["b"]
