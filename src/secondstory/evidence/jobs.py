"""Imports as work: looking into uploads, running what was chosen, from the worker or from the command line."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from secondstory.evidence import import_changes as changes
from secondstory.evidence import uploads
from secondstory.evidence.importers.record import Choices, Refused
from secondstory.evidence.importing import Engine, Job, Tally, summary_of
from secondstory.evidence.looking import look_into
from secondstory.evidence.models import Import
from secondstory.evidence.rules import read_back
from secondstory.reviews.models import Review

# Larger uploads are looked into by the worker, so that nobody waits for an answer.
AT_ONCE = 4_000_000


def look_at_once(row: Import, size: int) -> None:
    """Looks into a small upload right away."""
    if size <= AT_ONCE:
        _look(row)


def look_into_next() -> bool:
    """One upload that waits to be looked into."""
    row = changes.claim(Import.State.LOOKING)
    if row is None:
        return False
    _guarded(row, _look)
    return True


def run_next() -> bool:
    """One import that waits for a worker, or that a dead one left behind."""
    row = changes.claim(Import.State.RUNNING)
    if row is None:
        return False
    _guarded(row, _run)
    return True


def import_files(
    review: Review, by: Any, paths: Iterable[Path], choices: Choices, progress: Callable[[Tally], None] | None = None
) -> list[Import]:
    """Imports files, zips and folders in this process, one after the other; each becomes an Import of its own.

    `progress` hears the running Tally about twice a second. Interrupted and started again, it adds what is missing.
    """
    return [_import_one(review, by, path, choices, progress) for path in paths]


def _import_one(
    review: Review, by: Any, path: Path, choices: Choices, progress: Callable[[Tally], None] | None
) -> Import:
    row = changes.begin_here(review, by, path.name, choices)
    with tempfile.TemporaryDirectory(prefix="secondstory-") as scratch:
        _bring_in(row, path, Path(scratch), progress)
    row.refresh_from_db()
    return row


def _guarded(row: Import, work: Callable[[Import], None]) -> None:
    try:
        work(row)
    except Exception as error:
        changes.stumble(row, type(error).__name__)
        raise


def _look(row: Import) -> None:
    with uploads.on_disk(row.upload, row.name) as (path, scratch):
        try:
            found = look_into(path, scratch, read_back(row.choices))
        except Refused as refused:
            changes.refuse(row, refused)
        else:
            changes.looked(row, found)


def _run(row: Import) -> None:
    if not row.upload:
        again = "what came in until then stays; run the command again and it adds the rest"
        changes.refuse(row, Refused("the process that ran this import ended before it was done", again))
        return
    with uploads.on_disk(row.upload, row.name) as (path, scratch):
        _bring_in(row, path, scratch)


def _bring_in(row: Import, path: Path, scratch: Path, progress: Callable[[Tally], None] | None = None) -> None:
    def tell(tally: Tally) -> None:
        changes.note(row, _counts(tally))
        if progress:
            progress(tally)

    job = Job(row.review_id, row.pk, read_back(row.choices), tell)
    tally = Engine(job).bring_in([path], scratch)
    if tally.refusal and not tally.read:
        changes.refuse(row, tally.refusal)
    else:
        left_out = max(0, row.expected - tally.read) if row.expected else 0
        formats = ", ".join(tally.formats)[:120]
        changes.finish(row, _counts(tally) | {"found": summary_of(tally), "left_out": left_out, "format": formats})


def _counts(tally: Tally) -> dict[str, Any]:
    names = ("read", "added", "known", "problems", "problems_met")
    return {name: getattr(tally, name) for name in names}
