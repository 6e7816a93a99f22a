"""What the analyser asks about words that somebody is typing. Nothing of them is kept, and nothing is logged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Q
from django.http import Http404

from secondstory.language import Analyser, Edit, Finding, Settings, shipped, utf16
from secondstory.sealing.keys import KeyMissing
from secondstory.texts.models import LetStand, Text
from secondstory.texts.offers import Names, holder_of, names_around
from secondstory.texts.rules import in_whole_letters


class Paragraph(NamedTuple):
    """Words to read, below the headings they stand under."""

    words: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody writes: in a text, or in a form that belongs to something."""

    text: Text | None
    about: str
    names: Names

    @property
    def is_shared(self) -> bool:
        """Whether several write here, so that what is let stand is let stand for all of them."""
        return (
            self.text is not None
            and holder_of(self.text.kind).place is None
            and holder_of(self.text.kind).keeps_history
        )


def place_of(person: Any, text_id: str, about: str) -> Place:
    """Where this person writes; 404 where they may not."""
    text = None
    if text_id:
        text = Text.objects.visible_to(person).writable_by(person).filter(pk=text_id).first()
    names = names_around(person, about) if about else {}
    if names is None or (text_id and text is None):
        raise Http404
    return Place(text, about, names)


def analyser_for(names: Names) -> Analyser:
    """The rules as everybody here reads by, with the names of those who take part."""
    return _analyser(tuple(sorted(names.items())), whole=False)


def read_whole(text: str, heading: str, names: Names) -> list[tuple[Finding, str]]:
    """The findings of a text that lies there as a whole, each with the words it is about."""
    found = _analyser(tuple(sorted(names.items())), whole=True).findings(text, heading=heading)
    return [(each, " ".join(text[each.start : each.end].split())) for each in found]


@lru_cache(maxsize=64)
def _analyser(names: tuple[tuple[str, str], ...], *, whole: bool) -> Analyser:
    roles = {name: f"the {label.removeprefix('the ')}" for name, label in names if label}
    # How often a rule may speak in one text is counted where the whole text is: of paragraphs, in the editor.
    settings = Settings(names=tuple(name for name, _label in names), roles=roles, floor="info", capped=whole)
    return Analyser(settings=settings)


def warm() -> None:
    """Compiles the rules, so that the first who types does not wait for it."""
    for rule in shipped().rules:
        _ = rule.matches, rule.antipatterns
    analyser_for({}).findings("Somebody should have checked.")


def asked(
    paragraphs: Iterable[Paragraph], field: str, names: Names, stands: Mapping[str, str]
) -> list[list[dict[str, Any]]]:
    """The findings of each paragraph, with places as browsers count them."""
    analyser = analyser_for(names)
    return [[_told(*each, stands) for each in _read(analyser, paragraph, field)] for paragraph in paragraphs]


def _read(analyser: Analyser, paragraph: Paragraph, field: str) -> Iterable[tuple[Finding, str, int]]:
    above = f"{paragraph.before}\n\n" if paragraph.before else ""
    text = in_whole_letters(above + paragraph.words)
    for finding in analyser.findings(text, field=field):
        if finding.start >= len(above):
            yield finding, text, utf16(text, len(above))


def _told(finding: Finding, text: str, above: int, stands: Mapping[str, str]) -> dict[str, Any]:
    def place(offset: int) -> int:
        return utf16(text, offset) - above

    cap = next((rule.cap for rule in shipped().rules if rule.id == finding.rule), 0)
    return {
        "key": finding.fingerprint,
        "rule": finding.rule,
        "from": place(finding.start),
        "to": place(finding.start + len(text[finding.start : finding.end].rstrip())),
        "begins": place(finding.sentence_start),
        "instead": finding.family == "question",
        "after": place(finding.sentence_start + len(finding.sentence)),
        "message": finding.message,
        "questions": finding.questions,
        "skeletons": finding.skeletons,
        "edits": [
            {
                "title": each.title,
                "from": place(each.start),
                "to": place(each.end),
                "insert": _as_it_begins(each, finding),
            }
            for each in finding.edits
        ],
        "cap": cap,
        "stands": stands.get(finding.fingerprint),
    }


def _as_it_begins(edit: Edit, finding: Finding) -> str:
    """A sentence goes on beginning with a capital letter."""
    first = edit.start == finding.sentence_start
    return edit.replacement[:1].upper() + edit.replacement[1:] if first else edit.replacement


def let_stand(person: Any, place: Place) -> dict[str, str]:
    """The reasons by the fingerprint of what was let stand at this place, as far as they are this person's to know."""
    rows = LetStand.objects.visible_to(person).filter(text=place.text)
    return _reasons(rows if place.text else rows.filter(about=place.about))


def stands_in(person: Any, text_ids: Iterable[str], about: str) -> set[str]:
    """The fingerprints of what was let stand in some texts and in one's own forms, in one query."""
    forms = Q(text=None, about=about)
    return set(_reasons(LetStand.objects.visible_to(person).filter(forms | Q(text__in=list(text_ids)))))


def _reasons(rows: Iterable[LetStand]) -> dict[str, str]:
    try:
        return {key: why for row in rows for key, why in row.reasons.items()}
    except KeyMissing:
        # Without the key everything is asked again; the page itself says what is wrong.
        return {}
