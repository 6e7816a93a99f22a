from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from secondstory.language.command import main

SOURCE = Path(__file__).parents[2] / "src"
BLAME = "# Notes\n\nThe engineer failed to notice the alert.\n"
WAR = """
id = "XX1"
name = "war"
family = "own"
title = "War"
why = "It is none."
message = "“{cue}” is from a war."
questions = ["What was it like?"]
cues = ["battle"]
[severity]
implicit = "info"
[[match]]
pattern = '\\bbattle\\b'
"""
Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs the command in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        code = main(words)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)


def git(*words: str) -> None:
    who = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org"]
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


def test_a_person_reads_the_sentence_with_a_mark_and_a_question(said: Said) -> None:
    write("a.md", BLAME)
    code, out, _ = said("a.md")
    assert code == 0
    assert out == (
        "a.md:3:14: warn SS102 person-omission\n"
        "    The engineer failed to notice the alert.\n"
        "                 ^~~~~~~~~~~~~~~~\n"
        "    “failed to notice” says what did not happen.\n"
        "    ? What was in front of the engineer at that moment, and how did what was missing appear, if at all?\n\n"
    )


def test_it_fails_only_when_asked_to(said: Said) -> None:
    write("a.md", BLAME)
    assert said("--fail-on", "warn", "a.md")[0] == 1
    assert said("--fail-on", "error", "a.md")[0] == 0
    write("b.md", "We rolled back.\n")
    assert said("--fail-on", "hint", "b.md") == (0, "", "")


def test_piped_words_are_read(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BLAME.encode())))
    assert said("-")[1].startswith("stdin.md:3:14: warn")


def test_a_terminal_that_knows_few_letters_is_told_all_the_same(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"bad\xff.md")).write_text("😀 " + BLAME)
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "secondstory", "lint", "."]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0
    assert rb"bad\udcff.md:3:14: warn" in done.stdout


def test_machines_read_one_object_a_line(said: Said) -> None:
    write("a.md", BLAME + "\nThe root cause was a lock.\n")
    rows = [json.loads(line) for line in said("--format", "json", "a.md")[1].splitlines()]
    assert [(row["path"], row["rule"], row["line"], row["end_column"]) for row in rows] == [
        ("a.md", "SS102", 3, 30),
        ("a.md", "SS601", 5, 19),
    ]
    assert rows[1]["edits"][0]["replacement"] == "One contributing factor was"


def test_sarif_holds_places_and_fingerprints_and_words_only_when_asked(said: Said) -> None:
    write("a b.md", BLAME)
    log = json.loads(said("--format", "sarif", "a b.md")[1])
    (run,) = log["runs"]
    (result,) = run["results"]
    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "SS102"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b.md"
    assert place["region"] == {"startLine": 3, "startColumn": 14, "endLine": 3, "endColumn": 30}
    assert result["level"] == "warning"
    assert "engineer" not in json.dumps(result)
    assert "engineer" in said("--format", "sarif", "--with-text", "a b.md")[1]


def test_fingerprints_outlive_lines_put_above(said: Said) -> None:
    def prints() -> list[dict[str, str]]:
        return [
            result["partialFingerprints"]
            for result in json.loads(said("--format", "sarif", "a.md")[1])["runs"][0]["results"]
        ]

    write("a.md", BLAME)
    before = prints()
    write("a.md", "# New\n\n- one\n- two\n\n" + BLAME)
    assert prints() == before


def test_a_code_host_reads_annotations(said: Said) -> None:
    write("a,b.md", BLAME)
    out = said("--format", "github", "a,b.md")[1]
    assert out.startswith(
        "::warning file=a%2Cb.md,line=3,endLine=3,col=14,endColumn=30,title=SS102 person-omission::“failed"
    )
    assert out.count("\n") == 1


def test_profiles_differ_in_what_they_pass_over(said: Said) -> None:
    write("a.md", "We should have asked. " * 5)
    assert said("--profile", "draft", "a.md")[1] == ""
    assert said("--profile", "internal", "a.md")[1].count("SS201") == 3
    assert said("--profile", "public", "a.md")[1].count("SS201") == 5


