"""What rules and kinds are called on a page."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from secondstory.timeline.rules import LONGEST, LONGEST_HOW, LONGEST_NAME

PROBLEMS: dict[str, StrPromise] = {
    "empty": _("Say what happened; one sentence is enough."),
    "too_long": _("This is over %(most)s characters. Shorten it; evidence can be cited instead of copied."),
    "name_too_long": _("At most %(name)s characters."),
    "empty_name": _("A lane needs a name."),
    "name_taken": _("Another lane has this name already."),
    "no_zone": _("The time has no zone. Write it as 2026-03-09T14:05:00Z or with +01:00."),
    "no_time": _("There is no time in the first column, such as 2026-03-09 14:05 +01:00."),
    "impossible": _("This year cannot be right. Check the date: years from 1972 to 2099 are taken."),
    "no_end": _("Between when and when? Give the later time too, or choose “about”."),
    "learned_before": _("This is before it happened. If the moment's own time is not sure, say “about” there."),
    "how_too_long": _("At most %(how)s characters."),
    "no_words": _("Say how it was for you; one sentence is enough."),
    "no_window": _("From when, or until when? Give at least one of the two."),
    "end_before_start": _("The later time is not after the first one."),
}

YES = _("yes")

# What a reader is told of a source: "from chat, 14:05".
SOURCES: dict[str, StrPromise] = {
    "message": pgettext_lazy("source of a moment", "chat"),
    "alert": pgettext_lazy("source of a moment", "an alert"),
    "recovery": pgettext_lazy("source of a moment", "a recovery"),
    "deploy": pgettext_lazy("source of a moment", "a deployment"),
    "commit": pgettext_lazy("source of a moment", "a commit"),
    "pipeline": pgettext_lazy("source of a moment", "a pipeline"),
    "issue": pgettext_lazy("source of a moment", "an issue"),
    "change": pgettext_lazy("source of a moment", "a change"),
    "release": pgettext_lazy("source of a moment", "a release"),
    "status": pgettext_lazy("source of a moment", "a status update"),
    "meeting": pgettext_lazy("source of a moment", "the calendar"),
    "log": pgettext_lazy("source of a moment", "a log"),
    "image": pgettext_lazy("source of a moment", "a picture"),
}
KINDS: dict[str, StrPromise] = {
    "message": _("Chat"),
    "alert": _("Alerts"),
    "recovery": _("Recoveries"),
    "deploy": _("Deployments"),
    "commit": _("Commits"),
    "pipeline": _("Pipelines"),
    "issue": _("Issues"),
    "change": _("Changes"),
    "release": _("Releases"),
    "status": _("Status updates"),
    "meeting": _("Calendar"),
    "log": _("Logs"),
    "image": _("Pictures"),
}
# Pictures from the sprite.
ICONS = {
    "message": "chat",
    "alert": "bell",
    "recovery": "bell",
    "deploy": "deploy",
    "commit": "branch",
    "pipeline": "deploy",
    "issue": "factors",
    "change": "branch",
    "release": "deploy",
    "status": "info",
    "meeting": "calendar",
    "log": "log",
    "image": "image",
}
FIELDS: dict[str, StrPromise] = {
    "when": _("How exact"),
    "at": _("Time"),
    "until": _("Until"),
    "what": _("What happened"),
    "information": _("Information available"),
    "decision": _("Decision or action taken"),
    "lane": _("Lane"),
    "perspective": _("Whose perspective"),
    "pivot": _("Pivot point"),
    "evidence": _("Evidence"),
    "learned": _("Who learned of it, and when"),
}
CHANGES: dict[str, StrPromise] = {
    "added": _("wrote this moment"),
    "accepted": _("made this moment from evidence"),
    "imported": _("brought this moment in from a table"),
    "edited": _("changed it"),
    "removed": _("took it out of the timeline"),
    "put_back": _("put it back"),
    "cited": _("added evidence"),
    "struck": _("lost words that were taken back at their source"),
    "uncited": _("took evidence off"),
    "learned": _("said when a lane learned of it"),
    "unlearned": _("took off when a lane learned of it"),
}


def problem(code: str) -> str:
    """A refusal in words."""
    return str(PROBLEMS[code]) % {"most": LONGEST, "name": LONGEST_NAME, "how": LONGEST_HOW}


def source(kind: str) -> str:
    """What a reader is told a moment rests on."""
    return str(SOURCES.get(kind) or gettext("evidence"))


def from_source(kind: str) -> str:
    """The same as it stands below a moment: "from chat"."""
    return gettext("from %(word)s") % {"word": source(kind)}
