"""A chain as somebody typed it: in the editor, or in the form of a page without script."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from secondstory.writing.chains import Link, end_of, stepped


@dataclass(frozen=True, slots=True)
class Typed:
    """What should stand, and the version it was read at."""

    question: str
    links: list[Link]
    version: int


def typed_in_form(given: QueryDict) -> Typed:
    """Every line of the form, then the step whose button was pressed, then the line added below."""
    version = str(given.get("version", ""))
    links = _lines(given)
    step, _colon, id_ = str(given.get("do", "")).partition(":")
    links = _with_one_more(stepped(links, id_, step), given)
    return Typed(str(given.get("question", "")), links, int(version) if version.isdecimal() else 0)


def _lines(given: QueryDict) -> list[Link]:
    columns = [given.getlist(name) for name in ("link", "words", "depth", "kind")]
    rows = zip(*columns, strict=False)
    return [Link(id_[:12], words, int(depth) if depth.isdecimal() else 0, kind) for id_, words, depth, kind in rows]


def _with_one_more(links: list[Link], given: QueryDict) -> list[Link]:
    words, under = str(given.get("more", "")), str(given.get("under", ""))
    if not words.strip():
        return links
    at = next((number for number, link in enumerate(links) if link.id == under), None)
    if at is None:
        return [*links, Link("", words)]
    end = end_of(links, at)
    return [*links[:end], Link("", words, links[at].depth + 1), *links[end:]]


def typed_in_editor(sent: bytes) -> Typed:
    """What the editor saves; raises ValueError, KeyError or TypeError when it is something else."""
    data: Mapping[str, Any] = json.loads(sent)
    chain: Mapping[str, Any] = json.loads(str(data["body"]))
    links = [Link.from_json(each) for each in chain["links"]]
    return Typed(str(chain["question"]), [replace(each, id=_plain(each.id)) for each in links], int(data["version"]))


def as_typed(question: str, links: Sequence[Link]) -> str:
    """As the editor has it."""
    return json.dumps({"question": question, "links": [each.as_json() for each in links]}, ensure_ascii=False)


def _plain(id_: str) -> str:
    return id_ if id_.isalnum() and id_.isascii() else ""
