"""Actions of a review as plain rows."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secondstory.access.ids import new_id
from secondstory.access.rows import Guarded, Rows, guarded
from secondstory.people.models import Team
from secondstory.reviews.models import Review, WorkshopRows
from secondstory.stories.models import Part, SealedWords
from secondstory.stories.rules import bound


class ActionState(models.TextChoices):
    """How far an action is."""

    IDEA = "idea", _("Idea")
    PROPOSED = "proposed", _("Proposed")
    COMMITTED = "committed", _("Committed")
    DONE = "done", _("Done")
    DECLINED = "declined", _("Declined")


class Action(models.Model):
    """Something to do, or an idea of it; owned by a person or a team."""

    State = ActionState

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


class PassageRows(Rows["Passage"]):
    """Read by whoever takes part and may read the part it comes from: no farther than its author lets it reach."""

    def visible_to(self, person: Any) -> Self:
        actions, parts = Action.objects.visible_to(person), Part.objects.visible_to(person)
        return self.filter(action__in=actions, part__in=parts)


class Passage(SealedWords):
    """What in a story an idea came from. The action's own words are its proposer's; these stay the author's."""

    action = models.OneToOneField(Action, on_delete=models.CASCADE, related_name="+")
    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Guarded[PassageRows]] = guarded(PassageRows)

    @property
    def place(self) -> str:
        return bound("action passage", self.action_id, self.part_id)
