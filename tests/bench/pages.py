"""How long pages take with many reviews, and how many queries they ask.

    python tests/bench/pages.py --reviews 10000 --requests 1000

Makes a throw-away database (SQLite, or the server in DATABASE_URL), fills it, starts the real server in a process of its own
and asks for each page one request after another over loopback, warm. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
MOMENTS = 50
EVIDENCE = 500
BATCH = 2_000
START = datetime(2025, 1, 1, tzinfo=UTC)
ROUNDS = 5
WORDS = [
    "checkout",
    "queue",
    "parcel",
    "label",
    "printer",
    "gateway",
    "index",
    "cache",
    "replica",
    "timeout",
    "retry",
    "release",
    "canary",
    "alert",
    "dashboard",
]


class Figures(NamedTuple):
    """How long a page takes in milliseconds, how fast the machine was just then, and what it asks the database."""

    page: str
    median: float
    p95: float
    calibration: float
    queries: int


def main() -> None:
    """Fill, measure, print."""
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="secondstory-bench-") as folder:
        port = _free_port()
        os.environ |= {
            "SECONDSTORY_DATA": folder,
            "PORT": str(port),
            "DJANGO_SETTINGS_MODULE": "secondstory.site.settings",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        told = fill(given.reviews)
        _let_it_count()
        rows = measure(told, port, given.requests)
        print(table(rows, given.reviews))


def _let_it_count() -> None:
    """PostgreSQL counts a table some time after it was filled, and plans by those counts."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=1_000)
    return parser.parse_args()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def phrase(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(count)).capitalize()


def fill(reviews: int) -> dict[str, Any]:
    """Fill the database and answer with the addresses to measure and a session of somebody who takes part in a hundred."""
    from secondstory.people.models import Person
    from secondstory.reviews.models import Participation, Review

    chance = random.Random(20260309)
    ana = Person.objects.create_user("ana@lantern.example", "a long enough password", name="Ana")
    bo = Person.objects.create_user("bo@lantern.example", "a long enough password", name="Bo")
    made = [_review(chance, number, bo) for number in range(reviews)]
    _store(Review, made)
    parts = [
        Participation(review=review, person=bo, duty="facilitator", involved=False, accepted_at=START)
        for review in made
    ]
    parts += [Participation(review=review, person=ana, role_label="on-call engineer") for review in made[::100]]
    _store(Participation, parts)
    _store_moments(chance, made)
    return _the_measured(chance, made, bo) | {"session": _session(bo)}


def _review(chance: random.Random, number: int, bo: Any) -> Any:
    from secondstory.reviews.models import Audience, Review

    published = number % 10 != 0
    title = phrase(chance, 5)
    return Review(
        kind=chance.choice(Review.Kind.values),
        title=title,
        happened_at=START + timedelta(minutes=47 * number),
        stage=Review.Stage.PUBLISHED if published else Review.Stage.WRITING,
        created_by=bo,
        published_at=START if published else None,
        published_audience=Audience.ORGANISATION if published else "",
        published_title=title if published else "",
        published_summary=phrase(chance, 40) if published else "",
    )


def _store_moments(chance: random.Random, reviews: list[Any]) -> None:
    from secondstory.timeline.models import Moment

    moments = (
        Moment(
            review=review,
            at=review.happened_at + timedelta(minutes=minute),
            what=phrase(chance, 12),
            information=phrase(chance, 8),
        )
        for review in reviews
        for minute in range(MOMENTS)
    )
    _store(Moment, moments)


def _store(model: Any, rows: Any) -> None:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        model._base_manager.bulk_create(batch)


