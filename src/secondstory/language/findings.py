"""What the analyser hands back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

SEVERITIES = ("off", "hint", "info", "warn", "error")


class Agent(NamedTuple):
    """Who does what the flagged words say. `kind` is person, named, team, self, system or implicit."""

    kind: str
    start: int = -1
    end: int = -1
    phrase: str = ""

    @property
    def column(self) -> str:
        """The column of a rule's table of severities that this agent falls into."""
        return "person" if self.kind in {"named", "team"} else self.kind


class Edit(NamedTuple):
    """A change a writer may choose. Nothing is ever applied by itself."""

    title: str
    start: int
    end: int
    replacement: str


class Finding(NamedTuple):
    """One place worth a second look. Offsets count code points of the text that was given."""

    rule: str
    name: str
    family: str
    start: int
    end: int
    line: int
    column: int
    severity: str
    agent: str
    message: str
    questions: tuple[str, ...]
    skeletons: tuple[str, ...]
    edits: tuple[Edit, ...]
    sentence: str
    sentence_start: int
    role: str

    @property
    def fingerprint(self) -> str:
        """The same for the same rule and sentence wherever the lines move. It holds no word of the sentence."""
        from hashlib import sha256

        words = " ".join(self.sentence.casefold().split())
        return sha256(f"{self.rule}\0{words}".encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def as_data(self, *, with_text: bool) -> Mapping[str, Any]:
        """For machines; the sentence only where it was asked for."""
        data = self._asdict()
        data["edits"] = [edit._asdict() for edit in self.edits]
        data["fingerprint"] = self.fingerprint
        if not with_text:
            for name in ("sentence", "message", "questions", "edits"):
                del data[name]
        return data


def at_least(severity: str, bar: str) -> bool:
    """Whether one severity reaches another."""
    return SEVERITIES.index(severity) >= SEVERITIES.index(bar)


def lowered(severity: str) -> str:
    """One step gentler, but never silent."""
    return SEVERITIES[max(1, SEVERITIES.index(severity) - 1)] if severity != "off" else "off"


def utf16(text: str, offset: int) -> int:
    """The offset as editors count it, in UTF-16 units."""
    return len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2
