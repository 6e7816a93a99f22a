"""Invented logs, tables, git logs, calendars and webhook deliveries of any size, written as they are made."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

BEGIN = datetime(2031, 3, 3, 8, 0, tzinfo=UTC)
WORDS = ("queue", "order", "retry", "timeout", "worker", "cache", "basket", "invoice", "node", "certificate", "pool")
PEOPLE = ("ana", "bo", "cleo", "dov", "eve", "gil")


def words(dice: random.Random, count: int = 9) -> str:
    """A line of shop talk."""
    return " ".join(dice.choice(WORDS) for _ in range(count))


def moments(size: int) -> Iterator[tuple[int, datetime]]:
    for number in range(size):
        yield number, BEGIN + timedelta(milliseconds=370 * number)


def iso_log(size: int) -> Iterator[str]:
    """Every fiftieth record has a stack trace of four lines."""
    dice = random.Random(7)
    for number, at in moments(size):
        yield f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z INFO shop.{dice.choice(WORDS)} {words(dice)} {number}"
        if number % 50 == 0:
            yield "Traceback (most recent call last):"
            yield '  File "shop/queue.py", line 41, in put'
            yield "    raise Full(self.limit)"
            yield "shop.queue.Full: 1000"


def syslog(size: int) -> Iterator[str]:
    dice = random.Random(7)
    for number, at in moments(size):
        yield f"{at:%b} {at.day:>2} {at:%H:%M:%S} web-{number % 4} shop[{number % 900}]: {words(dice)} {number}"


def access_log(size: int) -> Iterator[str]:
    dice = random.Random(7)
    for number, at in moments(size):
        path, code = f"/{dice.choice(WORDS)}/{number}", dice.choice((200, 200, 200, 404, 502))
        yield f'192.0.2.{number % 250} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET {path} HTTP/1.1" {code} 512 "-" "shop/1.0"'


def json_log(size: int) -> Iterator[str]:
    dice = random.Random(7)
    for number, at in moments(size):
        yield json.dumps({"time": at.isoformat(), "level": "info", "msg": f"{words(dice)} {number}", "service": "shop"})


def table(size: int) -> Iterator[str]:
    dice = random.Random(7)
    yield "time,author,text,place,kind"
    for number, at in moments(size):
        yield f'{at.isoformat()},{dice.choice(PEOPLE)},"{words(dice)}, {number}",#{dice.choice(WORDS)},message'


def git_text(size: int) -> Iterator[str]:
    dice = random.Random(7)
    for number, at in moments(size):
        yield f"commit {number:040x}"
        yield "Author: Ana Roe <ana@kestrel.example>"
        yield f"Date:   {at:%a %b} {at.day} {at:%H:%M:%S %Y} +0000"
        yield ""
        yield f"    {words(dice, 5)}"
        yield ""
        yield f" shop/{dice.choice(WORDS)}.py | 4 ++--"
        yield " 1 file changed, 2 insertions(+), 2 deletions(-)"
        yield ""


def git_json(size: int) -> Iterator[str]:
    dice = random.Random(7)
    for number, at in moments(size):
        commit = {
            "sha": f"{number:040x}",
            "commit_date": at.isoformat(),
            "author": "Ana Roe",
            "subject": words(dice, 5),
        }
        yield json.dumps({**commit, "body": "", "files": [f"shop/{dice.choice(WORDS)}.py"], "repo": "kestrel/shop"})


def pagerduty(size: int) -> Iterator[str]:
    dice = random.Random(7)
    for number, at in moments(size):
        incident = {
            "id": f"Q{number // 3:06}",
            "type": "incident",
            "html_url": f"https://kestrel.example/incidents/Q{number // 3:06}",
            "title": words(dice),
            "service": {"id": "P1", "summary": dice.choice(WORDS)},
            "assignees": [{"summary": dice.choice(PEOPLE)}],
            "urgency": "high",
        }
        event = {
            "id": f"01{number:010}",
            "event_type": ("incident.triggered", "incident.acknowledged", "incident.resolved")[number % 3],
            "resource_type": "incident",
            "occurred_at": at.isoformat(),
            "agent": {"summary": dice.choice(PEOPLE)},
            "data": incident,
        }
        yield json.dumps({"event": event})


def alertmanager(size: int, *, a_payload: int = 5) -> Iterator[str]:
    """Records are alerts; each payload groups five."""
    dice = random.Random(7)
    for begin in range(0, size, a_payload):
        alerts = [_alert(dice, number) for number in range(begin, min(begin + a_payload, size))]
        told = {"version": "4", "groupKey": "{}:{}", "status": "firing", "receiver": "on-call", "alerts": alerts}
        yield json.dumps({**told, "groupLabels": {}, "commonLabels": {}, "externalURL": "https://am.example"})


def _alert(dice: random.Random, number: int) -> dict[str, Any]:
    return {
        "status": "firing",
        "labels": {"alertname": "QueueTooLong", "service": dice.choice(WORDS), "severity": "page"},
        "annotations": {"summary": words(dice), "description": words(dice, 20)},
        "startsAt": (BEGIN + timedelta(seconds=number)).isoformat(),
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "https://prometheus.example/graph",
        "fingerprint": f"{number:016x}",
    }


def github(size: int, *, a_push: int = 4) -> Iterator[str]:
    """Records are pushes and their commits: five a delivery."""
    dice = random.Random(7)
    for begin in range(0, size, a_push + 1):
        at = BEGIN + timedelta(seconds=begin)
        commits = [_commit(dice, number, at) for number in range(begin + 1, min(begin + 1 + a_push, size))]
        told = {"ref": "refs/heads/main", "before": f"{begin:040x}", "after": f"{begin + 4:040x}", "commits": commits}
        told |= {"created": False, "deleted": False, "forced": False, "compare": "https://github.example/compare"}
        repository = {"full_name": "kestrel/shop", "archive_url": "x", "pushed_at": int(at.timestamp())}
        sender = {"login": "ana-roe", "events_url": "x"}
        yield json.dumps({**told, "pusher": {"name": "ana-roe"}, "repository": repository, "sender": sender})


def _commit(dice: random.Random, number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": f"{number:040x}",
        "message": words(dice, 6),
        "timestamp": at.isoformat(),
        "url": f"https://github.example/kestrel/shop/commit/{number:040x}",
        "author": {"name": "Ana Roe", "username": "ana-roe"},
        "added": [],
        "modified": [f"shop/{dice.choice(WORDS)}.py"],
        "removed": [],
    }


def calendar(size: int) -> Iterator[str]:
    dice = random.Random(7)
    yield "BEGIN:VCALENDAR\r\nVERSION:2.0\r"
    for number, at in moments(size):
        yield f"BEGIN:VEVENT\r\nUID:{number}@kestrel.example\r\nSUMMARY:{words(dice, 3)}\r"
        yield f"DTSTART:{at:%Y%m%dT%H%M%S}Z\r\nDURATION:PT30M\r\nEND:VEVENT\r"
    yield "END:VCALENDAR\r"


def mailbox(size: int) -> Iterator[str]:
    dice = random.Random(7)
    for number, at in moments(size):
        yield f"From ana@kestrel.example {at:%a %b %d %H:%M:%S %Y}"
        yield f"From: Ana Roe <ana@kestrel.example>\nTo: incidents@kestrel.example\nSubject: {words(dice, 3)} {number}"
        yield f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000\nMessage-ID: <{number}@kestrel.example>"
        yield f"List-Id: <incidents.kestrel.example>\n\n{words(dice)}\n"


def transcript(size: int) -> Iterator[str]:
    """Two people by turns."""
    dice = random.Random(7)
    yield "WEBVTT\n"
    for number in range(size):
        hours, rest = divmod(number * 4, 3600)
        at = f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
        yield f"{at}.000 --> {at}.900\n{('Ana', 'Bo')[number % 2]}: {words(dice)}\n"


MADE: dict[str, tuple[str, Callable[[int], Iterator[str]]]] = {
    "log": ("shop.log", iso_log),
    "syslog": ("syslog.log", syslog),
    "web server log": ("access.log", access_log),
    "JSON log": ("shop.jsonl", json_log),
    "CSV": ("events.csv", table),
    "git log text": ("git.log", git_text),
    "git log JSON": ("git.jsonl", git_json),
    "PagerDuty": ("pagerduty.jsonl", pagerduty),
    "Alertmanager": ("alertmanager.jsonl", alertmanager),
    "GitHub pushes": ("github.jsonl", github),
    "mailbox": ("incidents.mbox", mailbox),
    "transcript": ("GMT20310303-080000_call.vtt", transcript),
    "calendar": ("shop.ics", calendar),
}


def made(form: str, folder: Path, size: int) -> Path:
    """A file of that format with `size` records."""
    name, generate = MADE[form]
    path = folder / name
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for line in generate(size):
            stream.write(line + "\n")
    return path
