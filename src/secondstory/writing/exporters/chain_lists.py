"""Chains and second stories as nested lists in Markdown, and such lists read back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from secondstory.writing.chains import CONDITION, OPEN, PERSON, Link, one_line, rows_of
from secondstory.writing.document import ChainRow, LinkRow

CHAINS = "### How did that come about?"
STORIES = "### From the first story to the second"
MARKS = {CONDITION: "*Condition:*", PERSON: "*Person:*"}
KIND_OF = {mark: kind for kind, mark in MARKS.items()}
# Words that begin like a mark of ours get a backslash in front.
LIKE_A_MARK = re.compile(r"\\*(?:\*Condition:\*|\*Person:\*)")
MARKED = re.compile(r"(\*Condition:\*|\*Person:\*)(?: (.*))?$")
ITEM = re.compile(r"( *)- (.*)$")
INDENT = "  "


def lists_of(chains: Sequence[ChainRow], stories: Sequence[ChainRow]) -> list[str]:
    """The blocks of Markdown, each under its heading."""
    blocks = [(CHAINS, chains), (STORIES, stories)]
    return [f"{title}\n\n" + "\n".join(_lines(rows)) for title, rows in blocks if rows]


def _lines(rows: Iterable[ChainRow]) -> Iterator[str]:
    for row in rows:
        yield f"- {one_line(row.question)}"
        yield from _links(row.links, INDENT)


def _links(links: Iterable[LinkRow], indent: str) -> Iterator[str]:
    for link in links:
        words = one_line(link.words)
        said = f"\\{words}" if LIKE_A_MARK.match(words) else words
        yield f"{indent}- {MARKS[link.kind]} {said}" if link.kind in MARKS else f"{indent}- {said}"
        yield from _links(link.links, indent + INDENT)


def chains_in(lines: Sequence[str], title: str) -> tuple[ChainRow, ...]:
    """The chains below one of our headings."""
    begin = next((number for number, line in enumerate(lines) if line.rstrip() == title), len(lines))
    found: list[tuple[str, list[Link]]] = []
    for line in lines[begin + 1 :]:
        if line.startswith("#"):
            break
        if item := ITEM.match(line):
            depth = len(item[1]) // len(INDENT)
            if not depth:
                found.append((item[2], []))
            elif found:
                found[-1][1].append(_link(item[2], depth - 1))
    return tuple(ChainRow(question, rows_of(links)) for question, links in found)


def _link(said: str, depth: int) -> Link:
    if marked := MARKED.match(said):
        return Link("", _bare(marked[2] or ""), depth, KIND_OF[marked[1]])
    return Link("", _bare(said), depth, OPEN)


def _bare(words: str) -> str:
    return words.removeprefix("\\") if words.startswith("\\") and LIKE_A_MARK.match(words) else words
