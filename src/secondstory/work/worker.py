"""The one worker: a thread a sweep, so that a long import delays no letter."""

from __future__ import annotations

import logging
from threading import Event, Thread

from django.db import close_old_connections

from secondstory.work.offers import Sweep, sweeps

log = logging.getLogger("secondstory.work")


def run_until(stop: Event) -> None:
    """Sweeps until `stop` is set, then waits for what is under way."""
    threads = [Thread(target=_keep_sweeping, args=(sweep, stop), name=sweep.name) for sweep in sweeps()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def sweep_everything_once() -> None:
    """Does all that is due now, in this thread: for tests, and for one-off commands."""
    for sweep in sweeps():
        while sweep.run():
            pass


def _keep_sweeping(sweep: Sweep, stop: Event) -> None:
    while not stop.is_set():
        if not _swept(sweep):
            stop.wait(sweep.every)


def _swept(sweep: Sweep) -> bool:
    close_old_connections()
    try:
        return sweep.run()
    except Exception as error:  # noqa: BLE001 - one failing sweep must not end the others; the row stays and is retried
        # The traceback may hold somebody's words, so only its type is kept.
        log.warning("sweep %s failed: %s", sweep.name, type(error).__name__)
        return False
