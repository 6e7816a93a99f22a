"""What is written, what is missing, and what was published."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secondstory.access.ids import new_id
from secondstory.access.rows import Guarded, Rows, guarded
from secondstory.people.models import OrganisationRows, is_member
from secondstory.reviews.models import Audience, Review, WorkshopRows
from secondstory.reviews.taking_part import takes_part
from secondstory.texts.models import Text
from secondstory.writing.chains import LONGEST_QUESTION, Link, told
from secondstory.writing.departures import Departure, DepartureRows
from secondstory.writing.known import EndsInPerson, HasRows, IsStillFirst
from secondstory.writing.offers import has_kept_rows

__all__ = ["Departure", "DepartureRows"]


class Template(models.Model):
    """The organisation's own outline for one kind of review; `sections` is a list as in `rules.Outline`."""

    kind = models.CharField(max_length=12, choices=Review.Kind.choices, unique=True)
    sections = models.JSONField(default=list)

    objects: ClassVar[Guarded[OrganisationRows]] = guarded(OrganisationRows)


class SectionRows(WorkshopRows):
    """Sections of the workshop."""

    def with_rows_known(self) -> Self:
        """Each says whether rows of its own stand beside its words: moments, factors, actions, key times."""
        section = {"key": "key", "review": "review_id"}
        rows = Q(HasRows(section))
        for key, has_rows in has_kept_rows().items():
            rows |= Q(has_rows, key=key)
        return self.annotate(
            rows=models.ExpressionWrapper(rows, output_field=models.BooleanField()),
            ends_in_person=EndsInPerson(section),
            still_first_story=IsStillFirst(section),
        )


class SectionState(models.TextChoices):
    """Whether a section is still to be written."""

    OPEN = "open", _("To be written")
    NOT_APPLICABLE = "na", _("Not applicable")
    REMOVED = "removed", _("Removed")


class Section(models.Model):
    """One section of a written review: filled, or not applicable with a reason, or removed."""

    State = SectionState

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=32)
    title = models.CharField(_("title"), max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    required = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    text = models.OneToOneField(Text, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[Guarded[SectionRows]] = guarded(SectionRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "key"], name="one_section_a_key"),
        ]


class SectionChange(models.Model):
    """A section marked, removed or brought back; changes of its words are the text's snapshots."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    before = models.CharField(max_length=8)
    after = models.CharField(max_length=8)
    reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]


class Factor(models.Model):
    """A contributing factor. A review has several, never "the cause"."""

    class Group(models.TextChoices):
        TECHNICAL = "technical", _("Technical")
        PROCESS = "process", _("Process")
        COMMUNICATION = "communication", _("Communication")
        ENVIRONMENT = "environment", _("Environment")
        TOOLING = "tooling", _("Tooling")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    group = models.CharField(_("group"), max_length=14, choices=Group.choices)
    words = models.TextField(_("what contributed, and how"))
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]


class ChainRows(WorkshopRows):
    """Chains of the workshop; one that was taken away can be brought back."""

    def standing(self) -> Self:
        return self.filter(removed_at=None)


class Chain(models.Model):
    """A question "how did that come about?", or a first story about a person, and the tree that stands behind it."""

    class Kind(models.TextChoices):
        HOW = "how", _("How did that come about?")
        STORY = "story", _("First story, second story")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.HOW)
    question = models.CharField(max_length=LONGEST_QUESTION)
    # The lines from top to bottom as `chains.Link`: a tree is typed, saved, compared and put back as a whole.
    links = models.JSONField(default=list)
    ends_in_person = models.BooleanField(default=False)
    answered = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[ChainRows]] = guarded(ChainRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]

    @property
    def lines(self) -> list[Link]:
        return [Link.from_json(each) for each in self.links]


class ChainSnapshot(models.Model):
    """A chain as one person left it; a sitting of the same person is one snapshot."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    question = models.CharField(max_length=LONGEST_QUESTION)
    links = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["-version", "-id"]

    @property
    def lines(self) -> list[Link]:
        return [Link.from_json(each) for each in self.links]

    @property
    def stored(self) -> str:
        return told(self.question, self.lines)


class PublicationRows(WorkshopRows):
    """Wishes to publish; at most one waits at a time."""

    def waiting(self) -> Self:
        return self.filter(withdrawn_at=None, done_at=None)


class Publication(models.Model):
    """A wish to publish: 48 hours for objections, or at once when all who take part agree."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    audience = models.CharField(max_length=12, choices=Audience.choices, default=Audience.ORGANISATION)
    # What was agreed to is what is published: the document as it stood when the facilitator asked.
    document = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[PublicationRows]] = guarded(PublicationRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["-asked_at", "-id"]


class Answer(models.Model):
    """One participant's word on a wish to publish."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    agrees = models.BooleanField()
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["publication", "person"], name="one_answer_each"),
        ]


class NameChoice(models.Model):
    """What the facilitator decided about a name: a broader label for a person, or replace or keep for a doubtful form."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=200)
    choice = models.CharField(max_length=80)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "about"], name="one_choice_a_name"),
        ]


class VersionRows(Rows["Version"]):
    """A version stays readable to whoever could read it."""

    def visible_to(self, person: Any) -> Self:
        seen = Q(audience=Audience.PUBLIC)
        if person.is_authenticated:
            seen |= takes_part(person)
        if is_member(person):
            seen |= Q(audience=Audience.ORGANISATION)
        return self.filter(review__deleted_at=None).filter(seen)

    def newest_first(self) -> Self:
        return self.order_by("-number")


class Version(models.Model):
    """A review as published: frozen, with role labels instead of names. `document` is `rules.Document` as JSON."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    audience = models.CharField(max_length=12, choices=Audience.choices)
    document = models.JSONField()
    published_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Guarded[VersionRows]] = guarded(VersionRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["-number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "number"], name="version_number"),
        ]
