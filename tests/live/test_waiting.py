"""While every thread that writes waits for the database, reading goes on."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from tests.browser.driving import Served, serving

from secondstory.site.handler import THREADS


@pytest.fixture
def served(tmp_path: Path, migrated: Path) -> Iterator[Served]:
    with serving(Served(tmp_path), migrated=migrated) as ready:
        yield ready


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page
    return found[1]


@pytest.fixture
def browser(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.origin, timeout=30, limits=httpx.Limits(max_connections=None)) as client:
        sign_in(client, served)
        yield client


def sign_in(browser: httpx.Client, served: Served) -> None:
    form = {"code": served.setup_code, "name": "Ana", "email": "ana@lantern.example"}
    token = token_in(browser.get("/setup").text)
    answer = browser.post("/setup", data=form | {"password": "a long enough password", "csrfmiddlewaretoken": token})
    assert answer.status_code == 302


def connected(served: Served) -> sqlite3.Connection:
    return sqlite3.connect(served.folder / "secondstory.sqlite3", isolation_level=None)


def test_a_page_and_a_style_sheet_answer_while_every_writer_waits(served: Served, browser: httpx.Client) -> None:
    writers = THREADS + 4
    with ThreadPoolExecutor(writers) as many, closing(connected(served)) as lock:
        page = browser.get("/profile").text
        form = {"csrfmiddlewaretoken": token_in(page), "name": "Ana", "handles": "", "time_zone": "UTC"}
        form |= {"locale": "en", "theme": "dark"}
        sheet = re.search(r'href="(/static/[^"]+[.]css)"', page)
        assert sheet
        lock.execute("BEGIN IMMEDIATE")
        writing = [many.submit(browser.post, "/profile", data=form) for _ in range(writers)]
        time.sleep(1.5)
        for address in ("/profile", sheet[1]):
            assert httpx.get(served.origin + address, cookies=browser.cookies, timeout=5).status_code == 200
        assert not any(each.done() for each in writing)
        lock.execute("ROLLBACK")
        assert {each.result().status_code for each in writing} == {302}
