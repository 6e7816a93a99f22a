"""What replay says and asks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from secondstory.replay.rules import AS_WRITTEN, TAKEN_OUT, WORDED_OTHERWISE

QUESTIONS: tuple[StrPromise, ...] = (
    _("What do you see?"),
    _("What do you expect to happen?"),
    _("What are you trying to do?"),
    _("What else is going on?"),
)
INSTEAD: dict[str, StrPromise | str] = {
    AS_WRITTEN: "",
    WORDED_OTHERWISE: _("first wording not in the export"),
    TAKEN_OUT: _("taken out at the request of whom it concerns"),
}
KINDS: dict[str, StrPromise] = {
    "did": _("What I did"),
    "saw": _("What I saw"),
    "expected": _("What I expected"),
    "assumed": _("What I took to be so"),
}
STEPS: tuple[tuple[str, StrPromise, str], ...] = (
    ("decision-before", _("Decision point before"), ""),
    ("back-ten", _("10 min back"), ""),
    ("back", _("1 min back"), ""),
    ("minute", _("1 min on"), ""),
    ("ten", _("10 min on"), ""),
    ("next", _("Next thing one could know"), "n"),
    ("decision", _("Next decision point"), "d"),
)
NOTHING: dict[str, StrPromise] = {
    "next": _("From here nothing more is recorded that this lane could have known."),
    "decision": _("From here no further decision point is marked in this lane."),
    "decision-before": _("Before this no decision point is marked in this lane."),
}
WRONG_TIME = _("This is no time. Write it as 2026-03-09T14:05:00Z; years from 1972 to 2099 are taken.")
