"""How fast the analyser is, on the files given: words a second, memory, import, first finding, findings per 1,000 words.

    lint_speed.py FILE_OR_FOLDER … [--beside]

Figures are the median of five with a calibration line: a fixed loop of plain Python, so that machines can be compared.
`--beside` also times alex, write-good and proselint on the same files, one process each, and prints how many times faster we are.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from secondstory.language import Analyser
from secondstory.language.reading import chosen, markup_of, text_of

TIMES = 5
OTHERS = {"alex": ("alex",), "write-good": ("write-good", "--parse"), "proselint": ("proselint", "check")}
FIRST = (
    "import time; a = time.process_time()\n"
    "import secondstory.language as l; b = time.process_time()\n"
    "l.analyse('We should have asked.'); c = time.process_time()\n"
    "print((b - a) * 1000, (c - b) * 1000)"
)


def spent(work: Callable[[], object]) -> float:
    """Processor time of one run."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def median(work: Callable[[], object]) -> float:
    return statistics.median(spent(work) for _ in range(TIMES))


def calibration() -> None:
    total = 0
    for number in range(3_000_000):
        total += number & 7


def first() -> tuple[float, float]:
    """Import and first finding in fresh processes, in ms."""
    runs = [
        [
            float(part)
            for part in subprocess.run([sys.executable, "-c", FIRST], capture_output=True, check=True).stdout.split()
        ]
        for _ in range(TIMES)
    ]
    return statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs)


def whole(command: list[str]) -> float:
    """Elapsed time of a process, of processor time of its children, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--beside", action="store_true")
    options = parser.parse_args()
    paths = chosen(options.files, ())
    texts = [(text_of(path), markup_of(path)) for path in paths]
    words = sum(len(text.split()) for text, _ in texts)
    print(f"calibration        {median(calibration) * 1000:8.0f} ms for 3,000,000 rounds")
    imported, found_first = first()
    print(f"import             {imported:8.1f} ms\nfirst finding      {found_first:8.1f} ms")
    analyser = Analyser()
    findings = sum(len(analyser.findings(text, markup=markup)) for text, markup in texts)
    took = median(lambda: [analyser.findings(text, markup=markup) for text, markup in texts])
    print(f"files, words       {len(paths):8,} {words:,}")
    print(f"words a second     {words / took:8,.0f}")
    print(f"per 1,000 words    {1000 * findings / words:8.2f} findings")
    print(f"peak memory        {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:8.0f} MB with the texts")
    ours = whole([sys.executable, "-m", "secondstory", "lint", *paths])
    print(f"whole command      {ours * 1000:8.0f} ms for all files")
    for name, command in OTHERS.items() if options.beside else ():
        at = shutil.which(command[0])
        told = f"{whole([at, *command[1:], *paths]) / ours:8.1f} times our time" if at else "not installed"
        print(f"{name:<18} {told}")


if __name__ == "__main__":
    main()
