"""A review as one document: what is read, exported, frozen and compared. Knows no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """One section: its words, or the reason it does not apply."""

    key: str
    title: str
    body: str = ""
    state: str = "open"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One moment as a reader sees it. `sources` are "from chat, 14:05", never the line itself.

    `differing` are accounts of it that differ and stand beside it, never merged.
    """

    at: str
    when: str = "exact"
    until: str = ""
    what: str = ""
    information: str = ""
    decision: str = ""
    lane: str = ""
    perspective: str = ""
    pivot: bool = False
    sources: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Row:
        """From a version."""
        many = {name: tuple(data.get(name, ())) for name in ("sources", "differing")}
        return Row(**{**data, **many})


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A contributing factor in its group."""

    group: str
    words: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One answer to "how did that come about?", and the answers to it: open, a condition, or a person."""

    words: str
    kind: str = "open"
    links: tuple[LinkRow, ...] = ()

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> LinkRow:
        """From a version."""
        return LinkRow(data["words"], data["kind"], tuple(LinkRow.from_json(each) for each in data["links"]))


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A question, or a first story about a person, and the branches that stand behind it."""

    question: str
    links: tuple[LinkRow, ...] = ()

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> ChainRow:
        """From a version."""
        return ChainRow(data["question"], tuple(LinkRow.from_json(each) for each in data["links"]))


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A quote as published: the label it may be signed with, and where in it which label stands for a name.

    `instead` holds places and labels (from, to, label), never words: those are the author's to take back.
    """

    id: str
    label: str = ""
    instead: tuple[tuple[int, int, str], ...] = ()

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> QuoteRow:
        """From a version."""
        return QuoteRow(data["id"], data["label"], tuple((start, end, label) for start, end, label in data["instead"]))


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action as a plain row. `person` is who owns it while drafting; it never stands in a published document."""

    wording: str
    owner: str = ""
    due: str = ""
    state: str = "proposed"
    metric: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Time:
    """A key time of the event; `at` is empty when it is unknown, and that is said."""

    name: str
    title: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """The whole review in words and rows."""

    kind: str
    title: str
    happened_at: str
    zone: str = "UTC"
    severity: str = ""
    services: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    times: tuple[Time, ...] = ()
    parts: tuple[Part, ...] = ()
    timeline: tuple[Row, ...] = ()
    factors: tuple[FactorRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    chains: tuple[ChainRow, ...] = ()
    second_stories: tuple[ChainRow, ...] = ()
    quotes: tuple[QuoteRow, ...] = ()

    def part(self, key: str) -> Part | None:
        """The section of that name, if the review has it."""
        return next((each for each in self.parts if each.key == key), None)

    def as_json(self) -> dict[str, Any]:
        """As kept in a version."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Document:
        """From a version; a field an older version did not know stays at its default."""
        known = dict(data)
        rows = [Row.from_json(each) for each in known.pop("timeline", ())]
        return Document(
            **{
                **known,
                "services": tuple(known.get("services", ())),
                "people": tuple(known.get("people", ())),
                "times": tuple(Time(**each) for each in known.get("times", ())),
                "parts": tuple(Part(**each) for each in known.get("parts", ())),
                "timeline": tuple(rows),
                "factors": tuple(FactorRow(**each) for each in known.get("factors", ())),
                "actions": tuple(ActionRow(**each) for each in known.get("actions", ())),
                "chains": tuple(ChainRow.from_json(each) for each in known.get("chains", ())),
                "second_stories": tuple(ChainRow.from_json(each) for each in known.get("second_stories", ())),
                "quotes": tuple(QuoteRow.from_json(each) for each in known.get("quotes", ())),
            }
        )


def with_every_text(document: Document, change: Callable[[str], str]) -> Document:
    """The document with `change` applied to everything somebody wrote."""
    return replace(
        document,
        title=change(document.title),
        services=tuple(change(each) for each in document.services),
        parts=tuple(
            replace(each, title=change(each.title), body=change(each.body), reason=change(each.reason))
            for each in document.parts
        ),
        timeline=tuple(
            replace(
                each,
                what=change(each.what),
                information=change(each.information),
                decision=change(each.decision),
                lane=change(each.lane),
                perspective=change(each.perspective),
                sources=tuple(change(source) for source in each.sources),
                differing=tuple(change(words) for words in each.differing),
            )
            for each in document.timeline
        ),
        factors=tuple(replace(each, words=change(each.words)) for each in document.factors),
        actions=tuple(
            replace(each, wording=change(each.wording), owner=change(each.owner), metric=change(each.metric))
            for each in document.actions
        ),
        chains=tuple(_chain_with(each, change) for each in document.chains),
        second_stories=tuple(_chain_with(each, change) for each in document.second_stories),
    )


def _chain_with(chain: ChainRow, change: Callable[[str], str]) -> ChainRow:
    return ChainRow(change(chain.question), tuple(_link_with(each, change) for each in chain.links))


def _link_with(link: LinkRow, change: Callable[[str], str]) -> LinkRow:
    return LinkRow(change(link.words), link.kind, tuple(_link_with(each, change) for each in link.links))


def words_of_links(links: Sequence[LinkRow]) -> list[str]:
    """What every link of a tree says, from top to bottom."""
    return [words for each in links for words in (each.words, *words_of_links(each.links))]


def texts_of(document: Document) -> list[tuple[str, str]]:
    """Everything somebody wrote, each with the name of its place."""
    found: list[tuple[str, str]] = [("title", document.title)]
    found += [("services", each) for each in document.services]
    for part in document.parts:
        found += [(part.title, part.title), (part.title, part.body), (part.title, part.reason)]
    for row in document.timeline:
        cells = (row.what, row.information, row.decision, row.lane, row.perspective, *row.sources, *row.differing)
        found += [("timeline", words) for words in cells]
    found += [("factors", each.words) for each in document.factors]
    for chain in (*document.chains, *document.second_stories):
        found += [("factors", words) for words in (chain.question, *words_of_links(chain.links))]
    for action in document.actions:
        found += [("actions", words) for words in (action.wording, action.owner, action.metric)]
    return [(place, words) for place, words in found if words.strip()]
