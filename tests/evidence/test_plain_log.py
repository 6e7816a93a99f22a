from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.evidence.reading import importer_of, read, written

from secondstory.evidence.importers.record import Choices, Kind, Refused, digest_of

EASTER = date(2026, 4, 5)
AT = datetime(2026, 4, 5, 14, 2, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("2026-04-05T14:02:11Z checkout: queue is full", "checkout: queue is full"),
        ("2026-04-05T16:02:11+02:00 checkout: queue is full", "checkout: queue is full"),
        ("2026-04-05 14:02:11,000 ERROR app.queue queue is full", "ERROR app.queue queue is full"),
        ("[2026-04-05 14:02:11] queue is full", "queue is full"),
        ("2026/04/05 14:02:11 [error] 12#0: *9 upstream timed out", "[error] 12#0: *9 upstream timed out"),
        ("2026-04-05 14:02:11 UTC [412] LOG:  checkpoint", "[412] LOG:  checkpoint"),
        ("Apr  5 14:02:11 web-1 nginx[412]: worker exited", "web-1 nginx[412]: worker exited"),
        ("Apr  5 2026 14:02:11 web-1 nginx[412]: worker exited", "web-1 nginx[412]: worker exited"),
        ("<34>1 2026-04-05T14:02:11Z web-1 app 412 - - full", "web-1 app 412 - - full"),
        ("<34>Apr  5 14:02:11 web-1 app: full", "web-1 app: full"),
        ("E0405 14:02:11.000000       1 queue.go:12] queue is full", "1 queue.go:12] queue is full"),
        ("1775397731 queue is full", "queue is full"),
        ("1775397731000 queue is full", "queue is full"),
        ("[Sun Apr 05 14:02:11.000000 2026] [core:error] full", "[core:error] full"),
        ("Apr 05, 2026 2:02:11 PM shop.Queue put", "shop.Queue put"),
        ("05-Apr-2026 14:02:11.000 SEVERE [main] queue is full", "SEVERE [main] queue is full"),
        ("05 Apr 2026 14:02:11,000 WARN [main] full", "WARN [main] full"),
        ("I, [2026-04-05T14:02:11.000000 #412]  INFO -- : full", "#412]  INFO -- : full"),
        ("14:02:11 queue is full", "queue is full"),
    ],
)
def test_common_times_are_read(tmp_path: Path, line: str, text: str) -> None:
    path = written(tmp_path, "app.log", f"{line}\n{line} twice\n")
    records, _ = read(path, Choices(anchor=EASTER))
    assert [record.at for record in records] == [AT, AT]
    assert records[0].text == text
    assert records[0].kind is Kind.LOG
    assert records[0].original == f"{line}\n".encode()


def test_web_server_and_key_value_lines_keep_their_words(tmp_path: Path) -> None:
    web = '192.0.2.7 - - [05/Apr/2026:16:02:11 +0200] "GET /pay HTTP/1.1" 502 0\n'
    pairs = 'level=error time="2026-04-05T14:02:11Z" msg="queue is full"\n'
    for content in (web, pairs):
        (record,), _ = read(written(tmp_path, "access.log", content))
        assert (record.at, record.text) == (AT, content.strip())


def test_lines_without_a_time_belong_to_the_record_before(tmp_path: Path) -> None:
    content = (
        "2026-04-05T14:02:11Z ERROR payment failed\n"
        "Traceback (most recent call last):\n"
        '  File "pay.py", line 7, in pay\n'
        "TimeoutError: bank\n"
        "\n"
        "2026-04-05T14:02:12Z INFO retried\n"
    )
    (failed, retried), problems = read(written(tmp_path, "app.log", content))
    assert failed.text.endswith("TimeoutError: bank")
    assert retried.text == "INFO retried"
    assert failed.original + retried.original == content.encode()
    assert problems == []


def test_lines_before_the_first_time_are_told_once(tmp_path: Path) -> None:
    content = "starting up\nreading settings\n" + "2026-04-05T14:02:11Z ready\n" * 3
    records, (problem,) = read(written(tmp_path, "app.log", content))
    assert len(records) == 3
    assert (problem.where, problem.what) == ("app.log lines 1 to 2", "2 lines without a time before them")


def test_a_year_that_is_missing_is_the_one_nearest_the_anchor(tmp_path: Path) -> None:
    path = written(tmp_path, "app.log", "Dec 31 23:59:58 web app: old\nJan  1 00:00:03 web app: new\n")
    records, _ = read(path, Choices(anchor=date(2026, 1, 2)))
    assert [record.at.year for record in records] == [2025, 2026]


def test_without_an_anchor_the_year_is_taken_from_the_log_or_refused(tmp_path: Path) -> None:
    told = written(
        tmp_path, "told.log", "-- began 2025-03-04 --\nMar  5 10:00:00 web app: x\nMar  5 10:00:01 web app: y\n"
    )
    records, problems = read(told)
    assert records[0].at == datetime(2025, 3, 5, 10, tzinfo=UTC)
    assert "which the log mentions" in problems[0].what
    untold = written(tmp_path, "untold.log", "Mar  5 10:00:00 web app: x\nMar  5 10:00:01 web app: y\n")
    with pytest.raises(Refused, match="no year, and no date was given"):
        read(untold)


def test_times_of_day_pass_midnight(tmp_path: Path) -> None:
    path = written(tmp_path, "app.log", "23:59:58 a\n00:00:03 b\n00:00:02 c\n")
    records, _ = read(path, Choices(anchor=EASTER))
    assert [record.at.day for record in records] == [5, 6, 6]


