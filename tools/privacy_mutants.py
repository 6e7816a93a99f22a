"""Plants leaks in a copy of the code, one at a time, and sees whether the privacy walk finds each.

`make privacy-mutants` runs them all and ends with "N planted, N caught". Each meets the part of the walk that `make test`
walks, and what survives that meets the whole. A leak that nobody can be told anything by stands in
tests/privacy/equivalent.toml with the reason, which holds only as long as the function around it stays as it is.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
import warnings
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from privacy_harmless import BECAUSE, Harmless
from privacy_operators import OPERATORS

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "secondstory"
LEAKS = ROOT / "tests" / "privacy" / "leaks"
JUDGED = ROOT / "tests" / "privacy" / "equivalent.toml"
NOT_THE_COPY = 98
LEFT_ALONE = {"migrations", "demo", "importers"}
WALKS = [
    "test_doors.py",
    "test_rows_and_readers.py",
    "test_what_leaves_the_house.py",
    "test_guests_know_nobody_by_name.py",
]
WALKS += ["test_every_address.py"]
FOUND = re.compile(r"^E +(?:\S+\.)?Leak: (.*(?:\n(?!E +\n).*)?)", re.MULTILINE)
BROKEN = re.compile(r"SyntaxError|ImportError|ModuleNotFoundError|error during collection|errors during collection")


@dataclass(slots=True)
class Mutant:
    """A leak: the file it stands in, with what it does, and the fingerprint of the function around it."""

    file: str
    name: str
    number: int = -1
    around: str = ""
    sort: str = ""
    patch: Path | None = None

    @property
    def slice(self) -> str:
        return self.file.partition("/")[0]

    def plant(self, tree: Path) -> None:
        if self.patch:
            command = ["patch", "-p1", "-s", "--no-backup-if-mismatch", "-i", str(self.patch)]
            subprocess.run(command, cwd=tree, check=True)
            return
        module = ast.parse((SOURCE / self.file).read_text())
        list(changes_of(self.file, module))[self.number][2]()
        (tree / "src" / "secondstory" / self.file).write_text(ast.unparse(ast.fix_missing_locations(module)) + "\n")


def changes_of(file: str, module: ast.Module):  # noqa: ANN201
    """Everything the operators would do to a file, in one order."""
    return [(*change, operator.__name__) for operator in OPERATORS for change in operator(file, module)]


def generated() -> list[Mutant]:
    """Every leak that can be made from the code as it stands."""
    found: list[Mutant] = []
    for path in sorted(SOURCE.rglob("*.py")):
        file = str(path.relative_to(SOURCE))
        if LEFT_ALONE & set(path.parts):
            continue
        module = ast.parse(path.read_text())
        around = _functions(module)
        for number, (node, what, _do, sort) in enumerate(changes_of(file, module)):
            function = around.get(node)
            place = getattr(function, "name", "the module")
            text = ast.unparse(function) if function else ast.unparse(node)
            fingerprint = sha256(text.encode()).hexdigest()[:12]
            found.append(Mutant(file, f"{file} {place}: {what}", number, fingerprint, sort))
    _told_apart(found)
    return found


def _functions(module: ast.Module) -> dict[ast.AST, ast.AST]:
    """The innermost function or class around each node."""
    around: dict[ast.AST, ast.AST] = {}
    for outer in ast.walk(module):
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            around |= dict.fromkeys(ast.walk(outer), outer)
    return around


def _told_apart(found: list[Mutant]) -> None:
    seen: Counter[str] = Counter()
    for mutant in found:
        seen[mutant.name] += 1
        if seen[mutant.name] > 1:
            mutant.name += f" ({seen[mutant.name]})"


def apart(mutants: list[Mutant]) -> tuple[list[Mutant], int]:
    """Those to plant, and how many a rule says leak nothing."""
    harmless = Harmless(SOURCE)
    rest = [each for each in mutants if each.patch or not harmless.because(each.file, each.name.partition(": ")[2])]
    return rest, len(mutants) - len(rest)


def by_hand() -> list[Mutant]:
    """Those that somebody wrote who had not seen the tests."""
    found = []
    for patch in sorted(LEAKS.glob("*.patch")):
        file = re.search(r"^\+\+\+ b/src/secondstory/(\S+)", patch.read_text(), re.MULTILINE)
        found.append(Mutant(file[1] if file else "", f"by hand: {patch.stem}", patch=patch))
    return found


class Copy:
    """A copy of the tree in which one leak at a time is planted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("src", "tests", "pyproject.toml"):
            source = ROOT / name
            shutil.copytree(source, folder / name) if source.is_dir() else shutil.copy2(source, folder / name)

    def as_it_was(self, mutant: Mutant) -> None:
        """Puts the file back, with its time, so that what was compiled of it still holds."""
        target = self.folder / "src" / "secondstory" / mutant.file
        shutil.copy2(SOURCE / mutant.file, target)
        for left in target.parent.glob("*.orig"):
            left.unlink()


