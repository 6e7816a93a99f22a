"""Where an upload waits until it was chosen from: in storage, under the import's own name, and gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage

FOLDER = "evidence/uploads"


def keep(import_id: str, file: File[bytes]) -> str:
    """Stores an upload; answers the name it has in storage."""
    return default_storage.save(f"{FOLDER}/{import_id}/upload", file)


def forget(name: str) -> None:
    """Deletes an upload. Nothing unmasked stays."""
    if not name:
        return
    default_storage.delete(name)
    # A folder on disk keeps an empty folder; other storages have none.
    if path := _path_of(name):
        shutil.rmtree(path.parent, ignore_errors=True)


@contextmanager
def on_disk(stored: str, name: str) -> Iterator[tuple[Path, Path]]:
    """The upload as a file of its own name, and a scratch folder beside it; both gone afterwards.

    Importers take places from file names, so the file is called what it was called.
    """
    with tempfile.TemporaryDirectory(prefix="secondstory-") as folder:
        scratch = Path(folder) / "scratch"
        scratch.mkdir()
        path = Path(folder) / "upload" / (Path(name).name or "upload")
        path.parent.mkdir()
        _bring(stored, path)
        yield path, scratch


def _bring(stored: str, path: Path) -> None:
    if there := _path_of(stored):
        path.symlink_to(there)
        return
    with default_storage.open(stored) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target, 1024 * 1024)


def _path_of(stored: str) -> Path | None:
    try:
        return Path(default_storage.path(stored))
    except NotImplementedError:
        return None
