"""What holds for every text whatever is in it; asked by tests with invented texts, by the fuzzer with worse."""

from __future__ import annotations

import json
from typing import Any

from secondstory.language import Analyser, Finding, Settings, shipped, utf16
from secondstory.language.allowing import remarks
from secondstory.language.blocks import Markup, blocks
from secondstory.language.inline import prose, sentences
from secondstory.language.places import Lines
from secondstory.language.reports import REPORTS, placed

MARKUPS: tuple[Markup, ...] = ("markdown", "rst", "text")
FIELDS = ("prose", "question")
UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
EVERYTHING = Analyser(settings=Settings(enabled=frozenset(rule.id for rule in shipped().rules), capped=False))


def check(text: str, markup: Markup, field: str = "prose") -> list[Finding]:
    """Raise if anything about reading this text is not as it must be."""
    for block in blocks(text, markup):
        check_block(text, block.start, block.text)
    found = EVERYTHING.findings(text, markup=markup, field=field)
    lines = text.split("\n")
    for finding in found:
        check_finding(text, lines, finding)
    assert found == sorted(found, key=lambda each: each.start)
    kept = [finding for finding in found if not remarks(text).lets(finding)]
    check_reports(text, kept)
    return found


def check_block(text: str, start: int, words: str) -> None:
    source = text[start : start + len(words)]
    assert len(source) == len(words)
    assert all(ours in {theirs, " "} for ours, theirs in zip(words, source, strict=True))
    masked = prose(words)
    assert len(masked) == len(words)
    assert "".join(masked[begin:end] for begin, end in sentences(masked)) == masked


def check_finding(text: str, lines: list[str], finding: Finding) -> None:
    start, end = finding.start, finding.end
    assert 0 <= start < end <= len(text)
    assert text[finding.sentence_start :].startswith(finding.sentence)
    assert finding.sentence_start <= start
    assert end <= finding.sentence_start + len(finding.sentence)
    before = sum(len(line) + 1 for line in lines[: finding.line - 1])
    assert before + finding.column - 1 == start
    assert utf16(text, start) == len(text[:start].encode("utf-16-le", "surrogatepass")) // 2
    for edit in finding.edits:
        assert 0 <= edit.start <= edit.end <= len(text)
        assert edit.start < end
        assert start < edit.end
        assert "ª" not in edit.replacement or "ª" in text
    assert "ª" in text or not any("ª" in words for words in (finding.message, *finding.questions))


def check_reports(text: str, found: list[Finding]) -> None:
    told = list(placed("a.md", text, found))
    for name, report in REPORTS.items():
        words = report(told, shipped().rules, with_text=True)
        if name == "json":
            assert [json.loads(line)["rule"] for line in words.split("\n")[:-1]] == [each.rule for each in found]
        if name == "sarif":
            check_regions(text, json.loads(words), found)


def check_regions(text: str, log: Any, found: list[Finding]) -> None:
    lines = text.split("\n")
    for finding, result in zip(found, log["runs"][0]["results"], strict=True):
        region = result["locations"][0]["physicalLocation"]["region"]
        end = sum(len(line) + 1 for line in lines[: region["endLine"] - 1]) + region["endColumn"] - 1
        assert end == finding.end


def check_places(text: str, encoding: str) -> None:
    """Lines and columns against a way of counting that knows nothing of ours."""
    name, size = UNITS[encoding]
    lines = Lines(text, encoding)
    whole = text.replace("\r\n", "\0\n").replace("\r", "\n")
    for offset in range(len(text) + 1):
        if text[max(0, offset - 1) : offset + 1] == "\r\n":
            continue
        line = whole.count("\n", 0, offset)
        begin = whole.rfind("\n", 0, offset) + 1
        units = len(text[begin:offset].encode(name, "surrogatepass")) // size
        assert lines.place(offset) == (line, units)
        assert lines.offset(line, units) == offset
