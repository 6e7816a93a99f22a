"""What kinds and reaches are called, and the picture of each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from secondstory.evidence.importers.record import Kind, Reach

ICONS = {
    Kind.MESSAGE: "chat",
    Kind.ALERT: "bell",
    Kind.RECOVERY: "check",
    Kind.DEPLOY: "deploy",
    Kind.COMMIT: "branch",
    Kind.PIPELINE: "again",
    Kind.ISSUE: "flag",
    Kind.CHANGE: "branch",
    Kind.RELEASE: "deploy",
    Kind.STATUS: "info",
    Kind.MEETING: "calendar",
    Kind.LOG: "log",
    Kind.IMAGE: "image",
}
REACH_WORDS = {
    Reach.PUBLIC: _("Everyone who could read this place saw it then."),
    Reach.PRIVATE: _("Only the members of a private place saw it then."),
    Reach.DIRECT: _("Only those in the direct conversation saw it then."),
}
