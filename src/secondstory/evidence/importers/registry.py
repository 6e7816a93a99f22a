"""Which importer reads what: one list, asked in turn."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from secondstory.evidence.importers.alertmanager import ALERTMANAGER
from secondstory.evidence.importers.containers import DAMAGE, Container, head_of, is_zip, opened, size_of
from secondstory.evidence.importers.csv_table import CSV_TABLE
from secondstory.evidence.importers.git_log import GIT_LOG
from secondstory.evidence.importers.github import GITHUB
from secondstory.evidence.importers.gitlab import GITLAB
from secondstory.evidence.importers.ics import ICS
from secondstory.evidence.importers.image import IMAGE
from secondstory.evidence.importers.irc import IRC
from secondstory.evidence.importers.json_log import JSON_LOG
from secondstory.evidence.importers.mail import MAIL
from secondstory.evidence.importers.mattermost import MATTERMOST
from secondstory.evidence.importers.pagerduty import PAGERDUTY
from secondstory.evidence.importers.pasted import PASTED
from secondstory.evidence.importers.plain_log import PLAIN_LOG
from secondstory.evidence.importers.record import Importer, Problem, Refused
from secondstory.evidence.importers.sal import SAL
from secondstory.evidence.importers.slack import SLACK
from secondstory.evidence.importers.transcript import TRANSCRIPT

IMPORTERS: tuple[Importer, ...] = (
    PAGERDUTY,
    ALERTMANAGER,
    GITHUB,
    GITLAB,
    GIT_LOG,
    ICS,
    IMAGE,
    MAIL,
    TRANSCRIPT,
    CSV_TABLE,
    JSON_LOG,
    PLAIN_LOG,
    SLACK,
    MATTERMOST,
    SAL,
    IRC,
    PASTED,
)
OPEN_ZIPS = frozenset({SLACK.name, MATTERMOST.name})


@dataclass(slots=True, frozen=True)
class Found:
    """A part of an upload and the importer that reads it. `path` lives until the next one is asked for."""

    name: str
    path: Path
    importer: Importer


def named(name: str) -> Importer:
    """The importer of that name."""
    for importer in IMPORTERS:
        if importer.name == name:
            return importer
    raise Refused(f"there is no importer called {name}", f"one of {', '.join(i.name for i in IMPORTERS)}")


def recognise(path: Path) -> Importer:
    """The importer that is surest of a file, zip or folder, or Refused with the reason why there is none."""
    if not path.is_dir():
        size_of(path)
    head = head_of(path)
    asked: tuple[Importer, ...] = IMPORTERS
    if is_zip(head):
        with opened(path):
            # A zip that stores its files unpacked shows their text in its head: only who opens zips is asked.
            asked = tuple(i for i in IMPORTERS if i.name in OPEN_ZIPS)
    best, importer, reason = 0, None, None
    for candidate in asked:
        try:
            score = candidate.recognises(path, head)
        except Refused as refused:
            reason = reason or refused
            continue
        if score > best:
            best, importer = score, candidate
    if importer is None:
        raise reason or Refused(*_why_not(path, head))
    return importer


def _why_not(path: Path, head: bytes) -> tuple[str, str]:
    known = "these are: " + ", ".join(i.title for i in IMPORTERS)
    if path.is_dir() or is_zip(head):
        return f"{path.name} holds nothing in a format known here", known
    if b"\0" in head:
        return f"{path.name} is not this product: a binary file of no known kind", known
    if head.lstrip()[:1] in (b"{", b"["):
        return f"{path.name} is not this product: JSON of no known source", known
    return f"{path.name} is not this product: text without anything to tell what it is", known


def walk(uploads: Iterable[Path], scratch: Path) -> Iterator[Found | Problem]:
    """What can be read in a set of files, zips and folders, and a Problem for each part that cannot.

    A folder or zip that is no export as a whole is looked into file by file; files from a zip are put into
    `scratch` one at a time, under names of ours.
    """
    for upload in uploads:
        yield from _walk_one(upload, upload.name, scratch)


def _walk_one(path: Path, name: str, scratch: Path) -> Iterator[Found | Problem]:
    try:
        yield Found(name, path, recognise(path))
    except Refused as refused:
        if path.is_dir():
            yield from _walk_folder(path, name, scratch)
        elif is_zip(_head_or_nothing(path)):
            yield from _walk_zip(path, name, scratch, refused)
        else:
            yield Problem(name, refused.what, refused.do)


def _head_or_nothing(path: Path) -> bytes:
    try:
        return head_of(path)
    except OSError:
        return b""


def _walk_folder(path: Path, name: str, scratch: Path) -> Iterator[Found | Problem]:
    for child in sorted(path.iterdir()):
        inside = f"{name}/{child.name}"
        if child.is_symlink():
            yield Problem(inside, "a link, not followed", "copy the file itself here")
        else:
            yield from _walk_one(child, inside, scratch)


def _walk_zip(path: Path, name: str, scratch: Path, reason: Refused) -> Iterator[Found | Problem]:
    try:
        with opened(path) as container:
            if not container.names:
                yield Problem(name, reason.what, reason.do)
            for entry in container.names:
                yield from _walk_entry(container, entry, f"{name}/{entry}", scratch)
    except Refused as refused:
        yield Problem(name, refused.what, refused.do)


def _walk_entry(container: Container, entry: str, name: str, scratch: Path) -> Iterator[Found | Problem]:
    parts = PurePosixPath(entry.replace("\\", "/"))
    # Two levels of the name are kept: a folder called after a channel says where its files come from.
    place = scratch / "entry" / (parts.parent.name or "top")
    place.mkdir(parents=True, exist_ok=True)
    try:
        copy = place / parts.name
        with container.open(entry) as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target, 1024 * 1024)
        if is_zip(head_of(copy)):
            yield Problem(name, "a zip inside a zip is not opened", "unpack the outer one and upload what is in it")
        else:
            yield from _walk_one(copy, name, scratch)
    except DAMAGE as error:
        yield Problem(name, f"this part of the zip is damaged ({type(error).__name__})", "download it again")
    finally:
        shutil.rmtree(scratch / "entry", ignore_errors=True)
