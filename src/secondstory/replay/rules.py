"""What was available to a lane at a time. Pure: no words of later leave these functions.

Each function that shows something takes the time one stands at, and answers None or an empty text for what comes
later. What is known only ever grows, so nothing here takes back what was available before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from secondstory.timeline.rules import Window, readable_from, windows_for

SECOND = timedelta(seconds=1)
PUBLIC = "public"
ALERT = "alert"
# What a line shows: its words, that they were other words then, or that they were taken out of the review.
AS_WRITTEN, WORDED_OTHERWISE, TAKEN_OUT = "as written", "first wording not in the export", "taken out"
# A snapshot of an alert taken after its end says so in the line about its beginning.
_ENDED = re.compile(r" \(resolved since; when is not told\)")
_DETAILS = re.compile(r" \((?:urgency|priority|asked|assigned to) [^\n]*\)(?=\n|$)")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of evidence as it is stored. `edited` is when it got this wording, if it had another before."""

    at: datetime
    place: str
    reach: str
    kind: str
    author: str
    text: str
    seen_from: datetime | None = None
    edited: datetime | None = None
    struck: bool = False
    snapshot: bool = False


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line as it could be read."""

    at: datetime
    place: str
    kind: str
    author: str
    text: str
    wording: str


@dataclass(frozen=True, slots=True)
class Told:
    """A moment of the timeline as one lane is placed to it: it is the lane's own, or the lane learned of it."""

    at: datetime
    when: str
    what: str
    until: datetime | None = None
    information: str = ""
    decision: str = ""
    pivot: bool = False
    own: bool = False
    learned: datetime | None = None
    how: str = ""


@dataclass(frozen=True, slots=True)
class SeenMoment:
    """A moment as far as it was known."""

    at: datetime
    until: datetime | None
    when: str
    what: str
    information: str
    decision: str
    how: str
    known: datetime
    own: bool
    pivot: bool


@dataclass(frozen=True, slots=True)
class Account:
    """A passage of the lane's own story beside a moment, and when it was found to have been otherwise."""

    kind: str
    words: str
    known: datetime
    otherwise: datetime | None = None
    how: str = ""


def line_known(line: Line, said: Mapping[str, tuple[Window, ...]]) -> datetime | None:
    """When the lane could first read a line; None if it never could."""
    stood = max(line.at, line.seen_from) if line.seen_from else line.at
    return readable_from(stood, windows_for(line.place, said, public=line.reach == PUBLIC))


def line_at(line: Line, said: Mapping[str, tuple[Window, ...]], at: datetime) -> SeenLine | None:
    """The line as it could be read at a time."""
    known = line_known(line, said)
    if known is None or known > at:
        return None
    wording = _wording(line, at)
    author, text = (line.author, line.text) if wording == AS_WRITTEN else (line.author, "")
    return SeenLine(line.at, line.place, line.kind, "" if line.struck else author, _then(line, text), wording)


def _wording(line: Line, at: datetime) -> str:
    if line.struck:
        return TAKEN_OUT
    return WORDED_OTHERWISE if line.edited and line.edited > at else AS_WRITTEN


def _then(line: Line, text: str) -> str:
    """An alert says that it fires. Of a snapshot taken after its end the first line is that old, the rest is not."""
    if line.kind != ALERT:
        return text
    first, mark, rest = text.partition("\n")
    if _ENDED.search(first):
        return _ENDED.sub("", first)
    return (_DETAILS.sub("", first) if line.snapshot else first) + mark + rest


def moment_known(moment: Told) -> datetime | None:
    """When the lane knew of a moment; None if it never did. One that lasted is known when it is over."""
    over = moment.until or moment.at
    if moment.learned:
        return max(over, moment.learned)
    return over if moment.own else None


def moment_at(moment: Told, at: datetime) -> SeenMoment | None:
    """The moment as far as it was known. Its decision comes after it: who stands at the moment has yet to decide.

    Of another lane's moment one learns that it happened, not what was known there nor how it was decided.
    """
    known = moment_known(moment)
    if known is None or known > at:
        return None
    decided = moment.own and decision_known(moment, known) <= at
    return SeenMoment(
        at=moment.at,
        until=moment.until,
        when=moment.when,
        what=moment.what,
        information=moment.information if moment.own else "",
        decision=moment.decision if decided else "",
        how=moment.how if moment.learned else "",
        known=known,
        own=moment.own,
        pivot=moment.pivot and moment.own,
    )


def decision_known(moment: Told, known: datetime) -> datetime:
    """When what was decided at a moment is known: not while one stands at it."""
    return known + SECOND if moment.decision else known


def account_known(moment: Told) -> datetime:
    """From when a passage beside a moment is the lane's: the moment's own time, or when the lane learned of it."""
    return moment_known(moment) or moment.until or moment.at


def account_at(account: Account, at: datetime) -> Account | None:
    """The passage, and that it was found otherwise only once it was."""
    if account.known > at:
        return None
    if account.otherwise and account.otherwise <= at:
        return account
    return Account(account.kind, account.words, account.known)


def times_of(moments: Iterable[Told], accounts: Iterable[Account]) -> set[datetime]:
    """Every time at which something of the timeline or a story became known."""
    times: set[datetime] = set()
    for moment in moments:
        if known := moment_known(moment):
            times |= {known, decision_known(moment, known)} if moment.own else {known}
    for account in accounts:
        times |= {account.known} | ({account.otherwise} if account.otherwise else set())
    return times


def decision_points(moments: Iterable[Told]) -> set[datetime]:
    """When the lane stood at a point where things could have gone another way."""
    return {known for moment in moments if moment.pivot and moment.own and (known := moment_known(moment))}


def to_stand_at(known: datetime) -> datetime:
    """The first whole second at which something is known."""
    return known if not known.microsecond else known.replace(microsecond=0) + SECOND
