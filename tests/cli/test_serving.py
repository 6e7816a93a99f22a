"""The command as people run it: its own processes, its own data folder, real HTTP."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

SOURCE = Path(__file__).parents[2] / "src"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, port: int) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("SECONDSTORY", "DATABASE", "DJANGO"))
    }
    return kept | {"SECONDSTORY_DATA": str(folder), "PORT": str(port), "PYTHONPATH": str(SOURCE)}


def started(folder: Path, port: int, *command: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "secondstory", *command],
        env=environment(folder, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for _ in range(300):
        try:
            httpx.get(f"http://localhost:{port}/account/login/", timeout=2)
        except httpx.HTTPError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return process
    process.kill()
    raise AssertionError(process.communicate()[0])


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    process = started(tmp_path_factory.mktemp("data"), port, "serve")
    with process:
        yield process, port
        process.terminate()


def test_serve_prints_a_code_that_makes_the_first_person(serving: tuple[subprocess.Popen[str], int]) -> None:
    process, port = serving
    assert process.stdout
    line = "".join(process.stdout.readline() for _ in range(2))
    found = re.search(r"code\s+(\d{8})", line)
    assert found, line
    with httpx.Client(base_url=f"http://localhost:{port}", follow_redirects=True) as browser:
        page = browser.get("/setup").text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        form = {"code": found[1], "name": "Ana", "email": "ana@lantern.example", "password": "a long enough password"}
        answer = browser.post("/setup", data=form | {"csrfmiddlewaretoken": token[1]})
        assert answer.url.path == "/"


def test_the_demos_switch_of_persons_is_absent_under_serve(serving: tuple[subprocess.Popen[str], int]) -> None:
    _, port = serving
    assert httpx.get(f"http://localhost:{port}/demo/as").status_code == 404
    assert httpx.get(f"http://localhost:{port}/demo/enter/x").status_code == 404


def test_stopping_serve_stops_its_worker(serving: tuple[subprocess.Popen[str], int]) -> None:
    process, _ = serving
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert children
    process.terminate()
    process.wait(15)
    assert not any(Path(f"/proc/{child}").exists() for child in children)
