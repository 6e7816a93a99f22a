"""Scores the analyser on labelled sentences, beside alex, write-good and proselint where they are installed.

    lint_eval.py FILE [--sources NAME …] [--without NAME …] [--show missed|extra] [--alone]

FILE is JSON lines: `text`, `labels`, `agent`, and where known `heading` and `src`. A sentence counts as flagged when any finding of
severity info or more stands in it. Agents `w` and `self` are one. Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from secondstory.language import Analyser, Finding, shipped

Z = 1.96
CODES = {
    "cf": "counterfactual",
    "ag": "omission, cause",
    "he": "human error",
    "hs": "hindsight",
    "jd": "judgement",
    "at": "trait",
    "sc": "single cause",
    "nm": "name",
    "wy": "why, who",
    "wa": "weak action",
}
AGENTS = {"p": "person", "w": "self", "self": "self", "s": "system", "i": "implicit", "q": "quoted"}
KINDS = {
    "person": "person",
    "named": "person",
    "team": "person",
    "self": "self",
    "system": "system",
    "implicit": "implicit",
}
Row = Mapping[str, Any]


class Counts(NamedTuple):
    """What was flagged rightly and wrongly, and what was passed over."""

    right: int
    extra: int
    missed: int

    def __str__(self) -> str:
        return f"{share(self.right, self.right + self.extra)}  {share(self.right, self.right + self.missed)}  n={self.right + self.missed}"


def share(part: int, whole: int) -> str:
    """A proportion with its interval; a dash where there is nothing to divide."""
    if not whole:
        return "  –   [ –    –  ]"
    middle = (part + Z * Z / 2) / (whole + Z * Z)
    reach = Z * math.sqrt(part * (whole - part) / whole + Z * Z / 4) / (whole + Z * Z)
    return f"{part / whole:5.3f} [{max(0, middle - reach):4.2f} {min(1, middle + reach):4.2f}]"


def counted(pairs: Iterable[tuple[bool, bool]]) -> Counts:
    """From (flagged, labelled)."""
    seen = list(pairs)
    return Counts(
        sum(flagged and labelled for flagged, labelled in seen),
        sum(flagged and not labelled for flagged, labelled in seen),
        sum(labelled and not flagged for flagged, labelled in seen),
    )


def read(path: Path, only: Sequence[str], without: Sequence[str]) -> list[Row]:
    """The labelled sentences of the chosen sources."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [row for row in rows if (not only or source(row) in only) and source(row) not in without]


def source(row: Row) -> str:
    """Where a sentence is from; what taught the rules and what was written for them goes by its stratum."""
    stratum = str(row.get("stratum", ""))
    return stratum if stratum in {"constructed", "didactic"} else str(row.get("src", ""))


def ours(rows: Sequence[Row]) -> list[list[Finding]]:
    """The findings in each sentence."""
    analyser = Analyser()
    return [
        [
            finding
            for finding in analyser.findings(str(row["text"]), markup="text", heading=str(row.get("heading") or ""))
            if finding.severity != "hint"
        ]
        for row in rows
    ]


def lines_flagged(rows: Sequence[Row], run: Callable[[Path], str], line_of: Callable[[str], int | None]) -> list[bool]:
    """Flags of a tool that reads a file and prints one finding a line; each sentence is a paragraph of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sentences.md"
        path.write_text("\n\n".join(" ".join(str(row["text"]).split()) for row in rows) + "\n", encoding="utf-8")
        found = {line_of(line) for line in run(path).splitlines()}
    return [2 * number + 1 in found for number in range(len(rows))]


def printed(*command: str) -> Callable[[Path], str]:
    """What a command prints about a file, on either stream."""

    def run(path: Path) -> str:
        done = subprocess.run(
            [*command, str(path)], capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"}
        )
        return done.stdout + done.stderr

    return run


def number_at(index: int, mark: str = ":") -> Callable[[str], int | None]:
    """Reads the line number from a field of a printed line."""

    def line_of(line: str) -> int | None:
        fields = line.strip().split(mark)
        return int(fields[index].strip()) if len(fields) > index and fields[index].strip().isdigit() else None

    return line_of


OTHERS: Mapping[str, tuple[str, tuple[str, ...], Callable[[str], int | None]]] = {
    "alex": ("alex", (), number_at(0)),
    "write-good": ("write-good", ("--parse",), number_at(1)),
    "proselint": ("proselint", ("check",), number_at(1)),
}


def others(rows: Sequence[Row]) -> dict[str, list[bool] | None]:
    """The other tools' flags; None where a tool is not installed."""
    flags: dict[str, list[bool] | None] = {}
    for name, (command, options, line_of) in OTHERS.items():
        at = shutil.which(command)
        flags[name] = lines_flagged(rows, printed(at, *options), line_of) if at else None
    return flags


