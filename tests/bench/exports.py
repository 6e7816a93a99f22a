"""Invented exports of any size, the same every time for the same seed. Written as they are made, never held."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

BEGIN = datetime(2031, 3, 3, 8, 0, tzinfo=UTC)
PEOPLE = ("ana", "bo", "cleo", "dov", "eve", "gil", "hana", "ivo", "juno", "kai", "lio", "mara")
CHANNELS = ("orders", "payments", "search", "platform", "support", "general", "deploys", "alerts")
OPENINGS = (
    "seeing",
    "we had",
    "could be",
    "looking at",
    "not sure about",
    "that fits",
    "nobody expected",
    "rolled back",
)
THINGS = (
    "a rise in latency on the orders queue",
    "the old configuration on two nodes",
    "timeouts between search and storage",
    "a certificate that ran out at noon",
    "retries that fill the connection pool",
    "the new parser for invoices",
    "a disk that is nearly full",
    "customers who see an empty basket",
)
ENDINGS = (
    "",
    " since about half past",
    ", can somebody look?",
    " — first time I see this",
    " & it is <not> new",
    " again",
)


def sentence(dice: random.Random) -> str:
    """Something a person might say on a bad day."""
    return f"{dice.choice(OPENINGS)} {dice.choice(THINGS)}{dice.choice(ENDINGS)}"


def slack_message(dice: random.Random, at: datetime, number: int) -> dict[str, Any]:
    """A message as Slack exports it, with its blocks; some in threads, some edited, some by a bot."""
    text, user = sentence(dice), f"U{dice.randrange(len(PEOPLE)):08d}"
    ts = f"{at.timestamp():.0f}.{number % 1_000_000:06d}"
    if number % 40 == 0:
        return {
            "type": "message",
            "subtype": "bot_message",
            "bot_id": "B00000001",
            "username": "watchdog",
            "text": "",
            "ts": ts,
            "attachments": [{"title": "High error rate", "text": text, "fallback": text, "color": "danger"}],
        }
    mention = f"<@U{dice.randrange(len(PEOPLE)):08d}> " if number % 5 == 0 else ""
    link = f" <https://example.org/d/{number}|panel {number}>" if number % 9 == 0 else ""
    shown = mention + text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") + link
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    message: dict[str, Any] = {
        "client_msg_id": f"{dice.getrandbits(32):08x}-1c2d-4e5f-8a9b-{dice.getrandbits(48):012x}",
        "type": "message", "user": user, "text": shown, "ts": ts, "team": "T00000001",
        "user_team": "T00000001", "source_team": "T00000001",
        "blocks": [{"type": "rich_text", "block_id": f"{dice.getrandbits(20):05x}", "elements": [section]}],
    }  # fmt: skip
    if number % 4 == 0:
        message["thread_ts"] = f"{(at - timedelta(minutes=9)).timestamp():.0f}.000100"
    if number % 25 == 0:
        message["edited"] = {"user": user, "ts": ts}
    if number % 500 == 0:
        message["text"] += " token=" + f"{dice.getrandbits(160):040x}"
    return message


def slack_zip(path: Path, size: int, *, seed: int = 7, a_day: int = 5000) -> Path:
    """A Slack export of `size` messages, in indented JSON as Slack writes it."""
    dice = random.Random(seed)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("users.json", json.dumps([_user(n, name) for n, name in enumerate(PEOPLE)]))
        archive.writestr("channels.json", json.dumps([{"id": f"C{n:08d}", "name": c} for n, c in enumerate(CHANNELS)]))
        for nth, begin in enumerate(range(0, size, a_day)):
            channel, day = CHANNELS[nth % len(CHANNELS)], BEGIN + timedelta(days=nth // len(CHANNELS))
            step = timedelta(hours=10) / a_day
            with archive.open(f"{channel}/{day:%Y-%m-%d}.json", "w", force_zip64=True) as stream:
                stream.write(b"[")
                for number in range(begin, min(begin + a_day, size)):
                    message = slack_message(dice, day + step * (number - begin), number)
                    stream.write(b"," if number > begin else b"")
                    stream.write(b"\n    " + json.dumps(message, indent=4).replace("\n", "\n    ").encode())
                stream.write(b"\n]")
    return path


def _user(number: int, name: str) -> dict[str, Any]:
    return {"id": f"U{number:08d}", "name": name, "profile": {"display_name": name, "real_name": name.title()}}


def mattermost_lines(size: int, *, seed: int = 7) -> Iterator[str]:
    """A Mattermost bulk export, line by line; every twentieth post has a reply."""
    dice = random.Random(seed)
    yield json.dumps({"type": "version", "version": 1})
    yield json.dumps({"type": "team", "team": {"name": "shop", "display_name": "Shop", "type": "O"}})
    for channel in CHANNELS:
        yield json.dumps({"type": "channel", "channel": {"team": "shop", "name": channel, "type": "O"}})
    number = 0
    while number < size:
        at = int((BEGIN + timedelta(seconds=7 * number)).timestamp() * 1000)
        post: dict[str, Any] = {
            "team": "shop", "channel": CHANNELS[number // 900 % len(CHANNELS)], "user": dice.choice(PEOPLE),
            "message": sentence(dice), "props": {}, "create_at": at, "edit_at": 0, "reactions": None, "replies": [],
        }  # fmt: skip
        number += 1
        if number % 20 == 0 and number < size:
            post["replies"] = [{"user": dice.choice(PEOPLE), "message": sentence(dice), "create_at": at + 900}]
            number += 1
        yield json.dumps({"type": "post", "post": post})


def chat_log_lines(size: int, *, seed: int = 7) -> Iterator[str]:
    """An IRC log with dates in the lines."""
    dice = random.Random(seed)
    for number in range(size):
        yield f"{BEGIN + timedelta(seconds=11 * number):%Y-%m-%d %H:%M:%S} <{dice.choice(PEOPLE)}> {sentence(dice)}"


def admin_log_lines(size: int, *, seed: int = 7) -> Iterator[str]:
    """A server admin log with a heading for every day, newest day last."""
    dice, day = random.Random(seed), None
    for number in range(size):
        at = BEGIN + timedelta(seconds=95 * number)
        if at.date() != day:
            day = at.date()
            yield f"## {at:%Y-%m-%d}"
        yield f"* {at:%H:%M} {dice.choice(PEOPLE)}: {sentence(dice)}"


def pasted_lines(size: int, *, seed: int = 7) -> Iterator[str]:
    """A conversation as copied from a chat window, with a day between the lines now and then."""
    dice, day = random.Random(seed), None
    for number in range(size):
        at = BEGIN + timedelta(seconds=95 * number)
        if at.date() != day:
            day = at.date()
            yield f"{at:%A, %B} {at.day}, {at.year}"
        yield f"{dice.choice(PEOPLE).title()}  {at:%I:%M %p}"
        yield sentence(dice)


def write_lines(path: Path, lines: Iterator[str]) -> Path:
    """A text of these lines."""
    with path.open("w", encoding="utf-8") as stream:
        for line in lines:
            stream.write(line + "\n")
    return path
