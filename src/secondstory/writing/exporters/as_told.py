"""A document's sections as plain text, to be compared."""

from __future__ import annotations

from secondstory.writing.chains import links_of, told
from secondstory.writing.document import Document, Part
from secondstory.writing.exporters.markdown import GROUPS, time_told


def sections_as_text(document: Document) -> dict[str, str]:
    """By title, all that stands in a section."""
    facts = [document.title, document.severity, *document.services, *document.people]
    facts += [f"{each.title}: {each.at or 'unknown'}" for each in document.times]
    told = {"": "\n".join(filter(None, facts))}
    return told | {part.title: _told(document, part) for part in document.parts}


def _told(document: Document, part: Part) -> str:
    lines = [part.reason if part.state == "na" else part.body]
    if part.key == "timeline":
        for row in document.timeline:
            cells = (
                time_told(row, document.zone),
                row.what,
                row.information,
                row.decision,
                row.lane,
                *row.sources,
                *row.differing,
            )
            lines.append(" · ".join(filter(None, cells)))
    if part.key == "factors":
        lines += [f"{GROUPS.get(each.group, each.group)}: {each.words}" for each in document.factors]
        for chain in (*document.chains, *document.second_stories):
            lines.append(told(chain.question, links_of(chain.links)))
    if part.key == "actions":
        lines += [" · ".join(filter(None, (a.wording, a.owner, a.due, a.state, a.metric))) for a in document.actions]
    return "\n".join(filter(None, lines))
