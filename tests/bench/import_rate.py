"""Importing end to end: messages a second stored, peak memory, and how long an autosave elsewhere takes meanwhile.

    python tests/bench/import_rate.py [--formats slack,CSV] [SIZE …]

Runs on SQLite in a throw-away folder, or on the empty database of DATABASE_URL. Each file is imported by a process of
its own; another process saves a text five times a second in the meantime. Prints one line a format and size.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TOP = Path(__file__).parents[2]
sys.path[:0] = [str(TOP), str(TOP / "src")]

from tests.bench import exports, files  # noqa: E402

FORMATS: dict[str, Callable[[Path, int], Path]] = {
    "slack": lambda folder, size: exports.slack_zip(folder / "export.zip", size),
    "mattermost": lambda folder, size: exports.write_lines(folder / "bulk.jsonl", exports.mattermost_lines(size)),
    "irc": lambda folder, size: exports.write_lines(folder / "chat.log", exports.chat_log_lines(size)),
    "sal": lambda folder, size: exports.write_lines(folder / "admin.md", exports.admin_log_lines(size)),
} | {name: (lambda folder, size, name=name: files.made(name, folder, size)) for name in files.MADE}  # type: ignore[misc]

SETUP = """
from django.core.management import call_command
from django.utils import timezone
from secondstory.people.models import Person
from secondstory.reviews.models import Participation, Review
from secondstory.texts import changes
from secondstory.timeline.models import MarginNote
call_command("migrate", verbosity=0)
person = Person.objects.create_user(f"bo{timezone.now().timestamp()}@lantern.example", None, name="Bo")
review = Review(title="Bench", created_by=person, happened_at=timezone.now())
review.save()
Participation(review=review, person=person, duty="facilitator", accepted_at=timezone.now()).save()
text = changes.begin("margin", "", person)
MarginNote(review=review, writer=person, text=text).save()
print(person.pk, review.pk, text.pk)
"""
IMPORT = """
import json, resource, time
from pathlib import Path
from secondstory.evidence import import_changes, jobs
from secondstory.evidence.importers.record import Choices
from secondstory.people.models import Person
from secondstory.reviews.models import Review
held, plain = [], import_changes.add
def timed(*given):
    told = plain(*given)
    held.append(told[1])
    return told
import_changes.add = timed
review = Review.objects.for_system("the bench's own").get(pk=ARGS[1])
person = Person.objects.get(pk=ARGS[0])
began, worked = time.perf_counter(), time.process_time()
(row,) = jobs.import_files(review, person, [Path(ARGS[2])], Choices())
seconds, cpu = time.perf_counter() - began, time.process_time() - worked
held.sort()
print(json.dumps({"format": row.format, "state": row.state, "added": row.added, "problems": row.problems_met,
    "seconds": seconds, "cpu": cpu, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "held": held[int(len(held) * 0.95)] * 1000, "longest": held[-1] * 1000}))
"""
AUTOSAVE = """
import json, sys, time
from secondstory.people.models import Person
from secondstory.texts import changes
person = Person.objects.get(pk=ARGS[0])
took, version = [], 0
print("begun", flush=True)
end = time.time() + 3600
while time.time() < end and not __import__("os").path.exists("stop"):
    began = time.perf_counter()
    version = changes.save(ARGS[2], f"typed {version}", version, person).version
    took.append(time.perf_counter() - began)
    time.sleep(0.2)
took.sort()
print(json.dumps({"saves": len(took), "p50": took[len(took) // 2] * 1000, "p95": took[int(len(took) * 0.95)] * 1000, "max": took[-1] * 1000}))
"""


def process(body: str, data: Path, *args: object) -> subprocess.Popen[str]:
    """A process with the data folder of this bench."""
    environment = os.environ | {
        "SECONDSTORY_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "secondstory.site.settings",
        "PYTHONPATH": str(TOP / "src"),
        "PYTHONWARNINGS": "ignore",
    }
    begin = f"import django; django.setup(); ARGS = {[str(arg) for arg in args]!r}\n"
    return subprocess.Popen(
        [sys.executable, "-c", begin + body], cwd=data, env=environment, stdout=subprocess.PIPE, text=True
    )


def told(running: subprocess.Popen[str]) -> str:
    said, _ = running.communicate()
    if running.returncode:
        raise RuntimeError(f"ended with {running.returncode}")
    return said


def measure(name: str, size: int) -> str:
    """One format and size, in a fresh folder."""
    with tempfile.TemporaryDirectory(prefix="secondstory-bench-") as folder:
        data = Path(folder)
        (data / "files").mkdir()
        path = FORMATS[name](data / "files", size)
        ids = told(process(SETUP, data)).split()
        saving = process(AUTOSAVE, data, *ids)
        if saving.stdout is None or saving.stdout.readline() != "begun\n":
            raise RuntimeError("no autosave")
        found = json.loads(told(process(IMPORT, data, ids[0], ids[1], path)))
        (data / "stop").touch()
        saved = json.loads(told(saving))
    rate = found["added"] / found["seconds"]
    return (
        f"{name:<15}{found['added']:>10,}{rate:>10,.0f}{found['added'] / found['cpu']:>12,.0f}{found['peak']:>9.1f}"
        f"{found['held']:>9.1f}{found['longest']:>9.1f}{saved['p50']:>10.1f}{saved['p95']:>9.1f}{saved['max']:>9.1f}"
    )


def calibration() -> float:
    """Seconds for a fixed loop, so that figures from different machines can be compared."""
    began = time.process_time()
    total = 0
    for number in range(5_000_000):
        total += number * number % 7
    return time.process_time() - began


def main(names: list[str], sizes: list[int]) -> None:
    where = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    print(f"{where}, calibration {calibration():.3f} s")
    print(
        f"{'format':<15}{'stored':>10}{'a second':>10}{'per cpu s':>12}{'peak MB':>9}{'lock p95':>9}{'max ms':>9}"
        f"{'save p50':>10}{'p95 ms':>9}{'max ms':>9}"
    )
    for name in names:
        for size in sizes:
            print(measure(name, size), flush=True)


if __name__ == "__main__":
    given = sys.argv[1:]
    chosen = list(FORMATS)
    if given[:1] == ["--formats"]:
        chosen, given = given[1].split(","), given[2:]
    main(chosen, [int(size) for size in given] or [100_000, 1_000_000])
