"""Scores the proposals against what readers marked: recall among the first ten, beside two plain orders.

    score_proposals.py --commits DIR --reports DIR --marks READER_A [READER_B] [--only NAME …]

DIR of commits: one JSON-lines file a report (sha, commit_date, author, subject, body, files). DIR of reports: Markdown of the
same names; only the title and the date in the file name are given to the ranking. A marks file has one line a report:
`name: sha sha / sha / …`, where `/` parts the changes the story needs and several shas of one change (a commit and its merge)
stand for each other.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from secondstory.timeline.proposals import Context, Line, propose

TOP = 10
PLAIN_WORDS = re.compile(r"deploy|revert|bump|fix", re.IGNORECASE)
TITLE = re.compile(r"^(?:#\s+|title:\s*)(?P<title>.+)$", re.MULTILINE)
Changes = list[frozenset[str]]
Order = list[str]


@dataclass(frozen=True)
class Report:
    """One report with its commits, oldest first."""

    name: str
    lines: list[Line]
    shas: list[str]
    context: Context


def line_of(number: int, commit: dict[str, object]) -> Line:
    """A commit as the git importer tells it: subject, then body."""
    files = commit.get("files") or []
    return Line(
        number=number,
        at=datetime.fromisoformat(str(commit["commit_date"])).astimezone(UTC),
        author=str(commit["author"]),
        text=f"{commit['subject']}\n\n{commit['body']}".strip(),
        place=str(commit.get("repo", "")),
        kind="commit",
        files=tuple(map(str, files)) if isinstance(files, list) else (),
    )


def read_report(name: str, commits: Path, reports: Path) -> Report:
    """Title and day are all the ranking is told."""
    raw = [
        json.loads(line)
        for line in (commits / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
    raw.sort(key=lambda commit: datetime.fromisoformat(commit["commit_date"]))
    found = TITLE.search(next(reports.glob(f"{name}.*md")).read_text(encoding="utf-8"))
    title = re.sub(r"^\d{4}-\d\d-\d\d[ ,:]*", "", found["title"].strip()) if found else name[11:]
    day = datetime.fromisoformat(name[:10]).replace(tzinfo=UTC)
    lines = [line_of(number, commit) for number, commit in enumerate(raw)]
    return Report(name, lines, [commit["sha"] for commit in raw], Context(title=title, started_at=day))


def read_marks(path: Path) -> dict[str, Changes]:
    """What one reader marked, report by report."""
    marks = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, rest = line.partition(":")
            marks[name.strip()] = [frozenset(part.split()) for part in rest.split("/") if part.strip()]
    return marks


def chronological(report: Report) -> Order:
    """Oldest first."""
    return list(report.shas)


def filtered(report: Report) -> Order:
    """What holds one of four words, oldest first; then the rest, so that no place of the ten stays empty."""
    hits = [sha for sha, line in zip(report.shas, report.lines, strict=True) if PLAIN_WORDS.search(line.text)]
    return hits + [sha for sha in report.shas if sha not in hits]


def proposed(report: Report) -> Order:
    """As the triage page would show them."""
    return [report.shas[proposal.number] for proposal in propose(report.lines, report.context, TOP)]


ORDERS: dict[str, Callable[[Report], Order]] = {"time": chronological, "filter": filtered, "proposals": proposed}


def found(order: Sequence[str], change: frozenset[str]) -> bool:
    """Whether any commit that stands for the change is among the first ten."""
    return any(sha.startswith(short) for sha in order[:TOP] for short in change)


def recall(order: Sequence[str], changes: Changes) -> float:
    """The share of needed changes among the first ten."""
    return sum(found(order, change) for change in changes) / len(changes)


def single(changes: Changes) -> Changes:
    """Every marked commit for itself: the strict reading."""
    return [frozenset({sha}) for sha in sorted(frozenset().union(*changes))]


def joined(first: Changes, second: Changes) -> Changes:
    """What either reader marked, without counting one change twice."""
    return first + [change for change in second if not any(change & other for other in first)]


def shared(first: Changes, second: Changes) -> Changes:
    """What both readers marked."""
    return [change for change in first if any(change & other for other in second)]


def kappa(reports: Iterable[Report], first: dict[str, Changes], second: dict[str, Changes]) -> float:
    """Cohen's kappa over all commits of the reports."""
    both = neither = one = other = 0
    for report in reports:
        a, b = (frozenset().union(*marks[report.name]) for marks in (first, second))
        for sha in report.shas:
            by = sha.startswith(tuple(a)) if a else False, sha.startswith(tuple(b)) if b else False
            both, neither = both + (by == (True, True)), neither + (by == (False, False))
            one, other = one + (by == (True, False)), other + (by == (False, True))
    total = both + neither + one + other
    chance = ((both + one) * (both + other) + (neither + one) * (neither + other)) / total**2
    return ((both + neither) / total - chance) / (1 - chance)


def print_table(title: str, reports: Sequence[Report], marks: dict[str, Changes]) -> None:
    """One row a report, then the means and how many times better than the better plain order."""
    print(f"\n{title}\n{'report':<44}{'commits':>8}{'needed':>8}" + "".join(f"{name:>11}" for name in ORDERS))
    rows = []
    for report in reports:
        changes = marks.get(report.name, [])
        if not changes:
            print(f"{report.name:<44}{len(report.shas):>8}{0:>8}   (nothing marked, not scored)")
            continue
        row = [recall(order(report), changes) for order in ORDERS.values()]
        rows.append(row)
        print(f"{report.name:<44}{len(report.shas):>8}{len(changes):>8}" + "".join(f"{value:>11.2f}" for value in row))
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    print(f"{'mean of ' + str(len(rows)):<60}" + "".join(f"{value:>11.3f}" for value in means))
    better = max(means[:-1])
    print(
        f"proposals / better of the others = {means[-1] / better:.2f}" if better else "the plain orders found nothing"
    )


def main() -> None:
    """Reads the arguments and prints every table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commits", type=Path, required=True)
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--marks", type=Path, nargs="+", required=True)
    parser.add_argument("--only", nargs="*")
    chosen = parser.parse_args()
    readers = [read_marks(path) for path in chosen.marks]
    names = chosen.only or [name for name in readers[0] if readers[0][name]]
    reports = [read_report(name, chosen.commits, chosen.reports) for name in names]
    for number, marks in enumerate(readers):
        print_table(f"reader {'AB'[number]}", reports, marks)
    if readers[1:]:
        first, second = readers[:2]
        print_table("union", reports, {name: joined(first[name], second[name]) for name in names})
        print_table("intersection", reports, {name: shared(first[name], second[name]) for name in names})
        strict = {name: single(joined(first[name], second[name])) for name in names}
        print_table("union, every marked commit for itself", reports, strict)
        print(f"\nagreement of the readers over all commits: kappa = {kappa(reports, first, second):.2f}")


if __name__ == "__main__":
    main()
