"""Who does what a verb says: a shallow look for the subject, with lists of words and no parser.

Measured on real reviews, this is as good as a full syntactic parser and thirty times faster: what goes wrong is words, not syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from secondstory.language.findings import Agent
from secondstory.language.inline import OPAQUE

TOKEN = re.compile(rf"@?[\w{OPAQUE}]+(?:[-.'’/][\w{OPAQUE}]+)*|[,;:()—–!?]")
SHORTENED = re.compile(r"^(i|we|he|she|you|they)'(?:ve|d|m|re|ll)$")
FORWARD = 90
LONGEST_PHRASE = 4
LONGEST_SUBJECT = 5
BACKWARD = 240
BEGINS = {"because", ";", ":", "that"}
OPENERS = {"while", "when", "after", "before", "if", "as", "once", "although", "though", "in", "at", "on", "during"}
SELF = {"i", "we", "us", "ourselves", "myself", "me"}
NO_ADVERBS = {"family", "supply", "reply", "assembly", "emily", "kelly", "sally"}
THINGS = {"it", "this", "that", "these", "those", "there"}
PERSONS = {
    "he",
    "she",
    "you",
    "who",
    "everyone",
    "everybody",
    "someone",
    "somebody",
    "anyone",
    "anybody",
    "nobody",
    "whoever",
}


class Token(NamedTuple):
    """A word with its place in the sentence."""

    start: int
    end: int
    text: str
    low: str


class Words(NamedTuple):
    """The lists of `words.toml`, ready to be asked, with the names of this text."""

    person: frozenset[str]
    team: frozenset[str]
    either_people: frozenset[str]
    either_system: frozenset[str]
    people_before: frozenset[str]
    system_before: frozenset[str]
    names: frozenset[str]
    stop: frozenset[str]
    clause: frozenset[str]
    preposition: frozenset[str]
    skipped: frozenset[str]
    determiner: frozenset[str]
    thing: frozenset[str]

    def with_names(self, names: Iterable[str]) -> Words:
        """Also the participants of this review; every part of a full name counts."""
        parts = {folded(part) for name in names for part in name.split()}
        return self._replace(names=self.names | parts)


def read_words(data: dict[str, Any]) -> Words:
    """From the parsed file."""
    lists = {name: frozenset(value.split()) for name, value in data.items() if isinstance(value, str)}
    return Words(names=lists["first_names"], **{name: lists[name] for name in Words._fields if name != "names"})


WORDS_FILE = Path(__file__).with_name("words.toml")


def folded(name: str) -> str:
    """A name as it is looked for: however it is capitalised, with either apostrophe, as a handle or not."""
    return name.lower().replace("’", "'").lstrip("@")


def tokens_of(sentence: str, start: int, end: int) -> list[Token]:
    """The words and marks between two places."""
    return [
        Token(found.start(), found.end(), found[0], _lowered(found[0].lower().replace("’", "'")))
        for found in TOKEN.finditer(sentence, start, end)
    ]


def _lowered(word: str) -> str:
    """`we've` is `we`."""
    return SHORTENED.sub(r"\1", word) if "'" in word else word


class Finder:
    """Finds agents in one sentence."""

    def __init__(self, sentence: str, words: Words) -> None:
        self.sentence, self.words = sentence, words

    def before(self, at: int) -> Agent:
        """The subject of the verb that begins at a place."""
        tokens = tokens_of(self.sentence, max(0, at - BACKWARD), at)
        while tokens and self._is_skipped(tokens[-1]):
            tokens.pop()
        if not tokens:
            return Agent("implicit")
        last = tokens[-1]
        if last.low in {"and", "but", "or", "then", ","} or last.text in ")—–":
            return self._carried(tokens)
        if last.low in {"that", "which"} and len(tokens) > 1 and tokens[-2].low not in self.words.stop:
            return self._named_by(self._last_nouns(tokens[:-1]))
        if last.low in self.words.stop | self.words.clause | self.words.determiner or last.text in ";:(!?":
            return (
                Agent("person", last.start, last.end, "somebody")
                if last.low in {"who", "whoever"}
                else Agent("implicit")
            )
        return self._phrase_ending(tokens)

    def after(self, at: int) -> Agent:
        """The first noun phrase that begins at or after a place."""
        tokens = tokens_of(self.sentence, at, min(len(self.sentence), at + FORWARD))
        phrase: list[Token] = []
        for token in tokens:
            if token.low in self.words.determiner or (not phrase and token.low in {"not", "n't"}):
                continue
            if not token.text[0].isalnum() and token.text[0] not in f"@{OPAQUE}":
                break
            if phrase and (token.low in self.words.stop or (self._is_person(phrase) and not self._goes_on(token))):
                break
            phrase.append(token)
            if self._is_name(token) or token.low in SELF | PERSONS | THINGS or len(phrase) == LONGEST_PHRASE:
                break
        return self._named_by(phrase) if phrase else Agent("implicit")

    def within(self, start: int, end: int) -> Agent:
        """Whoever exactly these words name."""
        phrase = tokens_of(self.sentence, start, end)
        return self._named_by(phrase) if phrase else Agent("implicit")

    def _goes_on(self, token: Token) -> bool:
        """`operator error` is an error, `team member` is a person; `engineer wait` is both a person and what comes next."""
        return token.low in self.words.thing or self._is_person([token])

    def _is_skipped(self, token: Token) -> bool:
        return token.low in self.words.skipped or (token.low.endswith("ly") and token.low not in NO_ADVERBS)

    def _carried(self, tokens: list[Token]) -> Agent:
        """`The lead saw the page but failed to`: the subject stands before the first verb of the clause."""
        phrase: list[Token] = []
        for token in self._clause_of(tokens):
            if token.low in self.words.determiner and not phrase:
                continue
            known = self._is_person([token]) or self._is_name(token) or token.low in SELF | THINGS
            if phrase and not known and self._ends_phrase(token):
                break
            phrase.append(token)
            if known or len(phrase) == LONGEST_SUBJECT:
                break
        return self._named_by(phrase) if phrase else Agent("implicit")

    def _ends_phrase(self, token: Token) -> bool:
        return token.low in self.words.stop or token.text in ",;:()" or token.low.endswith("ed")

    @staticmethod
    def _clause_of(tokens: list[Token]) -> list[Token]:
        """From where the last clause begins; `While doing this, the lead` begins at its comma."""
        begin = 0
        for index, token in enumerate(tokens[:-1]):
            if token.low in BEGINS or (token.low in {"which", "who"} and index > len(tokens) - LONGEST_PHRASE):
                begin = index + 1
        segment = tokens[begin:]
        if not segment or segment[0].low not in OPENERS:
            return segment
        comma = next((index for index, token in enumerate(segment) if token.low == ","), len(segment))
        return segment[comma + 1 :] or segment[1:]

    def _phrase_ending(self, tokens: list[Token]) -> Agent:
        """The noun phrase whose last word stands just before the verb."""
        if tokens[-1].low in SELF | THINGS | PERSONS | {"they"} or self._is_name(tokens[-1]):
            return self._named_by(tokens[-1:])
        if self._is_full_name(tokens):
            return self._named_by(tokens[-2:])
        begin = next(
            (
                index + 1
                for index in range(len(tokens) - 1, -1, -1)
                if tokens[index].low in self.words.clause or tokens[index].text in ",;:()—–!?"
            ),
            0,
        )
        segment = tokens[begin:] or tokens[-1:]
        if len(segment) > 1 and segment[0].low.endswith("ing") and segment[0].low not in self.words.people_before:
            return Agent("system", segment[0].start, segment[-1].end, " ".join(token.text for token in segment))
        first = next((i for i, token in enumerate(segment) if i and token.low in self.words.preposition), None)
        if first is not None and segment[0].low not in self.words.preposition:
            return self._named_by(segment[:first])
        return self._named_by(self._last_nouns(segment))

    def _last_nouns(self, segment: list[Token]) -> list[Token]:
        for index in range(len(segment) - 1, -1, -1):
            if segment[index].low in self.words.stop or segment[index].low in self.words.determiner:
                return segment[index + 1 :] or segment[-1:]
        return segment

    def _named_by(self, phrase: list[Token]) -> Agent:
        head = phrase[-1]
        start, end = phrase[0].start, head.end
        words = " ".join(token.text for token in phrase)
        if head.low in SELF:
            return Agent("self", head.start, end, head.text)
        if head.low == "they":
            return Agent("person" if self._people_earlier(head.start) else "system", head.start, end, head.text)
        if self._is_name(head):
            return Agent("named", head.start, end, head.text)
        if self._is_full_name(phrase):
            return Agent("named", phrase[-2].start, end, f"{phrase[-2].text} {head.text}")
        if head.low in PERSONS or self._is_person(phrase):
            own = phrase[0].low == "our" or any(
                token.low == "our" for token in tokens_of(self.sentence, max(0, start - 5), start)
            )
            kind = "self" if own and head.low == "team" else "team" if head.low in self.words.team else "person"
            return Agent(kind, start, end, words)
        return Agent("system", start, end, words)

    def _people_earlier(self, at: int) -> bool:
        earlier = tokens_of(self.sentence, 0, at)
        return any(self._is_person([token]) or self._is_name(token) for token in earlier)

    def _is_name(self, token: Token) -> bool:
        low = token.low.removesuffix("'s")
        if token.text.startswith("@"):
            return True
        return token.text[0].isupper() and low in self.words.names

    def _is_full_name(self, phrase: list[Token]) -> bool:
        """A first name that is known and a family name that need not be; a cluster or a worker has none."""
        if not phrase[:-1]:
            return False
        first, family = phrase[-2:]
        if first.text.startswith("@") or not self._is_name(first):
            return False
        no_name = self.words.stop | self.words.thing | self.words.system_before | self.words.either_system
        return family.text.istitle() and family.text.isalpha() and family.low not in no_name

    def _is_person(self, phrase: list[Token]) -> bool:
        head = phrase[-1].low
        if head.endswith("'s"):
            return False
        singular = head if head in self.words.person else head.removesuffix("s")
        if singular not in self.words.person and singular not in PERSONS:
            return False
        before = phrase[-2] if len(phrase) > 1 else None
        if singular in self.words.either_system:
            return before is not None and before.low in self.words.people_before
        if singular in self.words.either_people and before is not None:
            product = before.text[0].isupper() and before.start > 0 and before.low not in self.words.people_before
            return not (product or before.low in self.words.system_before)
        return True
