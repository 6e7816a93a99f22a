"""What a part of a story is asked with: how and what, never why; the situation, never the character."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROMPTS: dict[str, tuple[Promise | str, ...]] = {
    "did": (
        _("What were you in the middle of when it began for you?"),
        _("What did you do then, step by step? Times may be rough."),
    ),
    "saw": (
        _("What did you see, hear or read as it went on?"),
        _("What drew your attention first, and what later?"),
    ),
    "expected": (
        _("What did you expect to happen next, at each turn?"),
        _("What surprised you?"),
    ),
    "assumed": (
        _("What did you take to be so without having to check it?"),
        _("What did you take to be impossible?"),
    ),
    "understood": (
        _("How did it fit together for you while it was going on?"),
        _("What changed that picture? What seemed to have nothing to do with what you were doing?"),
    ),
    "goals": (_("What were you trying to achieve, and what else mattered at the same time?"),),
    "pressures": (
        _("What pressed on you: people waiting, a date, other work?"),
        _("What risk seemed worth taking, and for what?"),
    ),
    "time": (_("How much time was there? How did it feel?"),),
    "tools": (_("What did you work with, what did it show you, and what did it keep from you?"),),
    "known": (_("What was known to you at that point? What earlier event came to mind?"),),
    "missing": (_("What would have helped to know, and where would you have looked for it?"),),
    "asked": (_("Whom did you ask or tell? What made that the moment to ask, and what came of it?"),),
}
