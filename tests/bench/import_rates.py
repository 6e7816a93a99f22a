"""Reading, digesting and masking: messages a second of one core's time and peak memory, per format and size.

python tests/bench/import_rates.py [SIZE …]
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

TOP = Path(__file__).parents[2]
sys.path[:0] = [str(TOP), str(TOP / "src")]

from tests.bench import exports, files  # noqa: E402

from secondstory.evidence.importers.masking import mask_record  # noqa: E402
from secondstory.evidence.importers.record import Choices, Record, digest_of  # noqa: E402
from secondstory.evidence.importers.registry import recognise  # noqa: E402

FORMATS: dict[str, Callable[[Path, int], Path]] = {
    "slack": lambda folder, size: exports.slack_zip(folder / "export.zip", size),
    "mattermost": lambda folder, size: exports.write_lines(folder / "bulk.jsonl", exports.mattermost_lines(size)),
    "irc": lambda folder, size: exports.write_lines(folder / "chat.log", exports.chat_log_lines(size)),
    "sal": lambda folder, size: exports.write_lines(folder / "admin.md", exports.admin_log_lines(size)),
    "pasted": lambda folder, size: exports.write_lines(folder / "paste.txt", exports.pasted_lines(size)),
    **{form: partial(files.made, form) for form in files.MADE},
}


def measure(path: Path) -> None:
    """Reads one export to its end and prints its name, records, seconds and peak memory."""
    importer = recognise(path)
    began, count, masked = time.process_time(), 0, 0
    for found in importer.read(path, Choices(anchor=date(2031, 3, 3))):
        if isinstance(found, Record):
            digest_of(found)
            masked += bool(mask_record(found)[2])
            count += 1
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{importer.name} {count} {seconds:.3f} {peak:.1f} {masked}")


def calibration() -> float:
    """Seconds for a fixed loop, so that figures from different machines can be compared."""
    began = time.process_time()
    total = 0
    for number in range(5_000_000):
        total += number * number % 7
    return time.process_time() - began


def main(sizes: list[int]) -> None:
    print(f"calibration {calibration():.3f} s")
    print(f"{'format':<15}{'records':>10}{'a second':>10}{'peak MB':>9}{'masked':>8}")
    for form, make in FORMATS.items():
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                path = make(Path(folder), size)
                told = subprocess.run(
                    [sys.executable, __file__, "--measure", str(path)], check=True, capture_output=True, text=True
                ).stdout
            _, count, seconds, peak, masked = told.split()
            print(f"{form:<15}{int(count):>10,}{int(count) / float(seconds):>10,.0f}{float(peak):>9.1f}{masked:>8}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]))
    else:
        main([int(size) for size in sys.argv[1:]] or [100_000, 1_000_000])