def test_a_remark_with_a_reason_lets_a_finding_stand(said: Said) -> None:
    write("a.md", "<!-- secondstory: allow SS102 because it is a quotation from 1998 -->\n" + BLAME.split("\n\n")[1])
    assert said("a.md") == (0, "", "")
    write(
        "a.md",
        "The engineer failed to notice. <!-- secondstory: allow SS102, SS201 because of the drill -->\n\n" + BLAME,
    )
    assert said("a.md")[1].startswith("a.md:5:14")
    write("a.rst", ".. secondstory: allow SS102 because it is the drill\n\nThe engineer failed to notice.\n")
    assert said("a.rst") == (0, "", "")


def test_a_rule_of_ones_own_can_be_let_stand(said: Said) -> None:
    write("war.toml", WAR)
    write(".secondstory.toml", 'rules = ["war.toml"]')
    write("a.md", "It was a battle. <!-- secondstory: allow XX1 because it was one -->\n")
    assert said("a.md") == (0, "", "")


def test_a_remark_without_a_reason_lets_nothing_stand_and_says_so(said: Said) -> None:
    write("a.md", "<!-- secondstory: allow SS102 -->\nThe engineer failed to notice.\n")
    code, out, err = said("a.md")
    assert (code, err) == (0, "a.md:1: this lets nothing stand: say why, “allow SS201 because …”\n")
    assert "SS102" in out


def test_a_remark_for_another_rule_lets_nothing_stand(said: Said) -> None:
    write("a.md", "<!-- secondstory: allow SS201 because of the drill -->\nThe engineer failed to notice.\n")
    assert "SS102" in said("a.md")[1]


def test_a_baseline_holds_no_words_and_leaves_out_what_was_there(said: Said) -> None:
    write("a.md", BLAME)
    assert said("--write-baseline", "base.json", "a.md") == (0, "", "")
    assert "engineer" not in Path("base.json").read_text()
    write("a.md", "New lines.\n\n" + BLAME)
    assert said("--baseline", "base.json", "a.md") == (0, "", "")
    write("a.md", BLAME + "\nThe engineer failed to notice the alert.\n")
    assert said("--baseline", "base.json", "a.md")[1].count("SS102") == 1


def test_a_folder_is_read_without_what_git_ignores(said: Said) -> None:
    git("init", "-q")
    write("docs/a.md", BLAME)
    write("docs/b.txt", BLAME)
    write("docs/c.py", BLAME)
    write("out/d.md", BLAME)
    write(".gitignore", "out/\n")
    out = said()[1]
    assert [line.split(":")[0] for line in out.splitlines() if "SS102" in line] == ["docs/a.md", "docs/b.txt"]
    assert said("docs/*.md")[1].count("SS102") == 1


def test_only_changed_sentences_are_read_when_a_revision_is_given(said: Said) -> None:
    git("init", "-q")
    write("a.md", "The engineer failed to notice\nthe alert.\n\nThe reviewer missed the loop.\n")
    git("add", ".")
    git("commit", "-qm", "first")
    assert said("--diff", "HEAD", "a.md")[1] == ""
    write("a.md", "New.\n\nThe engineer failed to notice\nthe page.\n\nThe reviewer missed the loop.\n")
    out = said("--diff", "HEAD", "a.md")[1]
    assert "a.md:3:14" in out
    assert "reviewer" not in out
    write("b.md", BLAME)
    assert "SS102" in said("--diff", "HEAD", "b.md")[1]


def test_a_project_has_its_own_settings(said: Said) -> None:
    write("sub/a.md", BLAME + "\nZorana forgot the flag.\n")
    write("old/b.md", BLAME)
    write(
        ".secondstory.toml",
        'names = ["Zorana"]\nexclude = ["old"]\nfail-on = "info"\nseverities = { SS102 = "info" }\nenable = ["SP102"]\n',
    )
    code, out, _ = said()
    assert code == 1
    assert [line.split()[1:3] for line in out.splitlines() if line.startswith(("sub", "old"))] == [
        ["info", "SS102"],
        ["warn", "SS701"],
        ["info", "SS102"],
    ]


