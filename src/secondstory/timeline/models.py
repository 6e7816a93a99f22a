"""Moments, their lanes, the evidence they cite, and the facilitator's margin."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secondstory.access.ids import new_id
from secondstory.access.rows import Guarded, Rows, guarded
from secondstory.evidence.models import Evidence
from secondstory.reviews.models import Review, WorkshopRows
from secondstory.reviews.taking_part import facilitates, takes_part
from secondstory.texts.models import Text
from secondstory.timeline.rules import Row


class Lane(models.Model):
    """A person's role, a team, or a system."""

    class Kind(models.TextChoices):
        ROLE = "role", _("A person's role")
        TEAM = "team", _("A team")
        SYSTEM = "system", _("A system")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.ROLE)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "name"], name="one_lane_of_a_name"),
        ]


class MomentRows(WorkshopRows):
    """Moments of the workshop; removed ones are kept for undo and history."""

    def standing(self) -> Self:
        return self.filter(removed_at=None)


class Moment(models.Model):
    """One row of the timeline."""

    class When(models.TextChoices):
        EXACT = "exact", _("at")
        ABOUT = "about", _("about")
        BETWEEN = "between", _("between")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    lane = models.ForeignKey(Lane, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    when = models.CharField(_("how exact"), max_length=8, choices=When.choices, default=When.EXACT)
    at = models.DateTimeField(_("time"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    what = models.TextField(_("what happened"))
    information = models.TextField(_("information available"), blank=True)
    decision = models.TextField(_("decision or action taken"), blank=True)
    perspective = models.CharField(_("whose perspective"), max_length=60, blank=True)
    pivot = models.BooleanField(_("pivot point"), default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Guarded[MomentRows]] = guarded(MomentRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "created_at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["review", "at"], name="moments_in_time"),
        ]

    @property
    def row(self) -> Row:
        """The moment's own words and times, without its place in the database."""
        return Row(
            at=self.at,
            what=self.what,
            when=self.when,
            until=self.until,
            information=self.information,
            decision=self.decision,
            lane=self.lane.name if self.lane else "",
            perspective=self.perspective,
            pivot=self.pivot,
        )


class Citation(models.Model):
    """That a moment rests on a line of evidence."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="+")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="+")
    # The line's words as they were offered to the moment: when the line is struck, they are found in it and go too.
    quote = models.TextField(blank=True)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["moment", "evidence"], name="cited_once"),
        ]


class MomentChange(models.Model):
    """One change to a moment: who, when, and the fields before and after."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=12)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]


class Dismissal(models.Model):
    """That a line of evidence was looked at in triage and left out."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)


class Ranking(models.Model):
    """What was found when a review's evidence was last read through for proposals: up to which line, where, when."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="+", primary_key=True)
    upto = models.PositiveIntegerField(default=0)
    # Evidence by slots of time (of so many seconds, counted from 1970), and the places and kinds one can choose
    # from; never by person.
    slot = models.PositiveIntegerField(default=300)
    counts = models.JSONField(default=dict)
    places = models.JSONField(default=list)
    kinds = models.JSONField(default=list)
    made_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, db_index=True)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)


class Proposed(models.Model):
    """That a line of evidence is likely a moment, why in a word, and which lines say the same."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    evidence = models.OneToOneField(Evidence, on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()
    word = models.CharField(max_length=60)
    reasons = models.JSONField(default=list)
    also = models.JSONField(default=list)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["rank"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["review", "rank"], name="proposed_by_rank"),
        ]


class MarginNoteRows(Rows["MarginNote"]):
    """A margin note is read by its writer alone, while they facilitate and the review is not closed."""

    def visible_to(self, person: Any) -> Self:
        if not person.is_authenticated:
            return self.none()
        own = self.filter(takes_part(person), facilitates(person), writer_id=person.pk)
        return own.exclude(review__stage=Review.Stage.CLOSED)


class MarginNote(models.Model):
    """The facilitator's own note beside a moment or the whole timeline; deleted when the review closes."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    moment = models.ForeignKey(Moment, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.OneToOneField(Text, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Guarded[MarginNoteRows]] = guarded(MarginNoteRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["moment", "writer"], name="one_margin_note_a_moment"),
        ]


class Learned(models.Model):
    """That a lane learned of a moment at a time, and how: told, read, paged. Before that it did not know."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="+")
    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(_("learned at"))
    how = models.CharField(_("how"), max_length=200, blank=True)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["moment", "lane"], name="learned_once"),
        ]


class LanePlace(models.Model):
    """That a lane could read a place between two times (empty: always, still), or, where it does not read, never."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(_("place"), max_length=200, blank=True)
    reads = models.BooleanField(default=True)
    since = models.DateTimeField(_("from"), null=True, blank=True)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["place", "since", "id"]


class Agreement(models.Model):
    """That a person confirmed the timeline. `upto` is a mark of the timeline they saw; another one stands once it changed."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    upto = models.CharField(max_length=32)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "person"], name="one_agreement_a_person"),
        ]


class DifferenceRows(WorkshopRows):
    """Where somebody's account of a moment differs, in their own words."""

    def unsettled(self) -> Self:
        return self.filter(settled_at=None)

    def told(self) -> Self:
        """Those that are read beside their moment: open, or both accounts kept. What its writer settled is history."""
        return self.exclude(how=Difference.How.SETTLED).filter(moment__removed_at=None)


class Difference(models.Model):
    """A difference that one participant marked on a moment. Others settle it only with its writer's yes."""

    class How(models.TextChoices):
        SETTLED = "settled", _("settled by who wrote it")
        BOTH = "both", _("both accounts are kept")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField(_("how it was for you"))
    at = models.DateTimeField(default=timezone.now)
    # When the facilitator asked its writer whether the timeline as it now stands says it too.
    asked_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    how = models.CharField(max_length=8, choices=How.choices, blank=True)

    objects: ClassVar[Guarded[DifferenceRows]] = guarded(DifferenceRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
