"""A last look at the words before readers get them: what is asked about them, by section. It holds nobody up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from secondstory.reviews.models import Review
from secondstory.texts.asking import read_whole, stands_in
from secondstory.writing.document import ChainRow, Document, LinkRow, Part
from secondstory.writing.models import Section


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked in one section: words and the question about them."""

    key: str
    title: str
    questions: list[tuple[str, str]]


def read_through(
    review: Review, person: Any, document: Document, sections: Iterable[Section], names: Mapping[str, str]
) -> list[Asked]:
    """For whoever publishes; what is let stand where they write is not asked again."""
    stands = stands_in(person, [each.text_id for each in sections], review.pk)
    found = (
        Asked(part.key, part.title, list(_questions(part, document, names, stands)))
        for part in document.parts
        if part.state == Section.State.OPEN
    )
    return [each for each in found if each.questions]


def _questions(part: Part, document: Document, names: Mapping[str, str], stands: set[str]) -> Iterator[tuple[str, str]]:
    for finding, words in read_whole("\n\n".join([part.body, *_rows(part.key, document)]), part.key, names):
        if finding.fingerprint not in stands:
            yield words, finding.questions[0]


def _rows(key: str, document: Document) -> Iterator[str]:
    """What stands in a section besides its own words."""
    if key == "timeline":
        yield from (words for row in document.timeline for words in (row.what, row.information, row.decision) if words)
    elif key == "factors":
        yield from (row.words for row in document.factors)
        yield from (words for chain in document.chains for words in _chain(chain))
    elif key == "actions":
        yield from (row.wording for row in document.actions)


def _chain(chain: ChainRow) -> Iterator[str]:
    yield chain.question
    for link in chain.links:
        yield from _link(link)


def _link(link: LinkRow) -> Iterator[str]:
    yield link.words
    for each in link.links:
        yield from _link(each)
