"""What became of each leak: kept for a later run, and said at the end.

What was caught stands while the changed file, everything the walk stands on and the test that caught it are as they were.
A leak that nobody can be told anything by stands in tests/privacy/equivalent.toml with the reason, which holds only as long as
the function around it stays as it is.
"""

from __future__ import annotations

import json
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from privacy_leaks import ROOT, SOURCE, Mutant

PRIVACY = ROOT / "tests" / "privacy"
JUDGED = PRIVACY / "equivalent.toml"
KEPT = ROOT / ".privacy-mutants" / "caught.jsonl"
READS_THE_SOURCE = "test_doors.py"


@dataclass(slots=True)
class Outcome:
    """What became of a leak: caught by what, or not."""

    mutant: Mutant
    verdict: str
    by: str
    seconds: float
    kept: bool = False


class Verdicts:
    """What was caught in earlier runs, one line each, written as soon as it is known."""

    def __init__(self) -> None:
        KEPT.parent.mkdir(exist_ok=True)
        lines = KEPT.read_text().splitlines() if KEPT.exists() else []
        self.known = {each["of"]: each for each in map(json.loads, lines)}

    def of(self, mutant: Mutant) -> Outcome | None:
        said = self.known.get(_of(mutant))
        if not said or said["walk"] != _walk(said["by"]):
            return None
        return Outcome(mutant, "caught", said["by"], said["seconds"], kept=True)

    def keep(self, outcome: Outcome) -> None:
        if outcome.verdict == "caught":
            said = {"of": _of(outcome.mutant), "walk": _walk(outcome.by), "by": outcome.by, "name": outcome.mutant.name}
            with KEPT.open("a") as file:
                print(json.dumps(said | {"seconds": round(outcome.seconds, 1)}), file=file)


def _of(mutant: Mutant) -> str:
    text = (SOURCE / mutant.file).read_text() + (mutant.patch.read_text() if mutant.patch else "")
    return sha256(f"{mutant.name} {text}".encode()).hexdigest()


@cache
def _walk(by: str) -> str:
    """What the walk stands on, and the test that caught something."""
    support = [each for each in sorted(PRIVACY.glob("*.py")) if not each.name.startswith("test_")]
    texts = [each.read_text() for each in (*support, ROOT / "tests" / "cast.py", PRIVACY / by.partition("::")[0])]
    return sha256("\n".join(texts).encode()).hexdigest()


@cache
def _harmless() -> dict[str, dict[str, str]]:
    """Leaks by which nobody can be told anything, each with the reason and the fingerprint it was judged at."""
    said = tomllib.loads(JUDGED.read_text())["harmless"] if JUDGED.exists() else []
    return {each["leak"]: each for each in said}


def judged(mutant: Mutant) -> str:
    """Why it leaks nothing, as long as that holds."""
    said = _harmless().get(mutant.name)
    return said["because"] if said and said["as_of"] == mutant.around else ""


def close(outcomes: list[Outcome]) -> int:
    """The end: what was planted and caught, and every leak that nobody noticed."""
    missed = [each for each in outcomes if each.verdict != "caught"]
    for each in missed:
        print(f"NOT CAUGHT ({each.verdict}): {each.mutant.name} [{each.mutant.around}] {each.by}")
    caught = [each for each in outcomes if each.verdict == "caught"]
    read = sum(each.by.startswith(READS_THE_SOURCE) for each in caught)
    print(f"{read} of those caught were found by reading the source, the others by what somebody was told.")
    print(f"{sum(each.kept for each in caught)} were caught in an earlier run, by a walk that stands as it was.")
    print(f"{len(outcomes)} planted, {len(caught)} caught")
    return 1 if missed else 0
