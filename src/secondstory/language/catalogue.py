"""The rules: one TOML file each, read once, and compiled only when a sentence holds one of their cues."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from secondstory.language.agents import WORDS_FILE, Words, read_words

RULES = Path(__file__).with_name("rules")
TABLE = Path(__file__).with_name("table.json")
MACRO = re.compile(r"@(\w+)( ?)")
COLUMNS = ("person", "self", "system", "implicit")


class BadRule(ValueError):
    """A rule file that cannot be read, with its name and what is wrong."""


class Match(NamedTuple):
    """One way a rule recognises its wording, and where to look for the agent."""

    pattern: re.Pattern[str]
    agent: str
    needs: tuple[str, ...]
    severity: Mapping[str, str]
    only_in: tuple[str, ...]


class Pieces(NamedTuple):
    """What patterns may be made of."""

    prefixes: Mapping[str, str]
    macros: Mapping[str, str]

    def compiled(self, pattern: str) -> re.Pattern[str]:
        """`@name` is a shared piece; a blank is any white space; a blank that may be missing is ` ?`."""
        whole = MACRO.sub(self._expanded, pattern)
        # Blanks once taken are not given back: a long run of them is walked once, not once for each way to share it out.
        whole = whole.replace(r"\W*", r"\W*+").replace(" ?", r"\s*+").replace(" ", r"\s++")
        return re.compile(whole, re.IGNORECASE)

    def _expanded(self, found: re.Match[str]) -> str:
        if found[1] in self.prefixes:
            return self.prefixes[found[1]]
        return self.macros[found[1]] + found[2]


class Rule:
    """One rule as its file tells it."""

    def __init__(self, data: Mapping[str, Any], pieces: Pieces) -> None:
        self._data, self._pieces = data, pieces
        self.id: str = data["id"]
        self.name: str = data["name"]
        self.family: str = data["family"]
        self.code: str = data.get("code", "")
        self.title: str = data["title"]
        self.why: str = data["why"]
        self.message: str = data["message"]
        self.questions: tuple[str, ...] = tuple(data["questions"])
        self.skeletons: tuple[str, ...] = tuple(data.get("skeletons", ()))
        self.references: tuple[str, ...] = tuple(data.get("references", ()))
        self.cues: tuple[str, ...] = tuple(data["cues"])
        self.cap: int = data.get("cap", 0)
        self.off_in = frozenset(data.get("off_in", ()))
        self.off_kinds = frozenset(data.get("off_kinds", ()))
        self.fields = frozenset(data.get("fields", ()))
        self.enabled: bool = data.get("enabled", True)
        self.derived: bool = data.get("derived", False)
        self.severity: Mapping[str, str] = data["severity"]
        self.severity_in: Mapping[str, Mapping[str, str]] = data.get("severity_in", {})
        self.antipattern_texts: tuple[str, ...] = tuple(data.get("antipatterns", ()))

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """Compiled at the first cue."""
        return tuple(
            Match(
                self._pieces.compiled(each["pattern"]),
                each.get("agent", "implicit"),
                tuple(each.get("needs", ())),
                each.get("severity", {}),
                tuple(each.get("only_in", ())),
            )
            for each in self._data.get("match", ())
        )

    @cached_property
    def antipatterns(self) -> tuple[re.Pattern[str], ...]:
        """What looks like the wording and is not."""
        return tuple(self._pieces.compiled(rf"(?<!\w)(?:{each})") for each in self.antipattern_texts)

    @cached_property
    def edits(self) -> tuple[tuple[str, re.Pattern[str], str], ...]:
        """Safe changes: title, what is replaced, by what."""
        return tuple(
            (each["title"], self._pieces.compiled(each["pattern"]), each["replacement"])
            for each in self._data.get("edit", ())
        )

    def without_antipattern(self, number: int) -> Rule:
        """The same rule with one exception forgotten; for tests."""
        kept = [text for index, text in enumerate(self.antipattern_texts) if index != number]
        return Rule({**self._data, "antipatterns": kept}, self._pieces)

    def severity_of(self, column: str, role: str, match: Match | None = None) -> str:
        """How loud, for an agent in a section."""
        tables = (match.severity if match else {}, self.severity_in.get(role, {}), self.severity)
        return next((table[column] for table in tables if column in table), "off")


class Catalogue:
    """Rules, the words they share, and one expression that finds every cue."""

    def __init__(self, rules: Iterable[Rule], words: Words, pieces: Pieces) -> None:
        self.rules = tuple(rules)
        self.words, self.pieces = words, pieces
        self._by_cue: dict[str, tuple[Rule, ...]] = {}

    @cached_property
    def cue(self) -> re.Pattern[str]:
        """All cues of all rules at once; a cue that ends in `*` is the beginning of a word."""
        cues = sorted({cue for rule in self.rules for cue in rule.cues}, key=lambda cue: (-len(cue), cue))
        letters: dict[str, list[str]] = {}
        for cue in cues:
            letters.setdefault(cue[:2], []).append(re.escape(cue[2:]).replace(r"\*", r"\w*"))
        # By their first two letters: a word is compared with a few cues, not with all of them.
        alternatives = "|".join(rf"{re.escape(two)}(?:{'|'.join(ends)})" for two, ends in sorted(letters.items()))
        return re.compile(rf"\b(?:{alternatives})(?!\w)")

    def tried_for(self, cues: Iterable[str]) -> list[Rule]:
        """The rules that want to see a sentence with these cues, in their order."""
        wanted = {rule.id for cue in cues for rule in self._of(cue)}
        return [rule for rule in self.rules if rule.id in wanted]

    def _of(self, cue: str) -> tuple[Rule, ...]:
        if cue not in self._by_cue:
            self._by_cue[cue] = tuple(rule for rule in self.rules if any(_begins(cue, own) for own in rule.cues))
        return self._by_cue[cue]

    def with_rules(self, rules: Iterable[Rule]) -> Catalogue:
        """The same words with other rules."""
        return Catalogue(rules, self.words, self.pieces)


def _begins(cue: str, own: str) -> bool:
    return cue.startswith(own[:-1]) if own.endswith("*") else cue == own


@lru_cache(maxsize=1)
def shipped() -> Catalogue:
    """The rules that come with Second Story, from the table that `make docs` makes of them: TOML is slow to read."""
    import json

    return _catalogue(json.loads(TABLE.read_text(encoding="utf-8")))


def table() -> dict[str, Any]:
    """What that table holds, read from the files that people write."""
    import tomllib

    paths = sorted(RULES.glob("*.toml"))
    rules = [tomllib.loads(path.read_text(encoding="utf-8")) for path in paths]
    return {"words": tomllib.loads(WORDS_FILE.read_text(encoding="utf-8")), "rules": rules}


def _catalogue(data: dict[str, Any]) -> Catalogue:
    words = data["words"]
    pieces = Pieces(words.pop("prefixes"), words.pop("macros"))
    return Catalogue((Rule(each, pieces) for each in data["rules"]), read_words(words), pieces)


def read_rules(paths: Iterable[Path], pieces: Pieces) -> Iterator[Rule]:
    """Rules from files, ours or a project's own."""
    import tomllib

    for path in paths:
        try:
            rule = Rule(tomllib.loads(path.read_text(encoding="utf-8")), pieces)
            # What cannot be compiled is said here, not in the middle of somebody's text.
            _ = rule.matches, rule.antipatterns, rule.edits
        except (ValueError, KeyError, TypeError, re.error) as error:
            raise BadRule(f"{path.name}: {error}") from error
        yield rule
