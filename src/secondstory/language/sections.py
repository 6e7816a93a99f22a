"""What a section of a review is for, told from its heading."""

from __future__ import annotations

import re

# The first that matches wins: "what went wrong in the timeline" is a lesson, "action items from the timeline" are actions.
ROLES = (
    ("template", r"\btemplates?\b|\binstructions?\b|\bhow to (?:use|fill|write)\b|\bguidance\b"),
    (
        "actions",
        r"\baction|\bfollow[- ]?ups?\b|\bremed|\bnext steps?\b|\bimprovements?\b|\bpreventi|\bcorrective|\bto[- ]?dos?\b|\bmeasures?\b|\bfuture\b|\brecommendation",
    ),
    ("lessons", r"\blessons?\b|\blearn|\bwent (?:well|wrong|poorly|badly)\b|\blucky?\b|\bwhat (?:worked|didn)"),
    ("causes", r"\bcauses?\b|\bfactors?\b|\banalysis\b|\bwhys?\b|\btriggers?\b|\bwhat happened\b|\bbackground\b"),
    ("impact", r"\bimpact|\baffected\b|\bdamage|\bextent\b"),
    ("interview", r"\binterview|\bq ?& ?a\b|\bquestions?\b|\baccounts? of\b"),
    ("timeline", r"\btime ?line\b|\bchronolog|\bevents?\b|^\W*\d{1,2}[:.]\d\d|\d{4}-\d\d-\d\d"),
)
_ROLES = tuple((role, re.compile(pattern)) for role, pattern in ROLES)


def role_of(heading: str) -> str:
    """The role a heading announces; `prose` when it announces none."""
    words = heading.lower()
    return next((role for role, pattern in _ROLES if pattern.search(words)), "prose")


class Outline:
    """Headings above the place one reads, so that `14:02` below `Timeline` stays part of the timeline."""

    def __init__(self, heading: str = "") -> None:
        self._open: list[tuple[int, str]] = []
        self.role = "prose"
        if heading:
            self.enter(0, heading)

    def enter(self, level: int, heading: str) -> None:
        """A heading ends every section of its level or deeper; the nearest that says something gives the role."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        self._open.append((level, role_of(heading)))
        self.role = next((role for _, role in reversed(self._open) if role != "prose"), "prose")
