"""How did that come about: a question or a claim, and what stands behind it, as a tree. Knows no Django.

A tree is kept as its lines from top to bottom, each with how deep it hangs: so it is typed, stored and compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from secondstory.access.ids import new_id
from secondstory.writing.document import LinkRow

OPEN, CONDITION, PERSON = "open", "condition", "person"
KINDS = (OPEN, CONDITION, PERSON)
DEEPEST = 11
MOST_LINKS = 300
LONGEST_LINK = 1_000
LONGEST_QUESTION = 500
STEPS = ("up", "down", "in", "out", "remove")


@dataclass(frozen=True, slots=True)
class Link:
    """One answer to "how did that come about?"; it hangs on the nearest line above it that is less deep."""

    id: str
    words: str
    depth: int = 0
    kind: str = OPEN

    def as_json(self) -> dict[str, Any]:
        """As stored."""
        return {"id": self.id, "words": self.words, "depth": self.depth, "kind": self.kind}

    @staticmethod
    def from_json(data: Any) -> Link:
        """From what is stored, or from what an editor sent; raises ValueError, KeyError or TypeError."""
        depth = data["depth"]
        if not isinstance(depth, int):
            raise TypeError
        return Link(str(data.get("id", ""))[:12], str(data["words"]), depth, str(data["kind"]))


@dataclass(frozen=True, slots=True)
class Branch:
    """A link with what hangs on it, for a page."""

    link: Link
    branches: tuple[Branch, ...] = ()

    @property
    def asks(self) -> bool:
        """Nothing stands behind this person yet: the condition is still to be found."""
        return self.link.kind == PERSON and not self.branches


def one_line(words: str) -> str:
    """A link stands on one line."""
    return " ".join(words.replace("\0", "").split())


def tidied(links: Iterable[Link]) -> list[Link]:
    """As stored: no empty ends, no gaps in depth, known kinds, and every link with a name of its own."""
    kept: list[Link] = []
    for link in reversed(list(links)):
        words = one_line(link.words)
        holds = bool(kept) and kept[-1].depth > max(link.depth, 0)
        if words or holds:
            kept.append(replace(link, words=words, depth=max(link.depth, 0)))
    return _named(_without_gaps(reversed(kept)))


def _without_gaps(links: Iterable[Link]) -> list[Link]:
    """A line hangs at most one deeper than what it hangs on; what hung beside it stays beside it."""
    done: list[Link] = []
    above: list[int] = []
    for link in links:
        while above and above[-1] >= link.depth:
            above.pop()
        done.append(replace(link, depth=min(len(above), DEEPEST)))
        above.append(link.depth)
    return done


def _named(links: Iterable[Link]) -> list[Link]:
    seen: set[str] = set()
    done = []
    for link in links:
        id_ = link.id if link.id and link.id not in seen else new_id()
        seen.add(id_)
        done.append(replace(link, id=id_, kind=link.kind if link.kind in KINDS else OPEN))
    return done


def branches_of(links: Sequence[Link]) -> tuple[Branch, ...]:
    """The lines as a tree."""
    return tuple(Branch(links[at], branches_of(links[at + 1 : end])) for at, end in _blocks(links))


def rows_of(links: Sequence[Link]) -> tuple[LinkRow, ...]:
    """The lines as a document has them."""
    return tuple(LinkRow(links[at].words, links[at].kind, rows_of(links[at + 1 : end])) for at, end in _blocks(links))


def links_of(rows: Iterable[LinkRow], depth: int = 0) -> list[Link]:
    """The lines of a document's tree."""
    return [
        each for row in rows for each in (Link(new_id(), row.words, depth, row.kind), *links_of(row.links, depth + 1))
    ]


def ends_in_a_person(links: Sequence[Link]) -> bool:
    """Whether some branch stops at a person and not at a condition."""
    following = [*links[1:], None]
    return any(
        link.kind == PERSON and (after is None or after.depth <= link.depth)
        for link, after in zip(links, following, strict=False)
    )


def _blocks(links: Sequence[Link]) -> list[tuple[int, int]]:
    """Where each line of the first depth begins, and where what hangs on it ends."""
    starts = [at for at, link in enumerate(links) if link.depth <= links[0].depth]
    return list(zip(starts, [*starts[1:], len(links)], strict=True)) if starts else []


def stepped(links: Sequence[Link], id_: str, step: str) -> list[Link]:
    """The tree after one step: a line with all that hangs on it goes up, down, in, out, or away."""
    at = next((number for number, link in enumerate(links) if link.id == id_), None)
    if at is None or step not in STEPS:
        return list(links)
    end = end_of(links, at)
    before, block, after = list(links[:at]), list(links[at:end]), list(links[end:])
    if step == "remove":
        return before + after
    if step == "in":
        fits = _sister_above(links, at) is not None and max(link.depth for link in block) < DEEPEST
        return before + _deeper(block, 1) + after if fits else list(links)
    if step == "out":
        return _out(before, block, after)
    return _up(before, block, after) if step == "up" else _down(before, block, after)


def end_of(links: Sequence[Link], at: int) -> int:
    """Where what hangs on a line ends."""
    deeper = (number for number in range(at + 1, len(links)) if links[number].depth <= links[at].depth)
    return next(deeper, len(links))


def _sister_above(links: Sequence[Link], at: int) -> int | None:
    for number in range(at - 1, -1, -1):
        if links[number].depth <= links[at].depth:
            return number if links[number].depth == links[at].depth else None
    return None


def _deeper(block: Sequence[Link], by: int) -> list[Link]:
    return [replace(link, depth=link.depth + by) for link in block]


def _up(before: list[Link], block: list[Link], after: list[Link]) -> list[Link]:
    sister = _sister_above([*before, *block], len(before))
    return before + block + after if sister is None else before[:sister] + block + before[sister:] + after


def _down(before: list[Link], block: list[Link], after: list[Link]) -> list[Link]:
    if not after or after[0].depth != block[0].depth:
        return before + block + after
    end = end_of(after, 0)
    return before + after[:end] + block + after[end:]


def _out(before: list[Link], block: list[Link], after: list[Link]) -> list[Link]:
    """It comes to stand behind what it hung on, with all its sisters below it left where they are."""
    depth = block[0].depth
    if not depth:
        return before + block + after
    end = next((number for number, link in enumerate(after) if link.depth < depth), len(after))
    return before + after[:end] + _deeper(block, -1) + after[end:]


def told(question: str, links: Iterable[Link]) -> str:
    """The tree as lines of text, to be compared."""
    marks = {PERSON: "person: ", CONDITION: "condition: "}
    return "\n".join([question, *(f"{'  ' * link.depth}- {marks.get(link.kind, '')}{link.words}" for link in links)])