def test_a_project_adds_a_rule_of_its_own(said: Said) -> None:
    write("rules/war.toml", WAR)
    write("pyproject.toml", '[tool.secondstory.lint]\nrules = ["rules/war.toml"]\n')
    write("a.md", "It was a battle with the cache.\n")
    assert "a.md:1:10: info XX1 war" in said("a.md")[1]


@pytest.mark.parametrize(
    ("files", "words", "told"),
    [
        ({}, ["nowhere.md"], "nowhere.md: there is no such file"),
        ({".secondstory.toml": "nmaes = []"}, ["."], "nothing is called 'nmaes'"),
        ({".secondstory.toml": "names = 3"}, ["."], "names is a list"),
        ({".secondstory.toml": 'severities = { SS1 = "info" }'}, ["."], "there is no rule SS1"),
        ({".secondstory.toml": 'severities = { SS102 = "loud" }'}, ["."], "SS102 is one of"),
        ({".secondstory.toml": 'profile = "loud"'}, ["."], "profile is one of"),
        ({".secondstory.toml": 'rules = ["x.toml"]'}, ["."], "x.toml"),
        ({".secondstory.toml": 'fail-on = "loud"'}, ["."], "fail-on is one of"),
        ({".secondstory.toml": 'exempt = ["("]'}, ["."], "no regular expression"),
        ({".secondstory.toml": "roles = { Zorana = 3 }"}, ["."], "the name of a role"),
        ({".secondstory.toml": 'rules = ["x.toml"]', "x.toml": WAR.replace("battle\\b", "(")}, ["."], "x.toml"),
        ({".secondstory.toml": 'rules = ["x.toml"]', "x.toml": WAR.replace("battle\\b", "@nothing")}, ["."], "x.toml"),
        ({".secondstory.toml": "="}, ["."], ".secondstory.toml"),
        ({"a.md": "\0"}, ["a.md"], "a.md: this is not a text"),
        ({"a.md": "x", "b.json": "[]"}, ["--baseline", "b.json", "a.md"], "this is no baseline"),
        ({"a.md": "x"}, ["--diff", "--output=x", "a.md"], "expected one argument"),
        ({"a.md": "x"}, ["--diff=--output=x", "a.md"], "git knows no such revision"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(
    said: Said, capsys: pytest.CaptureFixture[str], files: dict[str, str], words: list[str], told: str
) -> None:
    for path, text in files.items():
        write(path, text)
    try:
        code, out, err = said(*words)
    except SystemExit as refused:
        code, out, err = int(refused.code or 0), "", capsys.readouterr().err
    assert (code, out) == (2, "")
    assert told in err


def test_many_files_are_shared_between_processes_and_told_in_order(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secondstory.language.command.ENOUGH_FOR_TWO", 10)
    for number in range(12):
        write(f"{number:02}.md", BLAME)
    assert [line[:5] for line in said()[1].splitlines() if "SS102" in line] == [
        f"{number:02}.md" for number in range(12)
    ]


@pytest.mark.parametrize(
    ("words", "heavy", "answer"),
    [
        (["lint", "--fail-on", "warn", "a.md"], ["django", "typer", "rich", "pygls", "subprocess"], 1),
        (["lsp", "--help"], ["django", "typer", "rich"], 0),
    ],
)
def test_the_console_script_answers_before_anything_heavy_is_imported(
    tmp_path: Path, words: list[str], heavy: list[str], answer: int
) -> None:
    (tmp_path / "a.md").write_text(BLAME)
    code = (
        f"import sys; sys.argv = ['secondstory', *{words}]\n"
        "from secondstory.cli import main\n"
        "try:\n    main()\n"
        f"finally:\n    print([name for name in {heavy} if name in sys.modules])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == answer
    assert done.stdout.endswith("[]\n")


def test_the_list_of_commands_names_it_and_the_server_for_editors() -> None:
    from typer.testing import CliRunner

    from secondstory.cli.commands import app

    told = CliRunner().invoke(app, ["--help"]).output
    assert "lint" in told
    assert "lsp" in told