def by_family(rows: Sequence[Row], found: Sequence[Sequence[Finding]]) -> dict[str, Counts]:
    """Each family of labels against the rules that carry its code."""
    codes = {rule.id: rule.code for rule in shipped().rules}
    return {
        name: counted(
            (any(codes[finding.rule] == code for finding in findings), code in row["labels"])
            for row, findings in zip(rows, found, strict=True)
        )
        for code, name in CODES.items()
    }


def by_agent(rows: Sequence[Row], found: Sequence[Sequence[Finding]]) -> dict[str, Counts]:
    """Of the labelled sentences of an agent, how many are flagged; of the findings of an agent, how many are labelled."""
    counts = {}
    for kind in ("person", "self", "system", "implicit"):
        extra = right_flags = labelled = caught = 0
        for row, findings in zip(rows, found, strict=True):
            says = any(KINDS[finding.agent] == kind for finding in findings)
            right_flags += says and bool(row["labels"])
            extra += says and not row["labels"]
            is_kind = bool(row["labels"]) and AGENTS.get(str(row.get("agent")), "") == kind
            labelled += is_kind
            caught += is_kind and bool(findings)
        counts[kind] = f"{share(right_flags, right_flags + extra)}  {share(caught, labelled)}  n={labelled}"
    return counts  # type: ignore[return-value]


def person_warnings(rows: Sequence[Row], found: Sequence[Sequence[Finding]]) -> Counts:
    """Warnings aimed at a person, against any label."""
    return counted(
        (
            any(finding.severity == "warn" and KINDS[finding.agent] == "person" for finding in findings),
            bool(row["labels"]),
        )
        for row, findings in zip(rows, found, strict=True)
    )


def tell(rows: Sequence[Row], *, alone: bool) -> list[list[Finding]]:
    """Prints every table."""
    found = ours(rows)
    labelled = [bool(row["labels"]) for row in rows]
    print(f"{len(rows)} sentences, {sum(labelled)} labelled; precision, then recall, each with its 95 % interval")
    print(f"{'secondstory':<16}{counted(zip(map(bool, found), labelled, strict=True))}")
    for name, flags in ({} if alone else others(rows)).items():
        print(f"{name:<16}{'not installed' if flags is None else counted(zip(flags, labelled, strict=True))}")
    print(f"{'person, warned':<16}{person_warnings(rows, found)}   (recall of all labels: look at precision)")
    print("\nby family")
    for name, counts in by_family(rows, found).items():
        print(f"{name:<16}{counts}")
    print("\nby agent (precision of findings that name it; recall of sentences labelled with it)")
    for name, line in by_agent(rows, found).items():
        print(f"{name:<16}{line}")
    print("\nby source")
    for name in sorted({source(row) for row in rows}):
        chosen = [index for index, row in enumerate(rows) if source(row) == name]
        print(f"{name[:15]:<16}{counted((bool(found[index]), labelled[index]) for index in chosen)} of {len(chosen)}")
    return found


def main() -> None:
    """Reads the arguments and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--sources", nargs="*", default=[])
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--show", choices=("missed", "extra"))
    parser.add_argument("--alone", action="store_true", help="without the other tools")
    chosen = parser.parse_args()
    rows = read(chosen.file, chosen.sources, chosen.without)
    found = tell(rows, alone=chosen.alone)
    for row, findings in zip(rows, found, strict=True):
        if chosen.show == "missed" and row["labels"] and not findings:
            print(f"- {','.join(row['labels'])}/{row.get('agent', '')}: {row['text']}")
        if chosen.show == "extra" and findings and not row["labels"]:
            print(f"+ {' '.join(finding.rule for finding in findings)} [{findings[0].agent}]: {row['text']}")


if __name__ == "__main__":
    main()
