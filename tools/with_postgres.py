"""Runs a command against a private PostgreSQL server that lives only as long as the command.

    python tools/with_postgres.py pytest -q

Finds Debian's binaries, makes a cluster in a throw-away folder on a free port of the loopback address,
sets DATABASE_URL, runs the command, stops the server. PostgreSQL refuses root, so root hands it to another user.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

PLACES = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/bin"), Path("/usr/bin")]
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "max_connections": "60",
}


def main() -> int:
    """Start the server, run the command, stop the server; answer the command's exit code."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="secondstory-postgres-"))
    port = _free_port()
    owner = _owner(folder)
    server = _start(binaries, folder, port, owner)
    try:
        address = f"postgres://secondstory@127.0.0.1:{port}/secondstory"
        _run(
            [str(binaries / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "secondstory", "secondstory"], owner
        )
        log = {"SECONDSTORY_POSTGRES_LOG": str(folder / "log")}
        return subprocess.run(sys.argv[1:], env=os.environ | {"DATABASE_URL": address} | log, check=False).returncode
    finally:
        _run([str(binaries / "pg_ctl"), "-D", str(server), "-m", "immediate", "-w", "stop"], owner)
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    for place in PLACES:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    sys.exit("PostgreSQL's server is not installed (Debian: apt-get install postgresql).")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _owner(folder: Path) -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, name)
    return name


def _run(command: list[str], owner: str | None) -> None:
    if owner:
        command = ["setpriv", "--reuid", owner, "--regid", str(pwd.getpwnam(owner).pw_gid), "--clear-groups", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def _start(binaries: Path, folder: Path, port: int, owner: str | None) -> Path:
    data = folder / "data"
    _run(
        [str(binaries / "initdb"), "-D", str(data), "-U", "secondstory", "-A", "trust", "-E", "UTF8", "--no-sync"],
        owner,
    )
    with (data / "postgresql.conf").open("a") as file:
        file.write(f"port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n")
        file.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
    _run([str(binaries / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w", "start"], owner)
    return data


if __name__ == "__main__":
    sys.exit(main())
