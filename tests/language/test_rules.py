from __future__ import annotations

import json
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from secondstory.language import Analyser, Catalogue, Rule, Settings, shipped
from secondstory.language.catalogue import TABLE, table

EXAMPLES = Path(__file__).parents[2] / "src" / "secondstory" / "language" / "examples"
PAIRS = tomllib.loads(Path(__file__).with_name("pairs.toml").read_text())["pair"]
RULES = shipped().rules
ENOUGH = 12


@lru_cache
def examples(rule: str) -> dict[str, Any]:
    return tomllib.loads((EXAMPLES / f"{rule}.toml").read_text())


def told(rule: str, text: str, catalogue: Catalogue | None = None) -> bool:
    catalogue = catalogue or shipped()
    alone = [each for each in catalogue.rules if each.id == rule and not each.derived]
    analyser = Analyser(catalogue.with_rules(alone or catalogue.rules), Settings(enabled=frozenset([rule])))
    given = examples(rule)
    found = analyser.findings(text, heading=given.get("heading", ""), field=given.get("field", "prose"))
    return rule in {finding.rule for finding in found}


def each(kind: str) -> list[Any]:
    return [pytest.param(rule.id, text, id=f"{rule.id}: {text}") for rule in RULES for text in examples(rule.id)[kind]]


@pytest.mark.parametrize(("rule", "text"), each("bad"))
def test_wording_that_closes_a_story_is_pointed_at(rule: str, text: str) -> None:
    assert told(rule, text)


@pytest.mark.parametrize(("rule", "text"), each("good"))
def test_wording_that_tells_a_story_is_left_alone(rule: str, text: str) -> None:
    assert not told(rule, text)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_enough_examples_and_no_file_is_left_over(rule: Rule) -> None:
    assert len(set(examples(rule.id)["bad"])) >= ENOUGH
    assert len(set(examples(rule.id)["good"])) >= ENOUGH
    assert {path.stem for path in EXAMPLES.glob("*.toml")} == {rule.id for rule in RULES}


@pytest.mark.parametrize(
    ("rule", "number"),
    [pytest.param(rule, n, id=f"{rule.id}-{n}") for rule in RULES for n in range(len(rule.antipattern_texts))],
)
def test_an_exception_that_is_forgotten_shows_in_an_example(rule: Rule, number: int) -> None:
    forgotten = rule.without_antipattern(number)
    catalogue = shipped().with_rules([forgotten if each.id == rule.id else each for each in RULES])
    assert any(told(rule.id, text, catalogue) for text in examples(rule.id)["good"])


@pytest.mark.parametrize(
    ("heading", "first", "second"),
    [
        pytest.param(group.get("heading", ""), *pair, id=f"{group['what']}: {pair[1]}")
        for group in PAIRS
        for pair in group["pairs"]
    ],
)
def test_of_a_minimal_pair_only_the_first_is_pointed_at(heading: str, first: str, second: str) -> None:
    analyser = Analyser()
    assert analyser.findings(first, heading=heading)
    assert not analyser.findings(second, heading=heading)


def test_the_rules_that_run_are_the_rules_that_are_written() -> None:
    assert json.loads(TABLE.read_text()) == table(), "run `make docs`"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_rule_is_an_error_and_every_rule_asks(rule: Rule) -> None:
    tables = [rule.severity, *rule.severity_in.values()]
    assert not any(severity == "error" for table in tables for severity in table.values())
    assert rule.questions
    assert all("?" in question for question in rule.questions)
    assert "violation" not in f"{rule.title} {rule.why} {rule.message}".lower()
