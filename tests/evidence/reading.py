"""How tests hand a file to an importer and look at what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from secondstory.evidence.importers.record import Choices, Importer, Problem, Record
from secondstory.evidence.importers.registry import recognise

ALL = Choices()


def written(folder: Path, name: str, content: Any) -> Path:
    """A file with this content; what is no text and no bytes is written as JSON."""
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def read(path: Path, choices: Choices = ALL) -> tuple[list[Record], list[Problem]]:
    """What the importer that recognises a file makes of it."""
    return sorted_out(recognise(path).read(path, choices))


def sorted_out(told: Iterable[Record | Problem]) -> tuple[list[Record], list[Problem]]:
    """Records and problems apart."""
    found = list(told)
    records = [one for one in found if isinstance(one, Record)]
    return records, [one for one in found if isinstance(one, Problem)]


def importer_of(path: Path) -> Importer:
    """Which importer is surest."""
    return recognise(path)
