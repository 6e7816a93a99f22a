"""A database as the migrations make it, made once for all workers of a run; what starts an installation copies it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).parents[1]
NAME = "secondstory.sqlite3"


def migrated_in(folder: Path) -> Path:
    """The SQLite file in `folder`; whoever asks first makes it, the others wait."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            _migrate(folder)
            (folder / "done").touch()
    return folder / NAME


def _migrate(folder: Path) -> None:
    ours = ("SECONDSTORY", "DATABASE", "DJANGO")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    given = {"SECONDSTORY_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "secondstory.site.settings"}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, env=kept | given | {"PYTHONPATH": str(TOP / "src")}, check=True)
    left = [each.name for each in folder.glob(f"{NAME}-*")]
    assert not left, f"not all of the database is in one file: {left}"