def _the_measured(chance: random.Random, reviews: list[Any], bo: Any) -> dict[str, Any]:
    """One review whose timeline cites and whose triage shows 500 lines, written and published."""
    from django.utils import timezone

    from secondstory.evidence.models import Evidence
    from secondstory.reviews.models import Audience
    from secondstory.texts import changes as texts
    from secondstory.timeline.models import Citation, Moment
    from secondstory.writing import publishing_changes
    from secondstory.writing.changes import lay_out
    from secondstory.writing.models import Publication, Section

    review = reviews[0]
    lines = [_line(chance, review, number) for number in range(1, EVIDENCE + 1)]
    _store(Evidence, lines)
    moments = list(Moment.objects.visible_to(bo).filter(review=review))
    stored = list(Evidence.objects.visible_to(bo).filter(review=review)[: len(moments)])
    _store(Citation, [Citation(review=review, moment=m, evidence=e) for m, e in zip(moments, stored, strict=True)])
    lay_out(review, by=bo)
    for section in Section.objects.visible_to(bo).filter(review=review).select_related("text"):
        texts.save(section.text_id, phrase(chance, 120), section.text.version, bo)
    wish = publishing_changes.ask(review, by=bo, audience=Audience.ORGANISATION)
    Publication.objects.for_system("48 hours pass").filter(pk=wish.pk).update(due_at=timezone.now())
    publishing_changes.publish_due()
    base = f"/reviews/{review.pk}"
    pages = {"home": "/", "list": "/reviews/", "list, searched": "/reviews/?q=checkout+queue", "review": f"{base}/"}
    pages |= {"timeline": f"{base}/timeline", "triage": f"{base}/triage", "evidence": f"{base}/evidence"}
    return {"pages": pages | {"write-up": f"{base}/write", "published page": f"{base}/read"}}


def _line(chance: random.Random, review: Any, number: int) -> Any:
    from secondstory.evidence.models import Evidence

    kind = chance.choice(["message", "message", "message", "alert", "deploy", "log"])
    at = review.happened_at + timedelta(seconds=20 * number)
    line = Evidence(review=review, number=number, format="slack", kind=kind, at=at, place="#ops", author="someone")
    line.text, line.payload, line.digest = phrase(chance, 20), "{}", number.to_bytes(16)
    return line


def _session(person: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = person.pk
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@contextmanager
def _server(port: int) -> Iterator[None]:
    import httpx

    command = [sys.executable, "-m", "uvicorn", "secondstory.site.asgi:application", "--port", str(port)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen([*command, "--log-level", "warning", "--no-access-log"], env=environment) as process:
        for _ in range(200):
            try:
                httpx.get(f"http://localhost:{port}/account/login/")
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        try:
            yield
        finally:
            process.terminate()


def measure(told: dict[str, Any], port: int, requests: int) -> list[Figures]:
    """Each page's figures: the median of five rounds through all pages, each round a fifth of the requests."""
    rounds: dict[str, list[tuple[float, float, float]]] = {name: [] for name in told["pages"]}
    with _server(port):
        visitor = Visitor(port, told["session"])
        for _ in range(ROUNDS):
            for name, address in told["pages"].items():
                rounds[name].append(_round(visitor, address, requests // ROUNDS))
    return [
        Figures(
            name, *(statistics.median(each) for each in zip(*took, strict=True)), _queries(told, told["pages"][name])
        )
        for name, took in rounds.items()
    ]


class Visitor:
    """One connection that stays open. It adds little of its own to what the server takes."""

    def __init__(self, port: int, session: str) -> None:
        self.connection = HTTPConnection("localhost", port)
        self.headers = {"Cookie": f"sessionid={session}"}

    def get(self, address: str) -> int:
        self.connection.request("GET", address, headers=self.headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status


def _round(visitor: Visitor, address: str, requests: int) -> tuple[float, float, float]:
    """Median and 95th percentile in milliseconds, and the calibration loop around them."""
    for _ in range(20):
        status = visitor.get(address)
    assert status == 200, (address, status)
    before = calibration()
    took = sorted(_timed(visitor, address) for _ in range(requests))
    return statistics.median(took), took[int(len(took) * 0.95)], (before + calibration()) / 2


def _timed(visitor: Visitor, address: str) -> float:
    start = time.perf_counter()
    visitor.get(address)
    return (time.perf_counter() - start) * 1000


def _queries(told: dict[str, Any], address: str) -> int:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.cookies[settings.SESSION_COOKIE_NAME] = told["session"]
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def calibration() -> float:
    """Milliseconds of a fixed loop in pure Python, so that figures of other machines can be compared."""
    start = time.perf_counter()
    total = 0
    for number in range(2_000_000):
        total += number % 7
    return (time.perf_counter() - start) * 1000


def table(rows: list[Figures], reviews: int) -> str:
    from django.db import connection

    lines = [
        f"{connection.vendor}, {reviews:,} reviews of {MOMENTS} moments; each figure is the median of {ROUNDS} rounds",
        "",
        "| page | median ms | 95th percentile ms | queries | calibration loop ms |",
        "|---|---|---|---|---|",
    ]
    lines += [f"| {r.page} | {r.median:.1f} | {r.p95:.1f} | {r.queries} | {r.calibration:.0f} |" for r in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
