"""Plants leaks in a copy of the code, one at a time, and sees whether the privacy walk finds each.

`make privacy-mutants` runs them all and ends with "N planted, N caught". Each is put into a process in which the world already
stands, and looked for near where it is: in the source, in all rows, at the addresses of its slice. What nobody is told there is
tried from the start, so that the world too is filled by the changed code; what is left meets the walk of `make test`, and with
--far 3 that of `make prove`. What was caught is kept in .privacy-mutants: a later run goes on there.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from privacy_harmless import BECAUSE
from privacy_leaks import ROOT, SOURCE, Mutant, apart, by_hand, generated
from privacy_verdicts import Outcome, Verdicts, close, judged

FAR = ("near", "near, from the start", "the walk of make test", "the walk of make prove")
# What these tell is told at addresses.
PAGES = ("views.py", "api.py", "api_schemas.py", "forms.py", "frame.py", "_file.py", "markdown.py", "tables.py")
NEAR, COLD, ALL, WHOLE = range(4)


class Copy:
    """A copy of the tree in which one leak at a time is planted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("src", "tests", "pyproject.toml"):
            source = ROOT / name
            shutil.copytree(source, folder / name) if source.is_dir() else shutil.copy2(source, folder / name)

    def text(self, mutant: Mutant) -> str:
        return (self.folder / "src" / "secondstory" / mutant.file).read_text()

    def as_it_was(self, mutant: Mutant) -> None:
        """Puts the file back, with its time, so that what was compiled of it still holds."""
        target = self.folder / "src" / "secondstory" / mutant.file
        shutil.copy2(SOURCE / mutant.file, target)
        for left in target.parent.glob("*.orig"):
            left.unlink()


class Walker:
    """A process that walks a copy: a warm one with many leaks, a cold one with the one that is there."""

    def __init__(self, copy: Copy, kind: str, *, whole: bool = False) -> None:
        self.log = copy.folder / f"{kind}.log"
        data = tempfile.mkdtemp(dir=copy.folder)
        known = os.environ | {"PYTHONPATH": f"{copy.folder / 'src'}:{copy.folder}", "SECONDSTORY_DATA": data}
        known |= {"SECONDSTORY_WALK": "full" if whole else "", "PYTHONDONTWRITEBYTECODE": "1" if kind == "cold" else ""}
        command = [sys.executable, str(ROOT / "tools" / "privacy_walking.py"), kind, str(self.log)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=copy.folder, env=known, text=True, **pipes)

    def hear(self) -> dict[str, Any]:
        line = self.process.stdout.readline() if self.process.stdout else ""
        nothing = {"verdict": "does not import", "by": self.log.read_text(errors="replace")[-300:], "seconds": 0}
        return json.loads(line) if line else nothing

    def ask(self, order: dict[str, Any]) -> dict[str, Any]:
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(order), file=self.process.stdin, flush=True)
        return self.hear()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


class Planting:
    """Walks with each leak in turn: in the warm process, and if nothing is told there, from the start, and then all of it."""

    def __init__(self, folder: Path, given: argparse.Namespace) -> None:
        self.copy, self.given = Copy(folder), given
        begun = time.monotonic()
        self.warm = Walker(self.copy, "warm")
        green = self.warm.hear()
        if green["verdict"] != "survived":
            sys.exit(f"The walk is not green without a leak: {green}\n{self.warm.log.read_text()[-3000:]}")
        print(f"without a leak: green, and ready, in {time.monotonic() - begun:.0f} s", flush=True)

    def outcome(self, mutant: Mutant, far: int) -> Outcome:
        mutant.plant(self.copy.folder)
        try:
            told = self._told(mutant, far)
        finally:
            self.copy.as_it_was(mutant)
        return Outcome(mutant, told["verdict"], told["by"], told["seconds"])

    def _told(self, mutant: Mutant, far: int) -> dict[str, Any]:
        module = "secondstory." + mutant.file.removesuffix(".py").replace("/", ".")
        order = {
            "module": module,
            "slice": mutant.slice,
            "seconds": self.given.seconds,
            "far": far >= ALL,
            "pages": mutant.file.endswith(PAGES),
        }
        order |= {"was": (SOURCE / mutant.file).read_text(), "becomes": self.copy.text(mutant)}
        if far == NEAR:
            return self.warm.ask(order)
        cold = Walker(self.copy, "cold", whole=far == WHOLE)
        told = cold.ask(order)
        cold.end()
        return told


def run_all(mutants: list[Mutant], given: argparse.Namespace, folder: Path) -> Iterator[Outcome]:
    """Walks with each leak that was not caught before, several at a time."""
    verdicts = Verdicts()
    known = {each.name: verdicts.of(each) for each in mutants if not given.afresh}
    rest = [each for each in mutants if not known.get(each.name)]
    yield from (each for each in known.values() if each)
    plantings: Queue[Planting] = Queue()
    for number in range(min(given.jobs, len(rest))):
        plantings.put(Planting(folder / f"copy{number}", given))
    with ThreadPoolExecutor(given.jobs) as threads:
        for far in range(given.far + 1):
            missed = []
            for done, outcome in enumerate(threads.map(lambda each, far=far: _with(plantings, each, far), rest), 1):
                verdicts.keep(outcome)
                _say(outcome, f"{FAR[far]} {done}/{len(rest)}")
                missed += [] if outcome.verdict == "caught" else [outcome]
                yield from [] if outcome in missed and far < given.far else [outcome]
            rest = [each.mutant for each in missed]
    for each in plantings.queue:
        each.warm.end()


def _with(plantings: Queue[Planting], mutant: Mutant, far: int) -> Outcome:
    planting = plantings.get()
    try:
        return planting.outcome(mutant, far)
    finally:
        plantings.put(planting)


def _say(outcome: Outcome, place: str) -> None:
    print(f"{place} {outcome.verdict} in {outcome.seconds:.1f} s: {outcome.mutant.name}", flush=True)
    print(f"    {outcome.by}", flush=True)


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="only say what would be planted")
    parser.add_argument("--only", default="", help="those whose name holds this")
    parser.add_argument("--sort", default="", help="those of one operator")
    parser.add_argument("--each", type=int, default=1, help="only every so manieth of those made from the code")
    parser.add_argument("--afresh", action="store_true", help="also what was caught in an earlier run")
    parser.add_argument(
        "--far", type=int, default=ALL, help=f"how far one that survives is followed: {dict(enumerate(FAR))}"
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=900, help="how long one walk may take")
    given = parser.parse_args()
    made = [each for each in generated() if given.sort in each.sort][:: given.each]
    mutants, ruled_out = apart([each for each in by_hand() + made if given.only in each.name])
    harmless = [each for each in mutants if judged(each)]
    # What reading the source finds is hardly ever missed: it comes last.
    mutants = sorted((each for each in mutants if each not in harmless), key=lambda each: "without eyes" in each.name)
    if given.list:
        print(*(f"{each.name} [{each.around}]" for each in mutants), sep="\n")
        sorts = Counter(each.sort or "by hand" for each in mutants)
        print(*(f"{count} {sort}" for sort, count in sorts.items()), sep="\n")
    print(f"{len(mutants)} to plant; {ruled_out} are not, since {BECAUSE}; {len(harmless)}, since they leak nothing:")
    print(*(f"    {each.name}: {judged(each)}" for each in harmless), sep="\n", flush=True)
    if given.list:
        return 0
    with tempfile.TemporaryDirectory(prefix="privacy-mutants-") as folder:
        return close(list(run_all(mutants, given, Path(folder))))


if __name__ == "__main__":
    sys.exit(main())
