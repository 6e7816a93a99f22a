"""Runs the rules over a text: blocks, cues, sentences, agents, findings."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from secondstory.language.agents import Finder, Words, folded
from secondstory.language.blocks import Block, Markup, blocks
from secondstory.language.catalogue import Catalogue, Match, Rule, shipped
from secondstory.language.findings import Agent, Edit, Finding, at_least, lowered
from secondstory.language.inline import OPAQUE, is_placeholder, prose, sentences
from secondstory.language.places import line_starts

# What made the act sensible stands beside it: the second story has begun, so the finding speaks more softly.
SECOND_STORY = re.compile(
    r"\b(?:because|since|as)\s+(?:the|its|their|our|no|nothing|an?|it|every|all|both|neither)\b"
    r"[^.;]{0,120}?\b(?:show|look|said|say|read|report|display|suggest|indicat|accept|had|was|were|did|gave|still)",
    re.IGNORECASE,
)
NAMED = "SS701"
GROUP = re.compile(r"\\g<(\w+)>")
# What was found in each block when a text was last read: by its source, kind, role and text.
Known = dict[tuple[str, str, str, str], list[Finding]]


class Settings(NamedTuple):
    """What a project or a profile changes."""

    severities: Mapping[str, str] = {}
    enabled: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    roles: Mapping[str, str] = {}
    exempt: tuple[str, ...] = ()
    floor: str = "hint"
    capped: bool = True


class _Sentence(NamedTuple):
    start: int
    text: str
    masked: str
    block: Block


class Analyser:
    """Rules ready to read any number of texts."""

    def __init__(self, catalogue: Catalogue | None = None, settings: Settings | None = None) -> None:
        self.catalogue = catalogue or shipped()
        self.settings = settings or Settings()
        self.words: Words = self.catalogue.words.with_names([*self.settings.names, *self.settings.roles])
        self._exempt = [re.compile(pattern, re.IGNORECASE) for pattern in self.settings.exempt]

    def findings(
        self,
        text: str,
        *,
        markup: Markup = "markdown",
        heading: str = "",
        field: str = "prose",
        known: Known | None = None,
    ) -> list[Finding]:
        """Every finding in the order of the text.

        Who reads a text again and again while it is edited hands in the same `known` each time: only blocks that changed are read.
        """
        before: Known = {} if known is None else known
        now: Known = {}
        found: list[tuple[Finding, int]] = []
        starts = line_starts(text)
        for block in blocks(text, markup, heading):
            read = (text[block.start : block.start + len(block.text)], *block[1:])
            if read not in now:
                now[read] = before[read] if read in before else self._in_block(read[0], Block(0, *block[1:]), field)
            found += ((finding, block.start) for finding in now[read])
        if known is not None:
            known.clear()
            known.update(now)
        moved = [_moved(finding, by, starts) for finding, by in self._capped(found)]
        return sorted(moved, key=lambda finding: (finding.start, finding.rule))

    def _in_block(self, source: str, block: Block, field: str) -> list[Finding]:
        """Findings as if the text began with this block."""
        return [
            finding
            for sentence, cues in self._sentences(source, block)
            for finding in self._in_sentence(sentence, cues, field)
        ]

    def _sentences(self, source: str, block: Block) -> Iterator[tuple[_Sentence, list[str]]]:
        cue = self.catalogue.cue
        if not cue.search(block.text.lower()):
            return
        masked = prose(block.text)
        for begin, end in sentences(masked):
            cues = cue.findall(masked[begin:end].lower())
            text = source[begin:end]
            if cues and not is_placeholder(text):
                yield _Sentence(begin, text, masked[begin:end], block), cues

    def _in_sentence(self, sentence: _Sentence, cues: list[str], field: str) -> Iterator[Finding]:
        finder = Finder(sentence.masked, self.words)
        names: list[Finding] = []
        found: list[Finding] = []
        for rule in self.catalogue.tried_for(cues):
            for match, hit, agent in self._hits(rule, sentence, finder, field):
                severity = self._severity(rule, match, agent, sentence)
                if severity == "off":
                    continue
                found.append(self._finding(rule, sentence, _span(hit), agent, severity))
                if agent.kind == "named" and not names and at_least(severity, "info"):
                    names = list(self._name(sentence, agent))
                break
        yield from _without_doubles(found)
        yield from names

    def _hits(
        self, rule: Rule, sentence: _Sentence, finder: Finder, field: str
    ) -> Iterator[tuple[Match, re.Match[str], Agent]]:
        if (
            rule.derived
            or (rule.fields and field not in rule.fields)
            or not (rule.enabled or rule.id in self.settings.enabled)
        ):
            return
        if sentence.block.role in rule.off_in or sentence.block.kind in rule.off_kinds:
            return
        exceptions: list[tuple[int, int]] | None = None
        for match in rule.matches:
            if match.only_in and sentence.block.role not in match.only_in:
                continue
            for found in match.pattern.finditer(sentence.masked):
                if exceptions is None:
                    exceptions = self._exceptions(rule, sentence.masked)
                agent = _agent(match, found, finder)
                if match.needs and agent.column not in match.needs:
                    continue
                if not any(begin < found.end() and found.start() < end for begin, end in exceptions):
                    yield match, found, agent

    def _exceptions(self, rule: Rule, masked: str) -> list[tuple[int, int]]:
        patterns = [*rule.antipatterns, *self._exempt]
        return [found.span() for pattern in patterns for found in pattern.finditer(masked)]

    def _severity(self, rule: Rule, match: Match | None, agent: Agent, sentence: _Sentence) -> str:
        severity = rule.severity_of(agent.column, sentence.block.role, match)
        if severity != "off":
            severity = self.settings.severities.get(rule.id, severity)
        if severity == "warn" and SECOND_STORY.search(sentence.masked):
            severity = lowered(severity)
        return severity if severity == "off" or at_least(severity, self.settings.floor) else "off"

    def _name(self, sentence: _Sentence, agent: Agent) -> Iterator[Finding]:
        for rule in self.catalogue.rules:
            if rule.id == NAMED and (severity := self._severity(rule, None, agent, sentence)) != "off":
                yield self._finding(rule, sentence, (agent.start, agent.end), agent, severity)

    def _finding(self, rule: Rule, sentence: _Sentence, span: tuple[int, int], agent: Agent, severity: str) -> Finding:
        cue = " ".join(sentence.text[span[0] : span[1]].split())
        if OPAQUE in agent.phrase:
            agent = agent._replace(phrase=sentence.text[agent.start : agent.end])
        who = told(agent, self.settings.roles)
        return Finding(
            rule=rule.id,
            name=rule.name,
            family=rule.family,
            start=sentence.start + span[0],
            end=sentence.start + span[1],
            line=0,
            column=0,
            severity=severity,
            agent=agent.kind,
            message=_filled(rule.message, cue, who),
            questions=tuple(_filled(question, cue, who) for question in rule.questions),
            skeletons=rule.skeletons,
            edits=self._edits(rule, sentence, span, agent),
            sentence=sentence.text.strip(),
            sentence_start=sentence.start + len(sentence.text) - len(sentence.text.lstrip()),
            role=sentence.block.role,
        )

    def _edits(self, rule: Rule, sentence: _Sentence, span: tuple[int, int], agent: Agent) -> tuple[Edit, ...]:
        edits = []
        if rule.id == NAMED and (label := _label_of(agent.phrase, self.settings.roles)):
            edits.append(Edit(f"Say “{label}”", sentence.start + span[0], sentence.start + span[1], label))
        for title, pattern, replacement in rule.edits:
            for found in pattern.finditer(sentence.masked):
                if found.start() < span[1] and span[0] < found.end():
                    new = _replaced(found, replacement, sentence.text)
                    edits.append(Edit(title, sentence.start + found.start(), sentence.start + found.end(), new))
                    break
        return tuple(edits)

    def _capped(self, found: Iterable[tuple[Finding, int]]) -> Iterator[tuple[Finding, int]]:
        caps = {rule.id: rule.cap for rule in self.catalogue.rules if rule.cap and self.settings.capped}
        seen: Counter[str] = Counter()
        for each in found:
            rule = each[0].rule
            seen[rule] += 1
            if seen[rule] <= caps.get(rule, seen[rule]):
                yield each


def _agent(match: Match, found: re.Match[str], finder: Finder) -> Agent:
    groups = found.re.groupindex
    if match.agent == "subject":
        return finder.before(found.start("verb") if "verb" in groups and found["verb"] else found.start(_marked(found)))
    if match.agent == "owner":
        return finder.within(*found.span("who"))
    if match.agent == "after":
        return finder.after(found.start("who") if "who" in groups else found.end())
    return Agent(match.agent)


def _span(found: re.Match[str]) -> tuple[int, int]:
    return found.span(_marked(found))


def _marked(found: re.Match[str]) -> str | int:
    """The group that says what to underline (`at`, or `at2` in another branch), else all of it."""
    return next((name for name in found.re.groupindex if name.startswith("at") and found[name] is not None), 0)


def _without_doubles(found: list[Finding]) -> Iterator[Finding]:
    """Of two findings about the same words, or of one family in one sentence, the louder stays, else the first."""
    for finding in found:
        rivals = (other for other in found if other is not finding and _doubles(other, finding))
        if not any(_outranks(other, finding, found) for other in rivals):
            yield finding


def _doubles(one: Finding, other: Finding) -> bool:
    return one.family == other.family or (one.start < other.end and other.start < one.end)


def _outranks(other: Finding, finding: Finding, found: list[Finding]) -> bool:
    if other.severity != finding.severity:
        return at_least(other.severity, finding.severity)
    return found.index(other) < found.index(finding)


def _replaced(found: re.Match[str], replacement: str, source: str) -> str:
    """The new words; what they take over is taken as it was written, not as it was masked."""
    new = GROUP.sub(lambda group: source[slice(*found.span(group[1]))], replacement)
    return new[0].upper() + new[1:] if source[found.start()].isupper() else new


def _moved(finding: Finding, by: int, starts: list[int]) -> Finding:
    """From its place in a block to its place in the text."""
    start = finding.start + by
    line = bisect_right(starts, start)
    return finding._replace(
        start=start,
        end=finding.end + by,
        line=line,
        column=start - starts[line - 1] + 1,
        sentence_start=finding.sentence_start + by,
        edits=tuple(edit._replace(start=edit.start + by, end=edit.end + by) for edit in finding.edits),
    )


def _filled(text: str, cue: str, who: str) -> str:
    return text.replace("{cue}", cue).replace("{who}", who)


def _label_of(name: str, roles: Mapping[str, str]) -> str:
    """The one role a name can mean; of two people who share a name neither is guessed."""
    wanted = folded(name)
    labels = {label for full, label in roles.items() if wanted in map(folded, full.split())}
    return labels.pop() if len(labels) == 1 else ""


def told(agent: Agent, roles: Mapping[str, str]) -> str:
    """How a question speaks of an agent, always as an object: `in front of {who}`."""
    if agent.kind == "self":
        return "you"
    if agent.kind == "named":
        return _label_of(agent.phrase, roles) or agent.phrase
    if agent.kind in {"person", "team"} and agent.phrase:
        return _object(agent.phrase)
    return "the people involved"


def _object(phrase: str) -> str:
    forms = {"he": "him", "she": "her", "they": "them", "who": "them", "somebody": "them", "you": "you"}
    low = phrase.lower()
    if low in forms:
        return forms[low]
    if low.split()[-1] in {"nobody", "everyone", "everybody", "someone", "anyone", "no-one", "people", "staff"}:
        return "the people involved"
    return f"the {low}"
