"""The forms a name takes in text: full, first, last, handle, address, initials, short form, misspelling, trailer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from secondstory.writing.name_likeness import FEWEST_FOR_SURE, INSIDE_A_WORD, INVISIBLE, alike, fold
from secondstory.writing.name_words import ORDINARY, SHORT_FORMS

WORD = re.compile(rf"(?:[^\W\d_]|[\u0300-\u036f{INVISIBLE}])+")
IDENTIFIER = re.compile(r"@?[^\W_][\w.\-]*[\w]|@[\w]+")
MAIL = re.compile(r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+")
CHAT_ID = re.compile(r"<@[A-Z0-9]{6,}(?:\|[^>]*)?>")
TRAILER = re.compile(
    r"^([ \t>*-]*(?:[\w-]+-by|author|committer|reported by|reviewed by)[ \t]*:[ \t]*)(\S.*?)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
ENTITY_IN_WORD = re.compile(r"\w*&#?\w{2,8};\w+|\w+&#?\w{2,8};\w*")
BETWEEN_NAMES = re.compile(rf"^[\s.,_\-·{INVISIBLE}]{{0,3}}$")
SPEAKER = re.compile(r"^\s*[:>\])]")


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who might be named. `near` is who takes part: looked for in every form, not only the full ones.

    Who is not `certain` was met in evidence and may be a machine; every match is a question.
    """

    person: str
    name: str
    email: str = ""
    handles: tuple[str, ...] = ()
    label: str = ""
    near: bool = True
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text that names somebody, or may. `bare` takes no article."""

    start: int
    end: int
    form: str
    people: tuple[str, ...]
    sure: bool
    why: str = ""
    bare: bool = False


class Book:
    """Every form of every name, ready to be looked up word by word."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._addresses: dict[str, str] = {}
        self._handles: dict[str, list[str]] = defaultdict(list)
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._words: dict[str, list[str]] = defaultdict(list)
        self._joined: dict[str, list[str]] = defaultdict(list)
        self._initials: dict[str, list[str]] = defaultdict(list)
        self._short: dict[str, list[str]] = defaultdict(list)
        self._labels = {each.person: each.label for each in known}
        self._uncertain = {each.person for each in known if not each.certain}
        self._likes: dict[tuple[str, bool], list[str]] = {}
        self._found: dict[str, list[Span]] = {}
        for each in known:
            self._enter(each)

    def spans(self, text: str) -> list[Span]:
        """Where somebody is named or may be, in order and without overlap."""
        if text not in self._found:
            self._found[text] = self._search(text)
        return self._found[text]

    def _search(self, text: str) -> list[Span]:
        taken: list[Span] = []
        covered = bytearray(len(text))
        for find in self._finders():
            for span in find(text):
                if not any(covered[span.start : span.end]):
                    covered[span.start : span.end] = b"\1" * (span.end - span.start)
                    taken.append(span)
        return sorted(taken, key=lambda span: span.start)

    def _finders(self) -> tuple[Callable[[str], Iterator[Span]], ...]:
        """What is longer or surer comes first and takes its place."""
        return self._trailers, self._mails, self._marks, self._phrases_in, self._identifiers, self._single_words

    def _enter(self, each: Known) -> None:
        if each.email:
            self._addresses[each.email.casefold()] = each.person
            self._handles[fold(each.email.split("@")[0])].append(each.person)
        for handle in each.handles:
            self._handles[fold(handle.lstrip("@"))].append(each.person)
        words = [fold(word) for word in WORD.findall(each.name)]
        if len(words) > 1:
            self._enter_phrases(words, each)
        if each.near and words:
            self._enter_words(words, each.person)

    def _enter_phrases(self, words: list[str], each: Known) -> None:
        first, last = words[0], words[-1]
        forms = [tuple(words), (first, last), (last, first), (*words[1:], first)]
        if each.near:
            forms += [
                (first[0], *words[1:]),
                (first[0], last),
                (first, last[0]),
                (last, first[0]),
                (first, words[1][0]),
            ]
        for form in dict.fromkeys(forms):
            self._phrases[form[0]].append((form, each.person))
        for joined in (first + last, "".join(words), last + first):
            self._joined[joined].append(each.person)
        if each.near:
            for joined in (first[0] + last, first + last[0], last + first[0], first[0] + "".join(words[1:])):
                self._joined[joined].append(each.person)

    def _enter_words(self, words: list[str], person: str) -> None:
        for number, word in enumerate(words):
            if number == 0 or len(word) >= FEWEST_FOR_SURE:
                self._words[word].append(person)
        for initials in {"".join(word[0] for word in words), words[0][0] + words[-1][0], words[0][0]}:
            self._initials[initials].append(person)
        for formal, shorts in SHORT_FORMS.items():
            if words[0] == formal or words[0] in shorts:
                for other in {formal, *shorts} - {words[0]}:
                    self._short[other].append(person)

    def _trailers(self, text: str) -> Iterator[Span]:
        for match in TRAILER.finditer(text):
            people = self._in_trailer(match[2])
            yield Span(match.start(2), match.end(2), match[2], people, bool(people), "trailer", bare=True)

    def _in_trailer(self, value: str) -> tuple[str, ...]:
        for address in MAIL.findall(value):
            if person := self._addresses.get(address.casefold()):
                return (person,)
        named = [span for find in (self._phrases_in, self._single_words) for span in find(value) if span.sure]
        return named[0].people if named else ()

    def _mails(self, text: str) -> Iterator[Span]:
        for match in MAIL.finditer(text):
            person = self._addresses.get(_without_tag(match[0].casefold()))
            yield Span(match.start(), match.end(), match[0], (person,) if person else (), bool(person), "address")

    @staticmethod
    def _marks(text: str) -> Iterator[Span]:
        for match in CHAT_ID.finditer(text):
            yield Span(match.start(), match.end(), match[0], (), sure=False, why="mention")
        for match in ENTITY_IN_WORD.finditer(text):
            if not match[0].startswith("&"):
                yield Span(match.start(), match.end(), match[0], (), sure=False, why="hidden letters")

    def _identifiers(self, text: str) -> Iterator[Span]:
        for match in IDENTIFIER.finditer(text):
            bare = fold(match[0].lstrip("@"))
            people = self._handles.get(bare) or (self._joined.get(bare) if match[0][0] == "@" else None) or []
            if not people and match[0][0] == "@" and len(self._words.get(bare, ())) == 1:
                people = self._words[bare]
            if people:
                sure = self._one_label(people) and (match[0][0] == "@" or self._is_distinct(bare))
                yield Span(match.start(), match.end(), match[0], tuple(people), sure, "handle")
            elif match[0][0] == "@":
                yield Span(match.start(), match.end(), match[0], (), sure=False, why="mention")

    def _phrases_in(self, text: str) -> Iterator[Span]:
        words = list(WORD.finditer(text))
        at = 0
        while at < len(words):
            phrase = self._phrase(text, words, at)
            if phrase:
                yield phrase[0]
            at += phrase[1] if phrase else 1

    def _single_words(self, text: str) -> Iterator[Span]:
        return filter(None, (self._single(text, word) for word in WORD.finditer(text)))

    def _phrase(self, text: str, words: list[re.Match[str]], at: int) -> tuple[Span, int] | None:
        best: tuple[Span, int] | None = None
        for form, person in self._phrases.get(fold(words[at][0]), ()):
            here = words[at : at + len(form)]
            if tuple(fold(each[0]) for each in here) != form or not _close_together(text, here):
                continue
            if best is None or len(form) > best[1]:
                best = (self._phrase_span(text, here, form, person), len(form))
        return best

    def _phrase_span(self, text: str, here: list[re.Match[str]], form: tuple[str, ...], person: str) -> Span:
        end = here[-1].end()
        if len(form[-1]) == 1 and re.match(r"\.\s+[a-z]|\.['\u2019]", text[end:]):
            end += 1
        words = text[here[0].start() : end]
        single = min(len(part) for part in form) == 1
        lower = here[0][0][0].islower() and len(form[0]) == 1
        sure = self._one_label([person]) and not (lower or (single and max(form, key=len) in ORDINARY))
        return Span(here[0].start(), end, words, (person,), sure, "" if sure else "ordinary word")

    def _single(self, text: str, match: re.Match[str]) -> Span | None:
        word, folded = match[0], fold(match[0])
        if people := self._words.get(folded):
            return self._word_span(match, people)
        if people := self._joined.get(folded):
            sure = len(folded) >= INSIDE_A_WORD and self._one_label(people)
            return Span(match.start(), match.end(), word, tuple(people), sure, "handle")
        why, people = self._resembles(text, match)
        return Span(match.start(), match.end(), word, tuple(people), sure=False, why=why) if people else None

    def _word_span(self, match: re.Match[str], people: list[str]) -> Span:
        word, folded = match[0], fold(match[0])
        why = ""
        if not self._one_label(people):
            why = "several people"
        elif (
            not self._is_distinct(folded) and not (len(folded) == FEWEST_FOR_SURE - 1 and word[0].isupper())
        ) or folded in ORDINARY:
            why = "ordinary word"
        return Span(match.start(), match.end(), word, tuple(dict.fromkeys(people)), not why, why)

    def _resembles(self, text: str, match: re.Match[str]) -> tuple[str, list[str]]:
        word, folded = match[0], fold(match[0])
        if self._could_be_initials(text, match):
            return "initials", self._initials.get(folded, [])
        if people := self._short.get(folded):
            return "short form", people
        if len(folded) < FEWEST_FOR_SURE or folded in ORDINARY:
            return "", []
        written = (folded, word[0].isupper())
        if written not in self._likes:
            self._likes[written] = self._like(folded, capital=word[0].isupper())
        if people := self._likes[written]:
            return "short form or misspelling", people
        return "", []

    def _could_be_initials(self, text: str, match: re.Match[str]) -> bool:
        word = match[0]
        after = text[match.end() : match.end() + 2]
        if fold(word) not in self._initials:
            return False
        if len(word) == 1:
            return word.isupper() and bool(re.match(r"[.:]", after))
        return word.isupper() or bool(SPEAKER.match(after))

    def _like(self, folded: str, *, capital: bool) -> list[str]:
        return list(
            dict.fromkeys(
                person
                for name, people in self._words.items()
                if alike(folded, name, capital=capital)
                for person in people
            )
        )

    def _one_label(self, people: Sequence[str]) -> bool:
        if self._uncertain.intersection(people):
            return False
        return len({self._labels.get(person, "") for person in people}) == 1 or len(set(people)) == 1

    @staticmethod
    def _is_distinct(folded: str) -> bool:
        return len(folded) >= FEWEST_FOR_SURE and folded not in ORDINARY


def _close_together(text: str, words: list[re.Match[str]]) -> bool:
    gaps = [text[one.end() : other.start()] for one, other in pairwise(words)]
    return all(BETWEEN_NAMES.match(gap) and gap.count("\n") < 2 for gap in gaps)  # noqa: PLR2004 - a paragraph ends


def _without_tag(address: str) -> str:
    name, _, host = address.partition("@")
    return f"{name.split('+')[0]}@{host}"
