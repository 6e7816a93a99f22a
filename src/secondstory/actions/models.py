"""Actions of a review as plain rows."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secondstory.access.ids import new_id
from secondstory.access.rows import Guarded, guarded
from secondstory.people.models import Team
from secondstory.reviews.models import Review, WorkshopRows


class Action(models.Model):
    """Something to do, or an idea of it; owned by a person or a team."""

    class State(models.TextChoices):
        IDEA = "idea", _("Idea")
        PROPOSED = "proposed", _("Proposed")
        COMMITTED = "committed", _("Committed")
        DONE = "done", _("Done")
        DECLINED = "declined", _("Declined")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    wording = models.TextField(_("what will be done"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    declined_because = models.CharField(_("why declined"), max_length=300, blank=True)
    success_metric = models.CharField(_("how we will know it worked"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "created_at"]