def walk(copy: Copy, first: str, output: Path, *, whole: bool = False) -> int:
    """Starts the walk in a child process of this one, which has loaded what all of them need."""
    child = os.fork()
    if child:
        return child
    os.setpgid(0, 0)
    os.chdir(copy.folder)
    with output.open("w") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ |= {"SECONDSTORY_WALK_FIRST": first or "none", "SECONDSTORY_DATA": tempfile.mkdtemp(dir=copy.folder)}
    os.environ["SECONDSTORY_WALK"] = "full" if whole else ""
    os.environ["PYTHONDONTWRITEBYTECODE"] = ""
    sys.dont_write_bytecode = bool(first)
    sys.path[:0] = [str(copy.folder / "src"), str(copy.folder)]
    code = 99
    try:
        code = _walk_here(output)
    finally:
        sys.stdout.flush()
        os._exit(code)


def _walk_here(output: Path) -> int:
    import pytest

    options = [
        "--maxfail=3",
        "-q",
        "--tb=short",
        "--nomigrations",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "--no-header",
    ]
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    code = int(pytest.main([*options, *(f"tests/privacy/{name}" for name in WALKS)]))
    output.with_suffix(".modules").write_text("\n".join(sorted(sys.modules)))
    walked = Path(sys.modules["secondstory"].__file__ or "")
    return code if walked.is_relative_to(Path.cwd()) else NOT_THE_COPY


def load(modules: Path) -> None:
    """Imports what every walk imports and no leak can be in, so that each child begins with it."""
    warnings.simplefilter("ignore")
    for name in modules.read_text().split():
        if name.partition(".")[0] not in {"secondstory", "tests", "__main__", "__mp_main__", "conftest"}:
            try:
                importlib.import_module(name)
            except Exception:  # noqa: BLE001, S112 - what needs the settings is imported when there are some
                continue


@dataclass(slots=True)
class Running:
    """A walk under way."""

    mutant: Mutant
    copy: Copy
    output: Path
    child: int
    begun: float
    whole: bool


@dataclass(slots=True)
class Outcome:
    """What became of a leak: caught by what, or not."""

    mutant: Mutant
    verdict: str
    by: str
    seconds: float


def judge(running: Running, code: int) -> Outcome:
    """Caught is only what a test found to be a leak: an error tells nothing about privacy."""
    told = running.output.read_text(errors="replace")
    seconds = time.monotonic() - running.begun
    leak = FOUND.search(told)
    if leak:
        how = "read in the source" if "test_doors.py::" in told else "told"
        return Outcome(running.mutant, "caught", how, seconds)
    if code == 0:
        return Outcome(running.mutant, "survived", "", seconds)
    why = "does not import" if BROKEN.search(told) else "too slow" if code < 0 else "fails for another reason"
    last = [line for line in told.splitlines() if line.startswith(("E  ", "FAILED", "ERROR"))]
    return Outcome(running.mutant, why, (last[0] if last else told[-200:])[:200], seconds)


def run_all(mutants: list[Mutant], jobs: int, limit: float, folder: Path) -> list[Outcome]:
    """Walks with each leak in turn, several at a time."""
    copies = [Copy(_made(folder / f"copy{number}")) for number in range(jobs)]
    _baseline(copies[0], folder)
    waiting, running, outcomes = [(each, False) for each in mutants], [], []
    while waiting or running:
        while waiting and copies:
            mutant, whole = waiting.pop(0)
            running.append(_start(mutant, copies.pop(), folder, whole=whole))
        time.sleep(0.05)
        for each in list(running):
            code = _ended(each, limit)
            if code is not None:
                running.remove(each)
                each.copy.as_it_was(each.mutant)
                copies.append(each.copy)
                outcome = judge(each, code)
                if outcome.verdict == "survived" and not each.whole:
                    waiting.insert(0, (each.mutant, True))
                    continue
                outcomes.append(outcome)
                _say(outcome, len(outcomes), len(mutants))
    return outcomes


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _baseline(copy: Copy, folder: Path) -> None:
    output = folder / "baseline.txt"
    begun = time.monotonic()
    _, status = os.waitpid(walk(copy, "", output), 0)
    if status:
        sys.exit(f"The walk is not green without a leak:\n{output.read_text()[-3000:]}")
    load(output.with_suffix(".modules"))
    print(f"without a leak: green in {time.monotonic() - begun:.0f} s", flush=True)


