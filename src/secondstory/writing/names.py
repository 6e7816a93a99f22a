"""Names in what is about to be published: replaced where that is sure, listed for a human where it is not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from secondstory.writing.name_forms import Book, Known, Span

__all__ = ["Doubt", "Known", "Names", "person_choice"]

KEEP = "keep"
REPLACE = "replace"
NEUTRAL = "someone"
DETERMINERS = {"the", "a", "an", "our", "their", "its", "this", "that", "another", "every", "each", "former", "as"}
SENTENCE_START = re.compile(r"(^|[.!?]\s+|\n\s*(?:[-*+]|\d+[.)])?\s*|^\s*(?:[-*+]|\d+[.)])\s+)[\"'\u201c\u2018(*_]*$")
NO_ARTICLE = re.compile(r"^(the|a|an|someone|somebody|one|another|our|who)\b", re.IGNORECASE)
IN_CODE = re.compile(r"[\w`./<>=:#-]$")
AROUND = 60
LOOK_BACK = 80


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words that may name somebody. `people` are those it could be; a human says replace or keep, once per form."""

    form: str
    why: str
    people: tuple[str, ...]
    places: tuple[str, ...]
    excerpt: str
    choice: str = ""


def person_choice(choice: str) -> str | None:
    """Whose label a choice puts in place: a person's id, "" for the neutral word, None when it replaces nothing."""
    return choice.removeprefix(f"{REPLACE}:") if choice.startswith(f"{REPLACE}:") else None


class Names:
    """Everybody who might be named, their labels, and what a human has decided so far."""

    def __init__(self, known: Sequence[Known], choices: Mapping[str, str]) -> None:
        self._book = Book(known)
        self._choices = choices
        self._labels = {each.person: self._clean_label(each.label) for each in known}

    def label_of(self, person: str) -> str:
        """What this person is called in everything published."""
        return self._labels.get(person, NEUTRAL)

    def replaced(self, text: str) -> str:
        """The text with labels in place of every name that is sure or was decided."""
        done, last = [], 0
        for start, end, label in self.replacements(text):
            done += [text[last:start], label]
            last = end
        return "".join([*done, text[last:]])

    def replacements(self, text: str) -> tuple[tuple[int, int, str], ...]:
        """Where a name begins and ends, and the label that takes its place."""
        found = []
        for span in self._book.spans(text):
            if (label := self._label_for(span)) is not None:
                end = self._end_without_the_same_label(text, span, label)
                found.append((span.start, end, _in_the_sentence(label, text, span)))
        return tuple(found)

    def doubts(self, texts: Sequence[tuple[str, str]]) -> list[Doubt]:
        """What a human has to decide, each form once, with where it stands."""
        found: dict[str, Doubt] = {}
        for place, text in texts:
            for span in self._book.spans(text):
                if not span.sure:
                    found[span.form] = self._doubt(found.get(span.form), span, place, text)
        return sorted(found.values(), key=lambda each: (bool(each.choice), each.form.lower()))

    def _doubt(self, before: Doubt | None, span: Span, place: str, text: str) -> Doubt:
        if before:
            places = before.places if place in before.places else (*before.places, place)
            return Doubt(before.form, before.why, before.people, places, before.excerpt, before.choice)
        excerpt = text[max(0, span.start - AROUND) : span.end + AROUND].strip()
        return Doubt(span.form, span.why, span.people, (place,), excerpt, self._choices.get(span.form, ""))

    def _label_for(self, span: Span) -> str | None:
        if span.sure:
            return self.label_of(span.people[0])
        chosen = person_choice(self._choices.get(span.form, ""))
        return None if chosen is None else self.label_of(chosen)

    def _clean_label(self, label: str) -> str:
        """A label that itself names somebody is no label."""
        return NEUTRAL if not label or any(span.sure for span in self._book.spans(label)) else label

    @staticmethod
    def _end_without_the_same_label(text: str, span: Span, label: str) -> int:
        follows = f" ({label})"
        return span.end + (len(follows) if text[span.end : span.end + len(follows)].lower() == follows.lower() else 0)


def _in_the_sentence(label: str, text: str, span: Span) -> str:
    before = text[max(0, span.start - LOOK_BACK) : span.start]
    line = before[before.rfind("\n") + 1 :]
    alone = not before.strip() and not text[span.end : span.end + LOOK_BACK].strip()
    if alone or IN_CODE.search(before[-1:]) or NO_ARTICLE.match(label) or span.bare or _last_word(line) in DETERMINERS:
        return label
    return ("The " if SENTENCE_START.search(before) else "the ") + label


def _last_word(line: str) -> str:
    words = line.split()
    return words[-1].lower().strip("*_\"'\u201c\u2018(") if words else ""
