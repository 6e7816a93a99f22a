"""A review as one document: what is read, exported, frozen and compared. Knows no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    """One moment as a reader sees it. `sources` are "from chat, 14:05", never the line itself."""

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


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A contributing factor in its group."""

    group: str
    words: str


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
        rows = [Row(**{**each, "sources": tuple(each.get("sources", ()))}) for each in known.pop("timeline", ())]
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
            )
            for each in document.timeline
        ),
        factors=tuple(replace(each, words=change(each.words)) for each in document.factors),
        actions=tuple(
            replace(each, wording=change(each.wording), owner=change(each.owner), metric=change(each.metric))
            for each in document.actions
        ),
    )


def texts_of(document: Document) -> list[tuple[str, str]]:
    """Everything somebody wrote, each with the name of its place."""
    found: list[tuple[str, str]] = [("title", document.title)]
    found += [("services", each) for each in document.services]
    for part in document.parts:
        found += [(part.title, part.title), (part.title, part.body), (part.title, part.reason)]
    for row in document.timeline:
        cells = (row.what, row.information, row.decision, row.lane, row.perspective, *row.sources)
        found += [("timeline", words) for words in cells]
    found += [("factors", each.words) for each in document.factors]
    for action in document.actions:
        found += [("actions", words) for words in (action.wording, action.owner, action.metric)]
    return [(place, words) for place, words in found if words.strip()]