def _start(mutant: Mutant, copy: Copy, folder: Path, *, whole: bool) -> Running:
    mutant.plant(copy.folder)
    output = folder / f"{copy.folder.name}.txt"
    return Running(mutant, copy, output, walk(copy, mutant.slice, output, whole=whole), time.monotonic(), whole)


def _ended(running: Running, limit: float) -> int | None:
    child, status = os.waitpid(running.child, os.WNOHANG)
    if child:
        return os.waitstatus_to_exitcode(status)
    if time.monotonic() - running.begun > limit:
        os.killpg(running.child, signal.SIGKILL)
        os.waitpid(running.child, 0)
        return -9
    return None


def _say(outcome: Outcome, done: int, of: int) -> None:
    print(f"{done}/{of} {outcome.verdict} in {outcome.seconds:.0f} s: {outcome.mutant.name}", flush=True)
    if outcome.verdict != "caught":
        print(f"    {outcome.by}", flush=True)


def judged() -> dict[str, dict[str, str]]:
    """Leaks by which nobody can be told anything, each with the reason and the fingerprint it was judged at."""
    if not JUDGED.exists():
        return {}
    return {each["leak"]: each for each in tomllib.loads(JUDGED.read_text())["harmless"]}


def close(outcomes: list[Outcome]) -> int:
    """The end: what was planted and caught, and every leak that nobody noticed."""
    harmless = judged()
    missed = [each for each in outcomes if each.verdict != "caught"]
    known = [each for each in missed if _still_holds(each.mutant, harmless)]
    for each in missed:
        if each not in known:
            print(f"NOT CAUGHT ({each.verdict}): {each.mutant.name} [{each.mutant.around}] {each.by}")
    for each in known:
        print(f"harmless: {each.mutant.name}: {harmless[each.mutant.name]['because']}")
    planted = len(outcomes) - len(known)
    print(f"{len(known)} more leak nothing, each for the reason that stands beside it.")
    read = sum(each.by == "read in the source" for each in outcomes)
    print(f"{read} of those caught were found by reading the source, the others by what somebody was told.")
    print(f"{planted} planted, {planted - len(missed) + len(known)} caught")
    return 1 if len(missed) > len(known) else 0


def _still_holds(mutant: Mutant, harmless: dict[str, dict[str, str]]) -> bool:
    said = harmless.get(mutant.name)
    return bool(said and said["as_of"] == mutant.around)


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="only say what would be planted")
    parser.add_argument("--only", default="", help="those whose name holds this")
    parser.add_argument("--sort", default="", help="those of one operator")
    parser.add_argument("--each", type=int, default=1, help="only every so manieth of those made from the code")
    parser.add_argument("--quick", action="store_true", help="without the walk of addresses, which takes longest")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=900, help="how long one walk may take")
    given = parser.parse_args()
    if given.quick:
        WALKS.remove("test_every_address.py")
    made = [each for each in generated() if given.sort in each.sort][:: given.each]
    mutants, ruled_out = apart([each for each in by_hand() + made if given.only in each.name])
    if given.list:
        print(*(f"{each.name} [{each.around}]" for each in mutants), sep="\n")
        print(
            *(f"{count} {sort or 'by hand'}" for sort, count in Counter(each.sort for each in mutants).items()),
            sep="\n",
        )
        print(f"{len(mutants)} would be planted; {ruled_out} more leak nothing: {BECAUSE}")
        return 0
    with tempfile.TemporaryDirectory(prefix="privacy-mutants-") as folder:
        outcomes = run_all(mutants, given.jobs, given.seconds, Path(folder))
    print(f"{ruled_out} were not planted, since {BECAUSE}.")
    return close(outcomes)


if __name__ == "__main__":
    sys.exit(main())
