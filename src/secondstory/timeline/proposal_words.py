"""The words and reasons of proposals, for translation: the rules themselves know no Django."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

TOLD: dict[str, StrPromise] = {
    "a report or note about an incident": _("a report or note about an incident"),
    "action taken": _("action taken"),
    "alert": _("alert"),
    "automatic upkeep": _("automatic upkeep"),
    "back to normal": _("back to normal"),
    "call for help": _("call for help"),
    "capacity change": _("capacity change"),
    "change": _("change"),
    "changes what runs": _("changes what runs"),
    "close to the detection": _("close to the detection"),
    "close to the end": _("close to the end"),
    "close to the mitigation": _("close to the mitigation"),
    "close to the start": _("close to the start"),
    "config change": _("config change"),
    "decision": _("decision"),
    "deploy": _("deploy"),
    "documentation": _("documentation"),
    "error": _("error"),
    "finding": _("finding"),
    "first mention": _("first mention"),
    "first of the alerts": _("first of the alerts"),
    "fix": _("fix"),
    "hypothesis": _("hypothesis"),
    "issue": _("issue"),
    "machines moved": _("machines moved"),
    "meeting": _("meeting"),
    "merge without a message": _("merge without a message"),
    "names the problem": _("names the problem"),
    "one of the services": _("one of the services"),
    "outside the chosen time": _("outside the chosen time"),
    "picture": _("picture"),
    "pipeline": _("pipeline"),
    "recovery": _("recovery"),
    "release": _("release"),
    "rollback": _("rollback"),
    "rolled back later": _("rolled back later"),
    "speaks of the problem": _("speaks of the problem"),
    "status update": _("status update"),
    "symptom": _("symptom"),
    "tests and tidying": _("tests and tidying"),
    "thanks and small talk": _("thanks and small talk"),
    "version bump": _("version bump"),
}


def told(word: str) -> StrPromise | str:
    """A word or reason in the reader's language."""
    return TOLD.get(word, word)
