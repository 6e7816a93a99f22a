from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.evidence.reading import importer_of, read, written

from secondstory.evidence.importers.csv_columns import MONTH_FIRST
from secondstory.evidence.importers.csv_table import guess
from secondstory.evidence.importers.record import Choices, Kind, Refused

PLAIN = (
    "Timestamp,User,Message,Channel,Type\n"
    "2026-03-04 14:02:11Z,ana,Queue is full,#checkout,alert\n"
    '2026-03-04 14:05:00Z,bo,"Rolling back, the ""new"" worker\nand telling support",#checkout,rollback\n'
)


def test_columns_are_guessed_with_rows_to_confirm_them(tmp_path: Path) -> None:
    guessed = guess(written(tmp_path, "events.csv", PLAIN))
    assert guessed.columns == {
        "time": "Timestamp",
        "author": "User",
        "text": "Message",
        "place": "Channel",
        "kind": "Type",
    }
    assert guessed.rows[0] == ("2026-03-04 14:02:11Z", "ana", "Queue is full", "#checkout", "alert")


def test_each_row_is_a_record_with_its_exact_bytes(tmp_path: Path) -> None:
    (first, second), problems = read(written(tmp_path, "events.csv", PLAIN))
    assert problems == []
    assert (first.at, first.author, first.place) == (datetime(2026, 3, 4, 14, 2, 11, tzinfo=UTC), "ana", "#checkout")
    assert (first.kind, second.kind) == (Kind.ALERT, Kind.DEPLOY)
    assert second.text == 'Rolling back, the "new" worker\nand telling support'
    assert first.original + second.original == PLAIN.partition("\n")[2].encode()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["when", "who", "what"], ["2026-03-04T14:02:11Z", "ana", "full"], ["2026-03-04T14:03:11Z", "bo", "drained"]]
    path = written(tmp_path, "events.csv", "\n".join(delimiter.join(row) for row in rows))
    records, _ = read(path)
    assert [(record.author, record.text) for record in records] == [("ana", "full"), ("bo", "drained")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_usual_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    content = "time,author,text\n2026-03-04T14:02:11Z,zoë,Kühlung aus\n"
    records, _ = read(written(tmp_path, "events.csv", content.encode(encoding)))
    assert [(record.author, record.text) for record in records] == [("zoë", "Kühlung aus")]


def test_the_chosen_columns_win_over_the_guess(tmp_path: Path) -> None:
    content = "opened,closed,note,remark\n2026-03-04T14:00:00Z,2026-03-04T15:00:00Z,full,drained\n"
    path = written(tmp_path, "events.csv", content)
    (record,), _ = read(path, Choices(columns={"time": "closed", "text": "remark"}))
    assert (record.at.hour, record.text) == (15, "drained")
    with pytest.raises(Refused, match="no column called gone"):
        read(path, Choices(columns={"time": "gone"}))


def test_a_date_and_a_time_column_are_put_together(tmp_path: Path) -> None:
    content = "date,time,text\n2026-03-04,14:02,full\n2026-03-04,9:05,before\n"
    records, problems = read(written(tmp_path, "events.csv", content))
    assert [(record.at.day, record.at.hour, record.at.minute) for record in records] == [(4, 14, 2), (4, 9, 5)]
    assert ["no zone" in problem.what for problem in problems] == [True]


def test_times_of_day_need_a_day(tmp_path: Path) -> None:
    path = written(tmp_path, "events.csv", "time,text\n14:02,full\n14:03:30,drained\n")
    records, _ = read(path, Choices(anchor=date(2026, 3, 4)))
    assert [record.at for record in records] == [
        datetime(2026, 3, 4, 14, 2, tzinfo=UTC),
        datetime(2026, 3, 4, 14, 3, 30, tzinfo=UTC),
    ]
    with pytest.raises(Refused, match="no date was given"):
        read(path)


@pytest.mark.parametrize(
    ("dates", "days", "assumed"),
    [
        (["13/03/2026 14:02", "04/03/2026 14:02"], [13, 4], False),
        (["03/13/2026 2:02 PM", "03/04/2026 2:02 PM"], [13, 4], False),
        (["04/03/2026 14:02", "05/03/2026 14:02"], [4, 5], True),
        (["4.3.2026 14:02", "05.03.2026 14:02:10"], [4, 5], False),
    ],
)
def test_the_order_of_day_and_month_is_told_or_said_to_be_assumed(
    tmp_path: Path, dates: list[str], days: list[int], assumed: bool
) -> None:
    path = written(tmp_path, "events.csv", "time,text\n" + "".join(f"{day},x\n" for day in dates))
    records, problems = read(path)
    assert [(record.at.month, record.at.day, record.at.hour) for record in records] == [(3, day, 14) for day in days]
    assert any("day first" in problem.what for problem in problems) is assumed
    assert guess(path).asks_order is assumed


def test_the_order_of_day_and_month_can_be_chosen(tmp_path: Path) -> None:
    path = written(tmp_path, "events.csv", "time,text\n04/03/2026 14:02,x\n")
    columns = guess(path).columns
    (record,), problems = read(path, Choices(columns={**columns, "date_order": MONTH_FIRST}, zone=UTC))
    assert (record.at.month, problems) == (4, [])


def test_a_row_without_a_time_and_one_of_1970_are_problems(tmp_path: Path) -> None:
    rows = "2026-03-04T14:00:00Z,a\n,b\n1970-01-01T00:00:00Z,c\n2026-03-04T14:03:00Z,d\n2026-03-04T14:04:00Z,e\n"
    records, problems = read(written(tmp_path, "events.csv", "time,text\n" + rows * 3))
    assert len(records) == 9
    assert [problem.where for problem in problems][:2] == ["events.csv line 3", "events.csv line 4"]


def test_a_table_without_times_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no column holds a time"):
        read(written(tmp_path, "events.csv", "name,colour\nana,red\nbo,blue\n"))


def test_a_log_with_commas_is_not_a_table(tmp_path: Path) -> None:
    content = "2026-03-04 14:02:11,123 INFO queue, full\n2026-03-04 14:02:12,004 INFO queue, drained\n"
    assert importer_of(written(tmp_path, "app.log", content)).name == "plain_log"


def test_script_and_formulas_stay_text(tmp_path: Path) -> None:
    content = "time,text,link\n2026-03-04T14:00:00Z,<script>alert(1)</script>,javascript:alert(1)\n"
    (record,), _ = read(written(tmp_path, "events.csv", content))
    assert (record.text, record.link) == ("<script>alert(1)</script>", "")


def test_a_quotation_mark_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    rows = [f'2026-03-04T14:{minute:02}:00Z,ana,"line {minute}"' for minute in range(50)]
    rows[20] = '2026-03-04T14:20:00Z,"ana,line 20'
    rows[30] = '2026-03-04T14:30:00Z,ana,"line 30'
    rows[40] = '2026-03-04T14:40:00Z,ana,"line" 40'
    content = "time,author,text\n" + "\n".join(rows) + "\n"
    records, problems = read(written(tmp_path, "events.csv", content))
    assert [record.at.minute for record in records] == [minute for minute in range(50) if minute != 20]
    assert [(problem.where, problem.what) for problem in problems] == [
        ("events.csv line 22", "a quotation mark is not closed")
    ]
    assert records[29].text == "line 30"


def test_a_table_full_of_stray_quotation_marks_is_read_line_by_line(tmp_path: Path) -> None:
    content = "time,text\n" + '2026-03-04T14:00:00Z,"x\n' * 400
    records, problems = read(written(tmp_path, "events.csv", content))
    assert (len(records), problems) == (400, [])


def test_a_megabyte_in_one_cell_is_kept(tmp_path: Path) -> None:
    (record,), _ = read(written(tmp_path, "events.csv", f'time,text\n2026-03-04T14:00:00Z,"{"x " * 500_000}"\n'))
    assert len(record.text) == 999_999
