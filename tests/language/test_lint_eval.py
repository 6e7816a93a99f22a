from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SENTENCES = [
    {"text": "The engineer failed to call.", "labels": ["ag"], "agent": "p", "src": "one"},
    {"text": "We should have asked.", "labels": ["cf"], "agent": "w", "src": "one"},
    {"text": "We should have waited.", "labels": ["cf"], "agent": "self", "src": "two"},
    {"text": "If only the lock had held.", "labels": [], "src": "two"},
    {"text": "The switch took nine minutes, which was the fault of all.", "labels": ["ag"], "agent": "i", "src": "two"},
    {"text": "The switch took nine minutes.", "labels": [], "src": "two"},
]


def scored(path: Path, *options: str) -> list[str]:
    path.write_text("\n".join(json.dumps(sentence) for sentence in SENTENCES))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "tools/lint_eval.py", str(path), *options],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_the_first_row_of_data_is_ours_with_precision_then_recall(tmp_path: Path) -> None:
    rows = scored(tmp_path / "labelled.jsonl", "--alone")
    assert rows[1].split()[:2] == ["secondstory", "0.750"]
    assert "n=4" in rows[1]
    assert rows[1].split("]")[1].split()[0] == "0.750"


def test_self_and_we_are_one_agent(tmp_path: Path) -> None:
    rows = scored(tmp_path / "labelled.jsonl", "--alone")
    assert next(row for row in rows if row.startswith("self ")).endswith("n=2")


def test_every_source_has_its_own_row_and_can_be_chosen(tmp_path: Path) -> None:
    rows = scored(tmp_path / "labelled.jsonl", "--alone", "--sources", "two")
    assert rows[0].startswith("4 sentences, 2 labelled")
    assert rows[-1].split()[0] == "two"


def test_what_is_not_installed_is_said_to_be_so(tmp_path: Path) -> None:
    path = os.environ["PATH"]
    os.environ["PATH"] = str(tmp_path)
    try:
        rows = scored(tmp_path / "labelled.jsonl")
    finally:
        os.environ["PATH"] = path
    assert [row.split()[0] for row in rows[1:5]] == ["secondstory", "alex", "write-good", "proselint"]
    assert all("not installed" in row for row in rows[2:5])
