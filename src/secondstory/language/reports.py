"""Findings as people, scripts and code hosts read them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from secondstory import __version__
from secondstory.language.catalogue import Rule
from secondstory.language.findings import Finding

WIDTH = 100
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"hint": "note", "info": "note", "warn": "warning", "error": "error"}


class Placed(NamedTuple):
    """A finding, the file it is in, and where in the lines it ends."""

    path: str
    finding: Finding
    end_line: int
    end_column: int


def placed(path: str, text: str, findings: Iterable[Finding]) -> Iterator[Placed]:
    """Findings of one text with their ends."""
    for finding in findings:
        inside = text[finding.start : finding.end]
        lines = inside.count("\n")
        column = len(inside) - inside.rfind("\n") if lines else finding.column + len(inside)
        yield Placed(path, finding, finding.line + lines, column)


def human(found: Sequence[Placed], rules: Sequence[Rule], *, with_text: bool) -> str:
    """The sentence with a caret below, what it does, and a question."""
    del rules, with_text
    return "".join(_told(each) for each in found)


def _told(each: Placed) -> str:
    finding = each.finding
    begin = finding.start - finding.sentence_start
    # A long sentence is shown from a little before the words, so that the caret stays on the screen.
    cut = max(0, begin - WIDTH // 2) if begin + finding.end - finding.start > WIDTH else 0
    line = finding.sentence[cut : cut + WIDTH].replace("\n", " ").replace("\t", " ")
    marks = " " * (begin - cut) + "^" + "~" * (min(finding.end - finding.start, WIDTH - begin + cut) - 1)
    return (
        f"{each.path}:{finding.line}:{finding.column}: {finding.severity} {finding.rule} {finding.name}\n"
        f"    {line}\n    {marks}\n    {finding.message}\n    ? {finding.questions[0]}\n\n"
    )


def json_lines(found: Sequence[Placed], rules: Sequence[Rule], *, with_text: bool) -> str:
    """One object a line."""
    del rules, with_text
    rows = (
        {
            "path": each.path,
            "end_line": each.end_line,
            "end_column": each.end_column,
            **each.finding.as_data(with_text=True),
        }
        for each in found
    )
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def github(found: Sequence[Placed], rules: Sequence[Rule], *, with_text: bool) -> str:
    """Annotations beside the lines of a pull request."""
    del rules, with_text
    commands = {"warn": "warning", "error": "error"}
    return "".join(
        f"::{commands.get(each.finding.severity, 'notice')} file={_property(each.path)},line={each.finding.line},"
        f"endLine={each.end_line},col={each.finding.column},endColumn={each.end_column},"
        f"title={_property(f'{each.finding.rule} {each.finding.name}')}::"
        f"{_data(f'{each.finding.message} {each.finding.questions[0]}')}\n"
        for each in found
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def sarif(found: Sequence[Placed], rules: Sequence[Rule], *, with_text: bool) -> str:
    """SARIF 2.1.0: places and fingerprints; words of the text only where they were asked for."""
    used = [rule for rule in rules if any(each.finding.rule == rule.id for each in found)]
    numbers = {rule.id: number for number, rule in enumerate(used)}
    titles = {rule.id: rule.title for rule in used}
    run = {
        "tool": {"driver": {"name": "secondstory", "version": __version__, "rules": [_rule(rule) for rule in used]}},
        "columnKind": "unicodeCodePoints",
        "results": [
            {**_result(each, numbers, titles, with_text=with_text), "partialFingerprints": prints}
            for each, prints in zip(found, _prints(found), strict=True)
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def _rule(rule: Rule) -> Mapping[str, Any]:
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "properties": {"tags": [rule.family]},
    }


def _result(
    each: Placed, numbers: Mapping[str, int], titles: Mapping[str, str], *, with_text: bool
) -> Mapping[str, Any]:
    finding = each.finding
    words = f"{finding.message} {finding.questions[0]}" if with_text else titles[finding.rule]
    return {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": LEVELS[finding.severity],
        "message": {"text": words},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(each.path)},
                    "region": {
                        "startLine": finding.line,
                        "startColumn": finding.column,
                        "endLine": each.end_line,
                        "endColumn": each.end_column,
                    },
                }
            }
        ],
    }


def _prints(found: Sequence[Placed]) -> Iterator[Mapping[str, str]]:
    """By rule and sentence. The second is the only one GitHub looks at, and it takes like prints for one finding: so they are counted."""
    seen: Counter[tuple[str, str]] = Counter()
    for each in found:
        one = each.finding.fingerprint
        seen[each.path, one] += 1
        yield {"ruleAndSentence/v1": one, "primaryLocationLineHash": f"{one}:{seen[each.path, one]}"}


def _uri(path: str) -> str:
    from urllib.parse import quote

    return quote(path.replace("\\", "/"))


REPORTS: Mapping[str, Callable[..., str]] = {"human": human, "json": json_lines, "sarif": sarif, "github": github}
