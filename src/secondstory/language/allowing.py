"""What a writer has let stand: a remark in the text with its reason, or a baseline of what was there before."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from secondstory.language.findings import Finding
from secondstory.language.places import line_starts

REMARK = re.compile(
    r"(?:<!--|^[ \t]*\.\.)[ \t]*secondstory:[ \t]*allow[ \t]+(?P<rules>[A-Z]+\d+(?:[ \t]*,[ \t]*[A-Z]+\d+)*)(?P<because>[^\n]*?)(?:-->|$)",
    re.MULTILINE,
)
BECAUSE = re.compile(r"\s+because\s+\S+")


class Allowed(NamedTuple):
    """Rules let stand from one line to another."""

    rules: frozenset[str]
    first: int
    last: int


class Remarks(NamedTuple):
    """The remarks of a text, and the lines of those that give no reason and therefore let nothing stand."""

    allowed: tuple[Allowed, ...]
    without_reason: tuple[int, ...]

    def lets(self, finding: Finding) -> bool:
        """Whether a finding was let stand."""
        return any(finding.rule in each.rules and each.first <= finding.line <= each.last for each in self.allowed)


def remarks(text: str) -> Remarks:
    """Beside words a remark means its own line; alone on a line, the paragraph that follows."""
    if "secondstory:" not in text:
        return Remarks((), ())
    lines, starts = text.split("\n"), line_starts(text)
    allowed, without_reason = [], []
    for found in REMARK.finditer(text):
        line = bisect_right(starts, found.start())
        if not BECAUSE.match(found["because"]):
            without_reason.append(line)
            continue
        alone = lines[line - 1].strip() == found[0].strip()
        last = _end_of_paragraph(lines, line) if alone else line
        allowed.append(Allowed(frozenset(re.findall(r"\w+", found["rules"])), line, last))
    return Remarks(tuple(allowed), tuple(without_reason))


def _end_of_paragraph(lines: list[str], line: int) -> int:
    """The last line of the next paragraph; both count from one."""
    at = line
    while at < len(lines) and not lines[at].strip():
        at += 1
    while at < len(lines) and lines[at].strip():
        at += 1
    return at


class BadBaseline(Exception):
    """A baseline that cannot be read."""


def read_baseline(path: str) -> Counter[str]:
    """How often each fingerprint was there before."""
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
        return Counter({str(key): int(value) for key, value in data["fingerprints"].items()})
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise BadBaseline(f"{path}: this is no baseline ({type(error).__name__})") from error


def write_baseline(path: str, findings: Iterable[Finding]) -> None:
    """Fingerprints and how often; no sentence, no name, no place."""
    counts: Mapping[str, int] = Counter(finding.fingerprint for finding in findings)
    data = {"version": 1, "fingerprints": dict(sorted(counts.items()))}
    Path(path).write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def not_in(baseline: Counter[str], findings: Iterable[Finding]) -> Iterator[Finding]:
    """What is new; the same sentence twice where it was once is new once."""
    left = baseline.copy()
    for finding in findings:
        if left[finding.fingerprint] > 0:
            left[finding.fingerprint] -= 1
        else:
            yield finding
