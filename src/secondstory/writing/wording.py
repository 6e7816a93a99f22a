"""What the replacer of names is unsure about, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

REASONS: dict[str, StrPromise] = {
    "ordinary word": _("a name here, and an ordinary word elsewhere"),
    "several people": _("several people are called so"),
    "initials": _("could be initials"),
    "short form": _("could be a short form of a name"),
    "short form or misspelling": _("looks like a name"),
    "handle": _("a handle met in the evidence"),
    "address": _("an address nobody here is known by"),
    "mention": _("a mention nobody here is known by"),
    "trailer": _("a line that says who"),
    "hidden letters": _("letters written in another way"),
}
