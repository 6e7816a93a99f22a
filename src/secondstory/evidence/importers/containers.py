"""Safe reading of uploads: single files, zips and folders. Nothing is ever unpacked beside its name."""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from secondstory.evidence.importers.record import Problem, Refused

HEAD = 64 * 1024
LARGEST_FILE = 2_000_000_000
LARGEST_UNPACKED = 8_000_000_000
MOST_ENTRIES = 200_000
# Chat exports shrink 10 to 40 times; deflate cannot do better than 1,032 times.
STEEPEST_RATIO = 200
RATIO_MATTERS_FROM = 20_000_000
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)
_SAYS_UTF_8 = 0x800
_DRIVE = re.compile(r"^[A-Za-z]:")
_LITTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|\._)")


class Container(Protocol):
    """A folder or a zip: named files that can be opened one after the other."""

    names: tuple[str, ...]
    skipped: tuple[Problem, ...]

    def open(self, name: str) -> IO[bytes]:
        """One file, as a stream of bytes."""
        ...

    def size(self, name: str) -> int:
        """Its size when unpacked, as the container tells it."""
        ...


class Unreadable(io.BytesIO):
    """A file that cannot be opened: it tells so where it is read, as one does that breaks off later."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def read(self, size: int | None = -1, /) -> bytes:  # noqa: ARG002 - nothing can be read
        raise zipfile.BadZipFile(type(self._error).__name__)


class Folder:
    """A folder on disk. Links are not followed: they may lead out of it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        found: list[str] = []
        links: list[Problem] = []
        for top, folders, files in os.walk(path):
            folders.sort()
            inside = Path(top).relative_to(path)
            linked = [n for n in [*folders, *files] if (Path(top) / n).is_symlink()]
            links += [
                Problem((inside / n).as_posix(), "a link, not followed", "copy the file itself here") for n in linked
            ]
            found += [(inside / n).as_posix() for n in sorted(files) if n not in linked]
        self.names = tuple(n for n in found if not _LITTER.search(n))
        self.skipped = tuple(links)

    def open(self, name: str) -> IO[bytes]:
        """One file, as a stream of bytes."""
        path = self._path / name
        try:
            refuse_large(path.stat().st_size, name)
            return path.open("rb")
        except OSError as error:
            return Unreadable(error)

    def size(self, name: str) -> int:
        """Its size on disk."""
        return (self._path / name).stat().st_size


class Zip:
    """A zip whose entries were all looked at before the first is opened."""

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive = archive
        entries = [e for e in archive.infolist() if not e.is_dir() and not _LITTER.search(e.filename)]
        _refuse_bombs(entries, size)
        for entry in entries:
            _refuse_tricks(entry)
        self._entries = {_name_of(e): e for e in entries}
        self.names = tuple(self._entries)
        self.skipped: tuple[Problem, ...] = ()

    def open(self, name: str) -> IO[bytes]:
        """One file, as a stream of bytes."""
        try:
            return self._archive.open(self._entries[name])
        except (*DAMAGE, RuntimeError) as error:
            return Unreadable(error)

    def size(self, name: str) -> int:
        """Its size when unpacked."""
        return self._entries[name].file_size


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 without saying so."""
    name = entry.filename.replace("\\", "/")
    if entry.flag_bits & _SAYS_UTF_8 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name


@contextmanager
def opened(path: Path) -> Iterator[Container]:
    """The files of a folder or zip, or Refused with the name of what is wrong."""
    if path.is_dir():
        yield Folder(path)
        return
    size = size_of(path)
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGE as error:
        raise Refused(*_why_no_zip(path, error)) from None
    with archive:
        yield Zip(archive, size)


def _why_no_zip(path: Path, error: Exception) -> tuple[str, str]:
    if not head_of(path).startswith(b"PK"):
        return f"{path.name} is not a zip", "upload the export as it was downloaded, or the folder it was unpacked to"
    return f"{path.name} is a damaged or incomplete zip ({type(error).__name__})", "download it again"


def _refuse_bombs(entries: list[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Refused(f"the zip holds {len(entries):,} files, more than {MOST_ENTRIES:,}", "split it")
    total = sum(e.file_size for e in entries)
    if total > LARGEST_UNPACKED:
        raise Refused(f"the zip would unpack to {total:,} bytes, more than {LARGEST_UNPACKED:,}", "split it")
    for entry in entries:
        refuse_large(entry.file_size, entry.filename)
        if _too_steep(entry.file_size, entry.compress_size):
            raise Refused(
                f"zip bomb: {entry.filename} would unpack to {entry.file_size:,} bytes from {entry.compress_size:,}"
            )
    if _too_steep(total, size):
        raise Refused(f"zip bomb: {size:,} bytes would unpack to {total:,}")
    _refuse_overlap(entries)


def _too_steep(unpacked: int, packed: int) -> bool:
    return unpacked > RATIO_MATTERS_FROM and unpacked > STEEPEST_RATIO * max(packed, 1)


def _refuse_overlap(entries: list[zipfile.ZipInfo]) -> None:
    end, before = 0, ""
    for entry in sorted(entries, key=lambda e: e.header_offset):
        if entry.header_offset < end:
            raise Refused(f"zip bomb: {entry.filename} overlaps {before}")
        end, before = entry.header_offset + entry.compress_size, entry.filename


def _refuse_tricks(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/")
    if name.startswith("/") or _DRIVE.match(name) or ".." in PurePosixPath(name).parts:
        raise Refused(f"the zip holds a path that leads out of it: {entry.filename!r}")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused(f"the zip holds a link: {entry.filename}", "pack the file itself")
    if entry.flag_bits & 0x1:
        raise Refused(f"{entry.filename} in the zip is encrypted", "unpack it and upload the folder or a plain zip")


def refuse_large(size: int, name: str) -> None:
    """Files of 2 GB and more are refused by name."""
    if size >= LARGEST_FILE:
        raise Refused(f"{name} has {size:,} bytes, more than {LARGEST_FILE:,}", "split it, or export a shorter time")


def size_of(path: Path) -> int:
    """The size of an upload that is neither empty nor too large, or Refused."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Refused(f"{path.name} cannot be read ({type(error).__name__})") from None
    if size == 0:
        raise Refused(f"{path.name} is empty")
    refuse_large(size, path.name)
    return size


def head_of(path: Path) -> bytes:
    """The first 64 KiB of a file; nothing of a folder."""
    if path.is_dir():
        return b""
    with path.open("rb") as stream:
        return stream.read(HEAD)


def is_zip(head: bytes) -> bool:
    """Whether a file begins as a zip does, an empty one included."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def top_of(names: tuple[str, ...]) -> str:
    """The folder that everything in a container lies in ("export/"), or "" when that is the container itself."""
    folders = [n.split("/")[:-1] for n in names]
    shared: list[str] = []
    for parts in zip(*folders, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return "".join(part + "/" for part in shared)
