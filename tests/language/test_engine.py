from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from secondstory.language import BadRule, Settings, analyse, shipped, utf16
from secondstory.language.catalogue import read_rules

BLAME = "The engineer failed to notice the alert."


def test_a_finding_says_everything_a_writer_needs() -> None:
    (finding,) = analyse(BLAME)
    assert (finding.rule, finding.family, finding.severity, finding.agent) == ("SS102", "omission", "warn", "person")
    assert BLAME[finding.start : finding.end] == "failed to notice"
    assert "the engineer" in finding.questions[0]
    assert "{time}" in finding.skeletons[0]
    assert finding.sentence == BLAME


def test_what_made_sense_beside_it_makes_the_finding_softer() -> None:
    (finding,) = analyse("The engineer missed the page because the dashboard showed green.")
    assert finding.severity == "info"


def test_a_rule_with_a_cap_speaks_no_oftener_than_that() -> None:
    text = "We should have asked. " * 9
    assert len(analyse(text)) == 3
    assert len(analyse(text, settings=Settings(capped=False))) == 9


def test_one_root_cause_is_said_once_and_can_be_changed_in_place() -> None:
    text = "The root cause was a full disk. The root cause was a lock."
    (finding,) = analyse(text)
    (edit,) = finding.edits
    assert text[: edit.start] + edit.replacement + text[edit.end :] == (
        "One contributing factor was a full disk. The root cause was a lock."
    )


def test_a_name_is_offered_its_role() -> None:
    found = analyse("Alice forgot the flag.", settings=Settings(roles={"Alice Archer": "the on-call engineer"}))
    assert [(edit.replacement, edit.start, edit.end) for edit in found[0].edits + found[1].edits] == [
        ("the on-call engineer", 0, 5)
    ]
    assert "the on-call engineer" in found[0].questions[0]


def test_reminding_people_is_offered_a_tool() -> None:
    (finding,) = analyse("Remind everyone to drain the node.", heading="Actions")
    assert finding.edits[0].replacement == "Make {tool} {prevent | show | undo} drain"


def test_questions_are_read_only_where_questions_are_asked() -> None:
    assert analyse("Did you see the alert?") == []
    assert [finding.rule for finding in analyse("Did you see the alert?", field="question")] == ["SS802"]


def test_a_project_changes_severities_exceptions_and_names() -> None:
    assert analyse(BLAME, settings=Settings(severities={"SS102": "off"})) == []
    assert analyse(BLAME, settings=Settings(exempt=("failed to notice the alert",))) == []
    assert analyse("We should have asked.", settings=Settings(floor="warn")) == []


def test_a_severity_of_ones_own_does_not_wake_what_is_left_alone() -> None:
    assert analyse("The deploy broke checkout.", settings=Settings(severities={"SS103": "warn"})) == []
    (finding,) = analyse("The engineer broke checkout.", settings=Settings(severities={"SS103": "hint"}))
    assert finding.severity == "hint"


def test_an_edit_and_a_question_keep_code_as_it_was_written() -> None:
    (finding,) = analyse("Remind everyone to `drain` the node.", heading="Actions")
    assert finding.edits[0].replacement == "Make {tool} {prevent | show | undo} `drain`"
    (finding,) = analyse("The `edge` engineer failed to notice it.")
    assert "in front of the `edge` engineer" in finding.questions[0]


def test_of_two_people_who_share_a_name_neither_role_is_guessed() -> None:
    roles = {"Alice Archer": "the on-call engineer", "Alice Brown": "the reviewer"}
    found = analyse("Alice forgot the flag.", settings=Settings(roles=roles))
    assert [edit for finding in found for edit in finding.edits] == []


@pytest.mark.parametrize("written", ["Siobhan O’Brien", "siobhan o'brien"])
def test_a_name_is_known_however_it_is_written(written: str) -> None:
    assert [finding.agent for finding in analyse("O'Brien forgot the flag.", settings=Settings(names=(written,)))] == [
        "named",
        "named",
    ]


def test_probes_speak_only_when_asked_for() -> None:
    assert analyse("We decided to wait.") == []
    assert [f.severity for f in analyse("We decided to wait.", settings=Settings(enabled=frozenset(["SP102"])))] == [
        "hint"
    ]


def test_a_template_is_no_text() -> None:
    assert analyse("# Template\n\nThe engineer failed to notice.") == []


def test_a_fingerprint_outlives_moved_lines_and_holds_no_words() -> None:
    (here,) = analyse(BLAME)
    (there,) = analyse(f"# New\n\n- one\n\n{BLAME}")
    assert here.fingerprint == there.fingerprint
    data = here.as_data(with_text=False)
    assert "notice" not in str(data)
    assert here.as_data(with_text=True)["sentence"] == BLAME


def test_offsets_count_code_points_and_editors_get_theirs() -> None:
    text = "😀😀 é We should have asked."
    (finding,) = analyse(text)
    assert text[finding.start : finding.end] == "should have asked"
    assert text.encode("utf-16-le")[2 * utf16(text, finding.start) :].decode("utf-16-le").startswith("should")


def test_the_analyser_imports_nothing_heavy() -> None:
    heavy = ("django", "typer", "rich", "yaml", "pygls", "inspect", "dataclasses")
    code = f"import sys, secondstory.language; sys.exit(any(name in sys.modules for name in {heavy!r}))"
    source = str(Path(__file__).parents[2] / "src")
    assert subprocess.run([sys.executable, "-S", "-c", code], env={"PYTHONPATH": source}, check=False).returncode == 0


def test_a_broken_rule_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('id = "X1"')
    with pytest.raises(BadRule, match=r"mine\.toml"):
        list(read_rules([path], shipped().pieces))
