"""E-mail: single messages (.eml) and mailboxes (mbox). Mail to a list stands under the list, other mail is private."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

from secondstory.evidence.importers.clock import Clock, exact_anchor, in_utc
from secondstory.evidence.importers.containers import size_of
from secondstory.evidence.importers.deliveries import refused_if_empty, titled
from secondstory.evidence.importers.lines import Line, lines
from secondstory.evidence.importers.record import Choices, Kind, Problem, Reach, Record
from secondstory.evidence.importers.streamed import Streamed
from secondstory.evidence.importers.times import BadTime, bad_time, believable

LARGEST_MESSAGE = 64 * 1024 * 1024
# Attachments are named, not kept.
KEPT = 200_000
PRIVATE = "E-mail"
_HEADER = re.compile(rb"(?im)^(from|to|subject|date|message-id|received|return-path|mime-version):")
_BEGINS = re.compile(rb"^From \S+.*\d{4}\s*$")
_ESCAPED = re.compile(rb"(?m)^>(>*From )")
_SURE_HEADERS = 3
_LIST = re.compile(r"<([^<>]+)>")
_TEXT_ONLY = frozenset({"date", "subject", "list-id", "references", "in-reply-to", "message-id"})


class Mail(Streamed):
    """One record a message."""

    name = "mail"
    title = "e-mail (EML, mbox)"

    def recognises(self, path: Path, head: bytes) -> int:
        """By the headers a message begins with."""
        if path.is_dir():
            return 0
        start = head.removeprefix(b"\xef\xbb\xbf")
        first, _, rest = start.partition(b"\n")
        mailbox = _BEGINS.match(first.rstrip(b"\r"))
        block = re.split(rb"\r?\n\r?\n", rest if mailbox else start, maxsplit=1)[0]
        if not re.match(rb"[A-Za-z][A-Za-z-]*:", block):
            return 0
        told = {name.lower() for name in _HEADER.findall(block)}
        return 93 if b"from" in told and len(told) >= _SURE_HEADERS else 0

    def everything(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        size_of(path)
        clock = Clock(choices)
        with path.open("rb") as stream:
            yield from refused_if_empty(_records(_messages(lines(stream, path.name), path.name), path, clock, choices))
        yield from clock.assumptions(path.name)

    def read(self, path: Path, choices: Choices) -> Iterator[Record | Problem]:
        """Every chosen message in the order of the file."""
        private = 0
        for told in self.everything(path, choices):
            if isinstance(told, Problem) or choices.takes(told.place, told.reach, told.at):
                yield told
            elif told.reach is not Reach.PUBLIC and choices.places is None:
                private += 1
        if private:
            yield Problem(path.name, f"{private} messages are private and were not taken", f"name the place {PRIVATE}")


class _Raw(NamedTuple):
    data: bytes
    number: int


def _messages(found: Iterator[Line | Problem], name: str) -> Iterator[_Raw | Problem]:
    """The messages of a file; a mailbox has a line before each."""
    held: list[bytes] = []
    size, began, blank, mailbox = 0, 1, True, False
    for line in found:
        if isinstance(line, Problem):
            continue  # a message names its own encodings
        if blank and _BEGINS.match(line.raw.rstrip(b"\r\n")) and (mailbox or line.number == 1):
            mailbox = True
            if held:
                yield _whole(held, size, began, name)
            held, size, began = [], 0, line.number
            continue
        size += len(line.raw)
        if size <= LARGEST_MESSAGE:
            held.append(_ESCAPED.sub(rb"\1", line.raw) if mailbox else line.raw)
        blank = not line.raw.strip()
    if held:
        yield _whole(held, size, began, name)


def _whole(held: list[bytes], size: int, began: int, name: str) -> _Raw | Problem:
    if size > LARGEST_MESSAGE:
        return Problem(f"{name} line {began}", "a message of more than 64 MB", "left out")
    return _Raw(b"".join(held), began)


@lru_cache(maxsize=64)
def _sort_of(name: str) -> Any:
    return HeaderRegistry()[name]


def _header(name: str, value: str) -> Any:
    """The library takes a tenth of a millisecond for a header; most of ours say what they say."""
    name = name.lower()
    if name in _TEXT_ONLY and value.isascii() and "=?" not in value:
        return value
    return _sort_of(name)(name, value)


_POLICY = policy.default.clone(header_factory=_header)


def _records(found: Iterator[_Raw | Problem], path: Path, clock: Clock, choices: Choices) -> Iterator[Record | Problem]:
    for raw in found:
        if isinstance(raw, Problem):
            yield raw
            continue
        where = f"{path.name} line {raw.number}"
        message = message_from_bytes(raw.data, policy=_POLICY)
        try:
            at = _date(message, clock) or exact_anchor(choices) or clock.day()
            if at is None:
                yield Problem(where, "no time in it, and no date was given", "say the date it belongs to")
                continue
            yield _record(message, raw, believable(at))
        except BadTime as error:
            yield bad_time(where, error)
        except (ValueError, LookupError, AttributeError, TypeError, IndexError) as error:
            yield Problem(where, f"not a readable message ({type(error).__name__})", "left out")


def _date(message: EmailMessage, clock: Clock) -> datetime | None:
    try:
        told = parsedate_to_datetime(str(message.get("Date", "")))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return in_utc(told, clock.zone)


def _record(message: EmailMessage, raw: _Raw, at: datetime) -> Record:
    listed = _LIST.search(str(message.get("List-Id", "")))
    subject = " ".join(str(message.get("Subject", "")).split()) or "(no subject)"
    thread = str(message.get("References") or message.get("In-Reply-To") or message.get("Message-ID") or "").split()
    return Record(
        at=at,
        author=_sender(message),
        text=titled(subject, _body(message)),
        place=listed[1] if listed else PRIVATE,
        kind=Kind.MESSAGE,
        original=raw.data[:KEPT],
        reach=Reach.PUBLIC if listed else Reach.PRIVATE,
        thread=thread[0].strip("<>") if thread else "",
        files=tuple(filter(None, (part.get_filename() for part in message.iter_attachments()))),
    )


def _sender(message: EmailMessage) -> str:
    addresses = getattr(message.get("From"), "addresses", ())
    first = addresses[0] if addresses else None
    return (first.display_name or first.addr_spec) if first else str(message.get("From", ""))


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = str(part.get_content())
    return _words_of(text) if part.get_content_subtype() == "html" else text


class _Words(HTMLParser):
    """The words of a page, without script, style and markup."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 the signature is HTMLParser's
        if tag in {"script", "style", "head"}:
            self._hidden += 1
        elif tag in {"br", "p", "div", "tr", "li"}:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "head"}:
            self._hidden = max(0, self._hidden - 1)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(data)


def _words_of(page: str) -> str:
    words = _Words()
    words.feed(page)
    lines_of_it = (" ".join(line.split()) for line in "".join(words.said).splitlines())
    return "\n".join(line for line in lines_of_it if line)


MAIL = Mail()
