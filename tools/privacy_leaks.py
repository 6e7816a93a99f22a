"""Every leak that is planted: those made from the code by the operators, and those written by hand."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from privacy_harmless import Harmless
from privacy_operators import OPERATORS

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "secondstory"
LEAKS = ROOT / "tests" / "privacy" / "leaks"
# Told as an example, read from others' files, or without a database: nobody's words are guarded there.
LEFT_ALONE = {"migrations", "demo", "importers", "language"}


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
