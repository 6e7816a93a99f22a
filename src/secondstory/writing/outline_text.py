"""An outline as text that anybody can edit: a heading a section, its questions as a list below it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from secondstory.writing.rules import REQUIRED, Outline

HEADING = re.compile(r"^#+\s*(.*?)\s*(?:\{([a-z][a-z0-9_]*)\})?\s*$")


def outline_text(outline: Sequence[Outline]) -> str:
    """For the page. The word in braces is the section's own name and stays when its title changes."""
    blocks = []
    for each in outline:
        questions = "\n".join(f"- {question}" for question in each.questions)
        blocks.append(f"## {each.title} {{{each.key}}}\n{questions}".rstrip())
    return "\n\n".join(blocks) + "\n"


def outline_from(text: str, before: Sequence[Outline]) -> list[Outline]:
    """From the page. A section without a name in braces keeps the one it had by its title, or gets one from it."""
    known = {str(each.title).strip().lower(): each.key for each in before}
    sections: list[tuple[str, str, list[str]]] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith("#") and (found := HEADING.match(line)):
            title = found[1].strip()
            sections.append((found[2] or known.get(title.lower()) or _key_of(title), title, []))
        elif sections and line.strip():
            sections[-1][2].append(re.sub(r"^\s*[-*]\s+", "", line).strip())
    return [Outline(key, title, tuple(questions), key in REQUIRED) for key, title, questions in sections]


def _key_of(title: str) -> str:
    key = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:32]
    return key if key[:1].isalpha() else f"s_{key}"[:32]
