"""`secondstory lint`: reads files or what is piped in and points at wording that closes a story.

It is called before Typer and Django are imported, so that an editor or a commit hook does not wait for them.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path

from secondstory.language.allowing import BadBaseline, not_in, read_baseline, remarks, write_baseline
from secondstory.language.configuration import BARS, PROFILES, BadConfiguration, Configuration, configuration, given
from secondstory.language.engine import Analyser
from secondstory.language.findings import Finding, at_least
from secondstory.language.reading import NotReadable, changed_lines, chosen, markup_of, text_of
from secondstory.language.reports import REPORTS, Placed, placed

FINE, FOUND, REFUSED = 0, 1, 2
ENOUGH_FOR_TWO = 2_000_000


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="secondstory lint", description="Points at wording that closes a story, and asks."
    )
    parser.add_argument(
        "files", nargs="*", default=["."], metavar="FILE", help="files, folders, globs, or - for what is piped in"
    )
    parser.add_argument("--format", choices=sorted(REPORTS), default="human", dest="report")
    parser.add_argument("--profile", choices=sorted(PROFILES), help="draft: warnings only; internal; public: no caps")
    parser.add_argument("--fail-on", choices=BARS, help="exit with 1 when a finding is at least this")
    parser.add_argument("--diff", metavar="REV", help="only lines that differ from this revision")
    parser.add_argument("--config", type=Path, help="settings to use instead of the nearest")
    parser.add_argument("--baseline", help="leave out what this file knows")
    parser.add_argument("--write-baseline", metavar="FILE", help="note what is there now, and report nothing")
    parser.add_argument("--with-text", action="store_true", help="let SARIF carry words of the text")
    parser.add_argument(
        "--stdin-name", default="stdin.md", help="what piped words are called; its end tells the markup"
    )
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """The command; answers with its exit code."""
    options = _parser().parse_args(words)
    try:
        return _run(options)
    except (NotReadable, BadConfiguration, BadBaseline) as error:
        sys.stderr.write(f"secondstory lint: {error}\n")
        return REFUSED


def _run(options: argparse.Namespace) -> int:
    project = given(options.config) if options.config else configuration(Path.cwd())
    analyser = project.analyser(project.text("profile", options.profile, "internal"))
    found = [each for some in _all(options, project, analyser) for each in some]
    if options.write_baseline:
        write_baseline(options.write_baseline, (each.finding for each in found))
        return FINE
    if baseline := options.baseline or _own_baseline(project):
        new = set(map(id, not_in(read_baseline(baseline), [each.finding for each in found])))
        found = [each for each in found if id(each.finding) in new]
    _say(REPORTS[options.report](found, analyser.catalogue.rules, with_text=options.with_text))
    bar = project.text("fail-on", options.fail_on, "never")
    failed = bar != "never" and any(at_least(each.finding.severity, bar) for each in found)
    return FOUND if failed else FINE


def _own_baseline(project: Configuration) -> str:
    name = project.text("baseline", None)
    return str(project.folder / name) if name else ""


def _say(report: str) -> None:
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal may know fewer letters than a text or the name of a file has.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(report)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has seen enough; Python would complain once more while it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _all(options: argparse.Namespace, project: Configuration, analyser: Analyser) -> Iterator[list[Placed]]:
    paths = chosen(options.files, project.list("exclude"))
    one = _OneFile(analyser, options.diff, options.stdin_name)
    if len(paths) > 1 and (os.cpu_count() or 1) > 1 and sum(map(_size, paths)) > ENOUGH_FOR_TWO:
        from concurrent.futures import ProcessPoolExecutor

        profile = project.text("profile", options.profile, "internal")
        with ProcessPoolExecutor(initializer=_begin, initargs=(project, profile, options.diff)) as workers:
            yield from _shown(workers.map(_elsewhere, paths, chunksize=8), len(paths))
    else:
        yield from _shown(map(one, paths), len(paths))


def _size(path: str) -> int:
    return 0 if path == "-" else Path(path).stat().st_size


def _shown(results: Iterator[list[Placed]], total: int) -> Iterator[list[Placed]]:
    """With a bar on a terminal, once it has taken a second."""
    import time

    begin = time.monotonic()
    for number, result in enumerate(results, 1):
        if sys.stderr.isatty() and total > 1 and time.monotonic() - begin > 1:
            done = 30 * number // total
            end = "\n" if number == total else ""
            sys.stderr.write(f"\r[{'#' * done}{'.' * (30 - done)}] {number}/{total}{end}")
            sys.stderr.flush()
        yield result


class _OneFile:
    """Reads one file at a time with what all share."""

    def __init__(self, analyser: Analyser, revision: str | None, stdin_name: str) -> None:
        self.analyser, self.revision, self.stdin_name = analyser, revision, stdin_name

    def __call__(self, path: str) -> list[Placed]:
        text = text_of(path)
        name = self.stdin_name if path == "-" else path
        said = remarks(text)
        for line in said.without_reason:
            sys.stderr.write(f"{name}:{line}: this lets nothing stand: say why, “allow SS201 because …”\n")
        changed = changed_lines(path, self.revision) if self.revision and path != "-" else None
        found = self.analyser.findings(text, markup=markup_of(name))
        kept = [each for each in found if not said.lets(each) and (changed is None or _touches(each, text, changed))]
        return list(placed(name, text, kept))


def _touches(finding: Finding, text: str, changed: set[int]) -> bool:
    """Whether any line of the sentence has changed: a sentence is read as a whole."""
    first = text.count("\n", 0, finding.sentence_start) + 1
    last = first + finding.sentence.count("\n")
    return any(line in changed for line in range(first, last + 1))


_here: list[_OneFile] = []


def _begin(project: Configuration, profile: str, revision: str | None) -> None:
    _here[:] = [_OneFile(project.analyser(profile), revision, "")]


def _elsewhere(path: str) -> list[Placed]:
    return _here[0](path)
