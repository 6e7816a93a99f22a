"""Stories and their parts, and what was taken out of them with their author's yes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secondstory.access.ids import new_id
from secondstory.access.rows import Guarded, Rows, guarded
from secondstory.people.models import is_member, unshared_sealed
from secondstory.reviews.models import Review
from secondstory.reviews.taking_part import takes_part
from secondstory.sealing.seal import opened, sealed
from secondstory.stories.parts import Grant, HasHeldTheRole, Invited, Part, PartRows, Story, StoryRows, may_open_stories
from secondstory.stories.rules import bound
from secondstory.texts.models import Text
from secondstory.timeline.models import Moment

__all__ = ["Grant", "Invited", "Part", "PartRows", "Story", "StoryRows", "may_open_stories"]
PERSON: Any = settings.AUTH_USER_MODEL


class SealedWords(models.Model):
    """A row that holds words of somebody, sealed; `stored` is empty when they were taken back."""

    stored = models.TextField(blank=True)

    class Meta:
        abstract = True

    def bind(self, words: str, place: str) -> None:
        """Seals words to a place; whoever calls this saves."""
        self.stored = sealed(words, place)

    def read_at(self, place: str) -> str:
        """The words sealed to that place; raises KeyMissing for another."""
        return opened(self.stored, place) if self.stored else ""


class QuoteRows(Rows["Quote"]):
    """Read by whoever holds the part, and by whomever the review was published to with it."""

    def visible_to(self, person: Any) -> Self:
        seen = Q(reach=Quote.Reach.PUBLIC)
        if person.is_authenticated:
            seen |= Q(part__in=Part.objects.visible_to(person))
            seen |= takes_part(person) & ~Q(reach="")
        if is_member(person):
            seen |= Q(reach=Quote.Reach.ORGANISATION)
        return self.filter(seen, review__deleted_at=None)


class Quote(SealedWords):
    """A passage in the review. Its words are here alone; texts and versions say `[quote:ID]`."""

    class Reach(models.TextChoices):
        PARTICIPANTS = "participants", _("Those who took part")
        ORGANISATION = "organisation", _("Everyone in the organisation")
        PUBLIC = "public", _("Anyone with the address")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    part = models.ForeignKey(Part, null=True, on_delete=models.SET_NULL, related_name="+")
    form = models.CharField(max_length=8, choices=Part.QuoteAs.choices)
    placed_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # How far it was published; empty until then.
    reach = models.CharField(max_length=12, choices=Reach.choices, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[QuoteRows]] = guarded(QuoteRows)

    @property
    def place(self) -> str:
        return bound("quote", self.pk, self.review_id, self.part_id or "", self.form, self.reach)

    def words(self) -> str:
        """What is quoted; raises KeyMissing when it was moved by hand."""
        return self.read_at(self.place)


class PerspectiveRows(Rows["Perspective"]):
    """Asked for: read by the author and by who asks. Agreed to: read by whoever may read the part."""

    def visible_to(self, person: Any) -> Self:
        if not may_open_stories(person):
            return self.none()
        readable = Q(part__in=Part.objects.visible_to(person))
        return self.filter(readable, Q(agreed_at__isnull=False) | Q(part__author_id=person.pk) | Q(asked_by=person.pk))

    def agreed(self) -> Self:
        return self.filter(agreed_at__isnull=False)


class Perspective(SealedWords):
    """A passage of a part beside a moment. Perspectives that differ stand side by side; they are never merged."""

    class Kind(models.TextChoices):
        DID = "did", _("did")
        SAW = "saw", _("saw")
        EXPECTED = "expected", _("expected")
        ASSUMED = "assumed", _("took to be so")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    moment = models.ForeignKey(Moment, on_delete=models.CASCADE, related_name="+")
    part = models.ForeignKey(Part, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Empty when the author laid it there unasked.
    asked_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    agreed_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[PerspectiveRows]] = guarded(PerspectiveRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["asked_at", "id"]

    def place(self, grants: Iterable[Grant]) -> str:
        """Bound to its moment and to all that its part is bound to; `grants` are those of the part."""
        return bound("perspective", self.pk, self.moment_id, self.kind, self.part.place(grants))


class ContrastRows(Rows["Contrast"]):
    """Read by whoever may read both perspectives."""

    def visible_to(self, person: Any) -> Self:
        readable = Perspective.objects.visible_to(person).agreed()
        return self.filter(a__in=readable, b__in=readable)


class Contrast(models.Model):
    """What a person says of two perspectives: `a` is the same, adds to `b`, differs. Nothing computes it."""

    class Mark(models.TextChoices):
        SAME = "same", _("says the same")
        ADDS = "adds", _("adds to it")
        DIFFERS = "differs", _("differs from it")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    a = models.ForeignKey(Perspective, on_delete=models.CASCADE, related_name="+")
    b = models.ForeignKey(Perspective, on_delete=models.CASCADE, related_name="+")
    mark = models.CharField(max_length=8, choices=Mark.choices)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Guarded[ContrastRows]] = guarded(ContrastRows)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["a", "b"], name="one_mark_a_pair"),
        ]


class OtherwiseRows(Rows["Otherwise"]):
    """Read by whoever may read the perspective."""

    def visible_to(self, person: Any) -> Self:
        return self.filter(perspective__in=Perspective.objects.visible_to(person).agreed())


class Otherwise(SealedWords):
    """What somebody took to be so was later found otherwise: when, and (sealed) how that was learned."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    perspective = models.OneToOneField(Perspective, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[Guarded[OtherwiseRows]] = guarded(OtherwiseRows)

    def place(self, grants: Iterable[Grant]) -> str:
        return bound("otherwise", self.at.astimezone(UTC).isoformat(), self.perspective.place(grants))


class InterviewRows(Rows["Interview"]):
    """An interview is read by the two who had it, from the first word on, and by nobody else.

    Who asked reads it as the facilitator they were then: that role left, it is the other's alone, also if they come back.
    """

    def visible_to(self, person: Any) -> Self:
        if not may_open_stories(person):
            return self.none()
        own = Q(interviewee_id=person.pk)
        if unshared_sealed(person):
            own = Q(pk__in=[])
        row = {"review": "review_id", "person": "interviewer_id", "at": "created_at"}
        still = Q(HasHeldTheRole(row, role=Grant.Role.FACILITATOR.value, now=timezone.now()))
        return self.filter(own | still & Q(interviewer_id=person.pk, ended_at=None), review__deleted_at=None)


class Interview(models.Model):
    """What was said in a one-to-one. It is the interviewee's to confirm, to change or to withdraw."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    interviewee = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    interviewer = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    # When who asked left the review; from then on it is the interviewee's alone.
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[InterviewRows]] = guarded(InterviewRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at", "id"]


class NoteRows(Rows["InterviewNote"]):
    """Read and written by the two who had the interview."""

    def visible_to(self, person: Any) -> Self:
        return self.filter(interview__in=Interview.objects.visible_to(person))


class InterviewNote(models.Model):
    """What was said for one part of a story."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=12, choices=Part.Name.choices)
    text = models.OneToOneField(Text, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[Guarded[NoteRows]] = guarded(NoteRows)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["interview", "name"], name="one_note_of_a_name"),
        ]

    @property
    def place(self) -> str:
        """Needs `interview`."""
        two = (self.interview.interviewee_id, self.interview.interviewer_id)
        return bound("interview", self.pk, self.interview_id, *two, self.text_id, self.name)

    def words(self) -> str:
        """What was noted; raises KeyMissing when it was moved by hand."""
        return self.text.read_at(self.place)
