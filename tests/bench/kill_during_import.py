"""`kill -9` at random points of an import: nothing of a record or all of it, and re-running completes it.

    python tests/bench/kill_during_import.py [TIMES] [MESSAGES]

Each round imports a fresh file into a fresh review in a process of its own, kills that process, looks at what is
there, and lets another process take the import up again. Runs on SQLite, or on DATABASE_URL.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PREPARE = """
import csv, datetime as d
from django.core.files import File
from django.core.management import call_command
from secondstory.evidence import import_changes
from secondstory.evidence.importers.record import Choices
from secondstory.people.models import Person
from secondstory.reviews.models import Participation, Review
call_command("migrate", verbosity=0)
person = Person.objects.filter(email="ana@lantern.example").first() or Person.objects.create_user("ana@lantern.example", None, name="Ana")
begin = d.datetime(2026, 3, 9, 14, tzinfo=d.UTC)
review = Review(title="Killed", created_by=person, happened_at=begin)
review.save()
Participation(review=review, person=person).save()
with open("messages.csv", "w", newline="") as file:
    rows = csv.writer(file)
    rows.writerow(["time", "who", "what"])
    for n in range(int(ARGS[0])):
        rows.writerow([(begin + d.timedelta(seconds=n)).isoformat(), "ana", f"said number {n} in all its length"])
with open("messages.csv", "rb") as file:
    row = import_changes.receive(review, person, File(file), "messages.csv", Choices(), chosen=True)
print(row.pk, flush=True)
"""
RUN = """
from secondstory.evidence import jobs
from secondstory.evidence.models import Import
Import.objects.for_system("a minute has passed").filter(state="running").update(lease_until=None)
print("begun", flush=True)
while jobs.run_next():
    pass
"""
LOOK = """
import json
from secondstory.evidence.models import Evidence, Import
row = Import.objects.for_system("what is there").get(pk=ARGS[0])
lines = Evidence.objects.for_system("what is there").filter(review=row.review_id)
whole = [l for l in lines.iterator() if l.payload.startswith(l.at.isoformat()) and l.text in l.payload and l.text and len(l.digest) == 21]
numbers = list(lines.values_list("number", flat=True).order_by("number"))
print(json.dumps({"state": row.state, "added": row.added, "known": row.known, "lines": len(numbers), "whole": len(whole),
    "numbered": numbers == list(range(1, len(numbers) + 1)), "texts": len(set(lines.values_list("text", flat=True)))}))
"""


def script(body: str, data: Path, *args: object) -> subprocess.Popen[str]:
    """A process of our own with its own data folder."""
    environment = os.environ | {
        "SECONDSTORY_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "secondstory.site.settings",
        "PYTHONPATH": str(ROOT / "src"),
        "PYTHONWARNINGS": "ignore",
    }
    begin = f"import django; django.setup(); ARGS = {[str(arg) for arg in args]!r}\n"
    return subprocess.Popen(
        [sys.executable, "-c", begin + body], cwd=data, env=environment, stdout=subprocess.PIPE, text=True
    )


def told(process: subprocess.Popen[str]) -> str:
    """What a process says until it ends well."""
    said, _ = process.communicate(timeout=600)
    if process.returncode:
        raise RuntimeError(f"ended with {process.returncode}")
    return said.strip()


def one_round(data: Path, messages: int, delay: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is there after the kill, and after somebody took it up again."""
    import_id = told(script(PREPARE, data, messages))
    process = script(RUN, data)
    if process.stdout is None or process.stdout.readline() != "begun\n":
        raise RuntimeError("it did not begin")
    time.sleep(delay)
    process.kill()
    process.wait()
    killed = json.loads(told(script(LOOK, data, import_id)))
    told(script(RUN, data))
    return killed, json.loads(told(script(LOOK, data, import_id)))


def fits(killed: dict[str, Any], completed: dict[str, Any], messages: int) -> bool:
    """Whole records only, and in the end each exactly once."""
    half = killed["lines"] != killed["whole"] or not killed["numbered"]
    complete = completed["lines"] == completed["whole"] == completed["texts"] == completed["added"] == messages
    return not half and complete and completed["state"] == "done"


def main(times: int, messages: int) -> int:
    """Prints each round; answers how many went wrong."""
    wrong = 0
    dice = random.Random(5)
    with tempfile.TemporaryDirectory(prefix="secondstory-kill-") as folder:
        for number in range(1, times + 1):
            killed, completed = one_round(Path(folder), messages, dice.uniform(0.05, messages / 12_000))
            good = fits(killed, completed, messages)
            wrong += not good
            print(
                f"{number:3} killed with {killed['lines']:7,} lines stored ({killed['state']}), "
                f"then {completed['lines']:7,} {'complete' if good else 'WRONG ' + repr((killed, completed))}",
                flush=True,
            )
    print(f"{times - wrong} of {times} complete, each record whole and once")
    return wrong


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(*(given + [20, 100_000][len(given) :])))
