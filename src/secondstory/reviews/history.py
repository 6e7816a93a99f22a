"""What is said of a change of a review's people, stage or visibility."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class What(models.TextChoices):
    """Each kind of event with the sentence it is told in."""

    CREATED = "created", _("%(by)s created the review")
    EDITED = "edited", _("%(by)s changed %(detail)s")
    TIMES = "times", _("%(by)s changed the key times: %(detail)s")
    STAGE = "stage", _("%(by)s moved the review to “%(detail)s”")
    PUBLISHED = "published", _("The review was published for: %(detail)s")
    JOINED = "joined", _("%(by)s added %(about)s as %(detail)s")
    ASKED = "asked", _("%(by)s asked %(about)s to facilitate")
    ACCEPTED = "accepted", _("%(by)s accepted to facilitate")
    DECLINED = "declined", _("%(by)s declined to facilitate")
    CHANGED = "changed", _("%(by)s changed what %(about)s takes part as: %(detail)s")
    REMOVED = "removed", _("%(by)s removed %(about)s from the review")
    LEFT = "left", _("%(by)s left the review")
    GUEST_INVITED = "guest_invited", _("%(by)s invited a guest as %(detail)s")
    GUEST_ENTERED = "guest_entered", _("A guest entered as %(detail)s")
    GUEST_REVOKED = "guest_revoked", _("%(by)s ended the access of the guest invited as %(detail)s")
    STRUCK = "struck", _("%(by)s struck line %(detail)s of the evidence")
    DELETION_ASKED = "deletion_asked", _("%(by)s asked to delete the review; it goes on %(detail)s")
    DELETION_CANCELLED = "deletion_cancelled", _("%(by)s kept the review from being deleted")


def sentence(what: str, *, by: str, about: str, detail: str) -> str:
    """The event as a line of the review's history; an unknown kind is shown by its name rather than hidden."""
    if what not in What.values:
        return f"{what} {detail}".strip()
    return str(What(what).label) % {"by": by, "about": about, "detail": detail}
