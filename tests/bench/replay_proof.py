"""Replay proved in full: `replay_proof.py REVIEWS [TIMES [PROCESSES]]`, every lane of each at so many times.

Each process has a database of its own; what a review leaves behind is rolled back.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

TOP = Path(__file__).parents[2]


def main() -> int:
    reviews, times, processes = (int(given) for given in (sys.argv[1:] + ["1000", "20", "2"][len(sys.argv) - 1 :])[:3])
    began = time.monotonic()
    running = [_begun(first, reviews, processes, times) for first in range(processes)]
    tried: Counter[str] = Counter()
    wrong: list[str] = []
    for each in running:
        told, _ = each.communicate()
        if each.returncode:
            return each.returncode
        found = json.loads(told.splitlines()[-1])
        tried.update(found["tried"])
        wrong += found["wrong"]
    for name, count in tried.items():
        print(f"{count:>14,}  {name}")
    print(f"{time.monotonic() - began:>14,.0f}  seconds, {processes} processes")
    print("\n".join(wrong[:20]))
    print(f"replay: {tried['reviews']:,} reviews, {len(wrong)} answers wrong")
    return 1 if wrong or tried["reviews"] != reviews else 0


def _begun(first: int, reviews: int, step: int, times: int) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SECONDSTORY", "DJANGO"))}
    given = {"PYTHONPATH": f"{TOP / 'src'}{os.pathsep}{TOP}", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    part = [sys.executable, __file__, "--part", str(first), str(reviews), str(step), str(times)]
    return subprocess.Popen(part, env=kept | given, stdout=subprocess.PIPE, text=True)


def part(first: int, reviews: int, step: int, times: int) -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment
    from tests.replay.proving import Tally, people, prove

    setup_test_environment()
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["NAME"] = f"replay_proof_{first}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        who, tally = people(), Tally()
        for number, seed in enumerate(range(first, reviews, step), 1):
            prove(seed, who, tally, times)
            if number % 25 == 0:
                print(f"{number} reviews, {len(tally.wrong)} wrong", file=sys.stderr, flush=True)
        print(json.dumps({"tried": tally.tried, "wrong": tally.wrong}))
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        part(*map(int, sys.argv[2:]))
    else:
        sys.exit(main())
