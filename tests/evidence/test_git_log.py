from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.evidence.reading import read, written

from secondstory.evidence.importers.git_log import RECIPE
from secondstory.evidence.importers.record import Kind, Refused, digest_of

WHO = ["-c", "user.name=Ana Roe", "-c", "user.email=ana@kestrel.example"]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")

    def git(*arguments: str, at: str = "2026-03-04T14:00:00+01:00") -> None:
        stamps = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at, "HOME": str(folder), "PATH": "/usr/bin:/bin"}
        subprocess.run(["git", *WHO, *arguments], cwd=folder, env=stamps, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    (folder / "queue.py").write_text("LIMIT = 10\n")
    git("add", ".")
    git("commit", "-q", "-m", "Limit the queue")
    (folder / "queue.py").write_text("LIMIT = 1000\n")
    (folder / "read me.txt").write_text("    indented\nSee commit 1234567\n")
    git("add", ".")
    git(
        "commit",
        "-q",
        "-m",
        "Raise the limit | again\n\nThe old one was too small.\n\n- twice",
        at="2026-03-05T09:30:00+01:00",
    )
    return folder


def log_of(repository: Path, *options: str) -> bytes:
    return subprocess.run(["git", "log", *options], cwd=repository, check=True, capture_output=True).stdout


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--stat"],
        ["--numstat"],
        ["--name-status"],
        ["--name-only"],
        ["-p"],
        ["--pretty=fuller"],
        ["--pretty=fuller", "--stat", "--date=iso"],
        ["--date=rfc", "--decorate"],
        ["--date=unix"],
        RECIPE.split()[2:],
    ],
    ids=" ".join,
)
def test_text_with_messages_is_read(tmp_path: Path, repository: Path, options: list[str]) -> None:
    content = log_of(repository, *options)
    (raised, limited), problems = read(written(tmp_path, "git.log", content))
    assert problems == []
    assert raised.text == "Raise the limit | again\n\nThe old one was too small.\n\n- twice"
    assert limited.text == "Limit the queue"
    assert (raised.author, raised.kind) == ("Ana Roe", Kind.COMMIT)
    assert raised.at == datetime(2026, 3, 5, 8, 30, tzinfo=UTC)
    assert len(raised.thread) == 40
    with_files = any(
        option.startswith(("--stat", "--num", "--name", "-p")) and "pretty" not in option for option in options
    )
    assert set(raised.files) == ({"queue.py", "read me.txt"} if with_files else set())
    assert raised.original + limited.original == content


@pytest.mark.parametrize(
    "shape",
    ["%h %ad %s", "%h|%an|%ad|%s", "%h %an %ad %s", "%ad %h %s", "%h%x09%ad%x09%an%x09%s", "%h (%ad) %s"],
)
def test_one_line_a_commit_is_read_where_it_has_a_date(tmp_path: Path, repository: Path, shape: str) -> None:
    path = written(tmp_path, "git.txt", log_of(repository, f"--pretty=format:{shape}", "--date=iso-strict"))
    records, problems = read(path)
    assert problems == []
    assert [record.text for record in records] == ["Raise the limit | again", "Limit the queue"]
    assert {record.author for record in records} == ({"Ana Roe"} if "%an" in shape else {""})


def test_one_line_without_dates_is_refused(tmp_path: Path, repository: Path) -> None:
    with pytest.raises(Refused):
        read(written(tmp_path, "git.txt", log_of(repository, "--oneline")))


def test_json_lines_are_read_with_repository_and_files(tmp_path: Path) -> None:
    commit = {
        "sha": "a" * 40,
        "author_date": "2026-03-01T10:00:00+01:00",
        "commit_date": "2026-03-04T14:00:00+01:00",
        "author": "Ana Roe",
        "subject": "Limit the queue",
        "body": "It grew.",
        "files": ["queue.py"],
        "repo": "kestrel/shop",
    }
    lines = [commit, {**commit, "sha": "b" * 40, "commit_date": "1970-01-01T00:00:00Z"}, {"not": "a commit"}]
    path = written(tmp_path, "git.jsonl", "\n".join(json.dumps(line) for line in lines))
    (record,), problems = read(path)
    assert (record.place, record.text, record.files) == ("kestrel/shop", "Limit the queue\n\nIt grew.", ("queue.py",))
    assert record.at == datetime(2026, 3, 4, 13, tzinfo=UTC)
    assert [problem.where for problem in problems] == ["git.jsonl item 2", "git.jsonl item 3"]


def test_the_same_log_twice_has_the_same_digests(tmp_path: Path, repository: Path) -> None:
    content = log_of(repository)
    (one, _), _ = read(written(tmp_path, "git.log", content))
    (again, _), _ = read(written(tmp_path, "git.log", content))
    assert digest_of(one) == digest_of(again)