def test_times_without_a_zone_are_in_the_chosen_one_or_said_to_be_utc(tmp_path: Path) -> None:
    path = written(tmp_path, "app.log", "2026-04-05 14:02:11 x\n2026-04-05 14:02:12 y\n")
    records, problems = read(path)
    assert records[0].at == AT
    assert ["no zone" in problem.what for problem in problems] == [True]
    records, problems = read(path, Choices(zone=timezone(timedelta(hours=2))))
    assert (records[0].at, problems) == (AT - timedelta(hours=2), [])


@pytest.mark.parametrize("year", ["1970", "2100"])
def test_a_year_that_cannot_be_is_a_problem_and_the_rest_goes_on(tmp_path: Path, year: str) -> None:
    path = written(tmp_path, "app.log", f"{year}-01-01T00:00:00Z boot\n2026-04-05T14:02:11Z x\n")
    records, problems = read(path)
    assert [record.text for record in records] == ["x"]
    assert [(problem.where, year in problem.what) for problem in problems] == [("app.log line 1", True)]


def test_prefixes_of_tools_are_passed_over(tmp_path: Path) -> None:
    compose = "queue_1  | 2026-04-05T14:02:11Z full\nweb_1    | 2026-04-05T14:02:12Z 502\n"
    records, _ = read(written(tmp_path, "compose.log", compose))
    assert [(record.service, record.text) for record in records] == [("queue_1", "full"), ("web_1", "502")]
    found = "app.log:12:2026-04-05T14:02:11Z full\napp.log:13:2026-04-05T14:02:12Z still full\n"
    records, _ = read(written(tmp_path, "grep.txt", found))
    assert [record.text for record in records] == ["full", "still full"]


def test_the_program_of_a_syslog_line_is_its_service(tmp_path: Path) -> None:
    path = written(tmp_path, "syslog", "Apr  5 14:02:11 web-1 nginx[412]: x\nApr  5 14:02:12 web-1 sshd[9]: y\n")
    records, _ = read(path, Choices(anchor=EASTER))
    assert [record.service for record in records] == ["nginx", "sshd"]


def test_json_log_lines_are_read_and_damaged_ones_named(tmp_path: Path) -> None:
    content = (
        '{"time":"2026-04-05T14:02:11Z","level":"error","msg":"queue is full","service":"checkout"}\n'
        '{"time":"2026-04-05T14:02:12Z","level":"info","msg":"drained","service":"checkout"}\n'
        '{"time":"2026-04-05T14:02:13Z","level":"info","msg":"fi\n'
    )
    records, problems = read(written(tmp_path, "app.log", content))
    assert [(record.text, record.service) for record in records] == [
        ("ERROR queue is full", "checkout"),
        ("INFO drained", "checkout"),
    ]
    assert [problem.where for problem in problems] == ["app.log line 3"]


@pytest.mark.parametrize(
    "content",
    [
        '{"time": "2026-04-05T14:02:11Z", "message": "from another product"}',
        '{\n  "created": "2026-04-05T14:02:11Z",\n  "message": "from another product"\n}\n',
        '[\n  {"at": "2026-04-05T14:02:11Z", "note": "from another product"}\n]\n',
        "A page of prose.\nIt began on 2026-04-05 and ended soon.\nNobody was hurt.\n",
    ],
)
def test_other_products_and_prose_are_not_logs(tmp_path: Path, content: str) -> None:
    with pytest.raises(Refused, match="not this product"):
        importer_of(written(tmp_path, "it.json", content))


def test_a_megabyte_in_one_line_is_one_record(tmp_path: Path) -> None:
    path = written(tmp_path, "app.log", "2026-04-05T14:02:11Z " + "x" * 1_000_000 + "\n2026-04-05T14:02:12Z y\n")
    records, _ = read(path)
    assert [len(record.text) for record in records] == [1_000_000, 1]


def test_latin_1_is_read_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, "app.log", "2026-04-05T14:02:11Z Kühlung aus\n2026-04-05T14:02:12Z y\n".encode("latin-1"))
    records, problems = read(path)
    assert records[0].text == "Kühlung aus"
    assert ["Latin-1" in problem.what for problem in problems] == [True]


def test_equal_lines_of_one_second_are_all_kept(tmp_path: Path) -> None:
    path = written(tmp_path, "app.log", "2026-04-05T14:02:11Z retry\n" * 3 + "2026-04-05T14:02:12Z retry\n")
    once, _ = read(path)
    again, _ = read(path)
    assert len({digest_of(record) for record in [*once, *again]}) == 4


def test_a_file_that_changes_its_shape_on_the_way_is_read_on(tmp_path: Path) -> None:
    first = "".join(f"2026-04-05T14:02:{second:02}Z old {'x' * 2000}\n" for second in range(60))
    then = "".join(f"[05/Apr/2026 14:03:{second:02}] new\n" for second in range(60))
    records, _ = read(written(tmp_path, "app.log", first + then))
    assert len(records) >= 117
    assert records[-1].text == "new"


def test_the_process_before_the_words_is_the_service(tmp_path: Path) -> None:
    path = written(tmp_path, "j.log", "2026-04-05T14:02:11+0000 web-1 nginx[412]: x\n2026-04-05T14:02:12Z y: z\n")
    records, _ = read(path)
    assert [record.service for record in records] == ["nginx", ""]
