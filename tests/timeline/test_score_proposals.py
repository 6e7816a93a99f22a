"""The scoring tool on invented commits and marks."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "score_proposals.py"
NAME = "2031-04-02-checkout-times-out"


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("score_proposals", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules["score_proposals"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def material(tmp_path: Path) -> Path:
    subjects = [f"Describe chapter {number}" for number in range(12)] + ['Revert "Shorten the checkout timeout"']
    commits = [
        {
            "sha": f"{number:040x}",
            "commit_date": f"2031-04-02T{number:02}:00:00+02:00",
            "author": "Ana",
            "subject": subject,
            "body": "",
        }
        for number, subject in enumerate(subjects)
    ]
    (tmp_path / f"{NAME}.jsonl").write_text("\n".join(map(json.dumps, commits)), encoding="utf-8")
    (tmp_path / f"{NAME}.md").write_text(
        "# 2031-04-02, Checkout times out\n\nText the ranking never sees.\n", encoding="utf-8"
    )
    (tmp_path / "marks.txt").write_text(f"# reader\n{NAME}: {12:040x} / {11:040x} {1:040x}\n", encoding="utf-8")
    return tmp_path


def test_only_title_and_day_reach_the_ranking(tool, material: Path):
    context = tool.read_report(NAME, material, material).context
    assert context == tool.Context(title="Checkout times out", started_at=tool.datetime(2031, 4, 2, tzinfo=tool.UTC))


def test_recall_counts_changes_not_commits(tool, material: Path):
    report = tool.read_report(NAME, material, material)
    changes = tool.read_marks(material / "marks.txt")[NAME]
    assert tool.recall(tool.chronological(report), changes) == 0.5
    assert tool.recall(tool.filtered(report), changes) == 1.0
    assert tool.recall(tool.proposed(report)[:1], changes) == 0.5
    assert tool.recall(tool.chronological(report), tool.single(changes)) == pytest.approx(1 / 3)


def test_union_and_intersection_do_not_count_a_change_twice(tool):
    first, second = [frozenset("ab"), frozenset("c")], [frozenset("b"), frozenset("d")]
    assert tool.joined(first, second) == [frozenset("ab"), frozenset("c"), frozenset("d")]
    assert tool.shared(first, second) == [frozenset("ab")]


def test_readers_who_agree_have_a_kappa_of_one(tool, material: Path):
    report = tool.read_report(NAME, material, material)
    marks = tool.read_marks(material / "marks.txt")
    assert tool.kappa([report], marks, marks) == pytest.approx(1.0)


def test_the_table_is_printed(tool, material: Path, monkeypatch, capsys):
    marks = str(material / "marks.txt")
    arguments = ["tool", "--commits", str(material), "--reports", str(material), "--marks", marks, marks]
    monkeypatch.setattr(sys, "argv", arguments)
    tool.main()
    printed = capsys.readouterr().out
    assert "proposals / better of the others" in printed
    assert "kappa = 1.00" in printed
