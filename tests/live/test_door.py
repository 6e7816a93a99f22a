"""What is too large, sent over real HTTP to the served product."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser.driving import Served, serving

TWO_GB = 2 * 1024**3
PAGE, API = "/reviews/aaaaaaaaaaaa/evidence/new", "/api/reviews/aaaaaaaaaaaa/evidence/imports"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Served]:
    limit = {"SECONDSTORY_IMPORT_LIMIT": "50000000"}
    with serving(Served(tmp_path_factory.mktemp("served"), variables=limit), migrated=migrated) as ready:
        yield ready


def head(served: Served, path: str, *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"Host: localhost:{served.port}", "Content-Type: application/octet-stream"]
    return "\r\n".join([*lines, *headers, "", ""]).encode()


def answer_to(connection: socket.socket) -> tuple[int, str, bytes]:
    told = b""
    while piece := connection.recv(65_536):
        told += piece
    first, _, body = told.partition(b"\r\n\r\n")
    return int(first.split()[1]), first.decode().lower(), body


def connected(served: Served) -> socket.socket:
    return socket.create_connection(("localhost", served.port), timeout=30)


@pytest.mark.parametrize("path", [PAGE, API, "/account/login/", "/hooks/aaaaaaaaaaaa"])
def test_two_gigabytes_are_refused_by_the_length_they_declare_before_they_arrive(served: Served, path: str) -> None:
    with connected(served) as connection:
        connection.sendall(head(served, path, f"Content-Length: {TWO_GB}", "Expect: 100-continue"))
        status, headers, body = answer_to(connection)
    assert (status, "connection: close" in headers) == (413, True)
    told = json.loads(body)["detail"]
    assert f"{path} has 2,147,483,648 bytes" in told
    assert "Nothing of it was kept. Split it" in told


def test_a_browser_is_answered_with_a_page(served: Served) -> None:
    with connected(served) as connection:
        connection.sendall(head(served, PAGE, f"Content-Length: {TWO_GB}", "Accept: text/html,*/*"))
        status, headers, body = answer_to(connection)
    assert (status, "text/html" in headers) == (413, True)
    assert b"2,147,483,648 bytes" in body


@pytest.mark.parametrize(("path", "most"), [("/account/login/", 32_000_000), (PAGE, 50_000_000)])
def test_a_body_of_no_declared_length_is_stopped_at_the_limit(served: Served, path: str, most: int) -> None:
    chunk, sent = b"x" * 1_000_000, 0
    with connected(served) as connection:
        connection.sendall(head(served, path, "Transfer-Encoding: chunked"))
        while sent < most - len(chunk):
            connection.sendall(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            sent += len(chunk)
        connection.sendall(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        status, _, body = answer_to(connection)
    assert status == 413
    assert f"{most:,} are taken at once" in json.loads(body)["detail"]


def test_what_is_small_enough_goes_through(served: Served) -> None:
    with connected(served) as connection:
        connection.sendall(head(served, API, "Content-Length: 5", "Connection: close") + b"hello")
        assert answer_to(connection)[0] in {401, 403}
    with connected(served) as connection:
        connection.sendall(
            head(served, API, "Transfer-Encoding: chunked", "Connection: close") + b"5\r\nhello\r\n0\r\n\r\n"
        )
        assert answer_to(connection)[0] in {401, 403}
