"""Serving: the web in this process, the worker in a child of it, one process group."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import uvicorn
from django.conf import settings

from secondstory.cli.ready import out, stop

PARENT_WATCH_SECONDS = 2.0


def web_and_worker(host: str, port: int) -> None:
    """Run both until told to stop."""
    worker = subprocess.Popen([sys.executable, "-m", "secondstory", "worker"], env=os.environ | {"PORT": str(port)})
    # The web server passes the signal on when it has closed; unhandled it would end us before the worker is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        uvicorn.run(
            "secondstory.site.asgi:application",
            host=host,
            port=port,
            log_config=None,  # our own discreet lines, not tracebacks with what variables hold
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            ws_max_size=65_536,
            timeout_graceful_shutdown=3,
        )
    finally:
        _end(worker)


def work() -> None:
    """Sweep until told to stop, or until the web process is gone."""
    from secondstory.work.worker import run_until

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    threading.Thread(target=_watch_parent, args=(os.getppid(), stop), daemon=True).start()
    run_until(stop)


def do_the_ledger_again() -> None:
    """The database may have been put back from a copy that this program did not restore."""
    from secondstory.sealing import ledger

    try:
        ledger.replay()
    except ledger.NewerLedger as newer:
        stop(
            f"The ledger holds entries ({newer}) that this version does not know.",
            f"Something was taken back with a newer version. Use that one; the ledger is {settings.LEDGER_FILE}.",
        )


def print_setup_code() -> None:
    """Print the one-time code that makes its holder the first person, when there is nobody yet."""
    from secondstory.people.changes import fresh_setup_code

    if code := fresh_setup_code():
        out.print(f"Nobody signs in here yet. Open {settings.ORIGIN}/setup and type the code [bold]{code}[/bold]")


def _watch_parent(parent: int, stop: threading.Event) -> None:
    while not stop.wait(PARENT_WATCH_SECONDS):
        if os.getppid() != parent:
            stop.set()


def _end(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(timeout=10)
    except subprocess.TimeoutExpired:
        worker.kill()
