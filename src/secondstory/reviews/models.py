"""A review and its people. Whoever takes part sees its workshop; others see what was published."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, ExpressionWrapper, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secondstory.access.ids import new_id
from secondstory.access.rows import Guarded, Rows, guarded
from secondstory.people.models import Listed, Ranked, is_member
from secondstory.reviews.guest_stamps import LINK
from secondstory.reviews.taking_part import (
    IsPeopled,
    KnownTimes,
    facilitates,
    is_facilitated,
    takes_part,
    takes_part_in_it,
)


class Audience(models.TextChoices):
    """Who may read a published version."""

    PARTICIPANTS = "participants", _("Those who took part")
    ORGANISATION = "organisation", _("Everyone in the organisation")
    PUBLIC = "public", _("Anyone with the address")


class Severity(Ranked):
    """One step of the organisation's own scale."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    meaning = models.CharField(_("what it means"), max_length=200, blank=True)


class Service(Listed):
    """Something the organisation runs. `patterns` are the names it has in alerts, repositories and channels."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    patterns = models.JSONField(_("also known as"), default=list, blank=True)


class ParticipationRows(Rows["Participation"]):
    """Participants know who takes part; nobody else does."""

    def active(self) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()), left_at=None)

    def of(self, person: Any) -> Self:
        """This person's own running participations."""
        if not (person.is_authenticated and person.is_active) or person.sees_only_published:
            return self.none()
        return self.filter(Q(until=None) | Q(until__gt=timezone.now()), left_at=None, person_id=person.pk)

    def facilitating(self) -> Self:
        """Those who accepted to facilitate and still do."""
        return self.active().filter(duty=Participation.Duty.FACILITATOR, accepted_at__isnull=False)

    def visible_to(self, person: Any) -> Self:
        return self.filter(takes_part(person))


class ReviewRows(Rows["Review"]):
    """`visible_to` is for lists and reading pages; `with_part_of` is for the workshop."""

    def with_part_of(self, person: Any) -> Self:
        """Reviews this person takes part in: the workshop with drafts, evidence and moments."""
        return self.filter(takes_part_in_it(person))

    def decided_by(self, person: Any) -> Self:
        """Reviews this person decides on: who facilitates them, and their creator until somebody accepted to."""
        return self.with_part_of(person).filter(_decides(person))

    def with_what_is_known(self, person: Any) -> Self:
        """Says of each that a person takes part in: whether they decide on it, and what its facts still lack."""
        row = {"review": "pk"}
        return self.annotate(
            decides=_whether(_decides(person)),
            is_facilitated=_whether(is_facilitated("pk")),
            is_peopled=IsPeopled(row, now=timezone.now()),
            known_times=KnownTimes(row | {"kind": "kind"}),
        )

    def as_listed_for(self, person: Any) -> Self:
        """Says of each whether this person takes part: others are shown what was published, and nothing newer."""
        return self.annotate(takes_part=Case(When(takes_part_in_it(person), then=True), default=False))

    def with_words(self, words: str) -> Self:
        """Of reviews `as_listed_for` somebody: the words are in what that person is shown."""
        published = Q(published_title__icontains=words) | Q(published_summary__icontains=words)
        return self.filter(Q(takes_part=True, title__icontains=words) | published)

    def at_stage(self, stage: str) -> Self:
        """Of reviews `as_listed_for` somebody: for a reader every review they may read is simply published."""
        shown = Q(takes_part=True, stage=stage)
        return self.filter(shown | Q(takes_part=False) if stage == Review.Stage.PUBLISHED else shown)

    def visible_to(self, person: Any) -> Self:
        seen = takes_part_in_it(person)
        if is_member(person):
            seen |= Q(published_audience__in=[Audience.ORGANISATION, Audience.PUBLIC])
        return self.filter(seen, deleted_at=None)


def _decides(person: Any) -> Q:
    return facilitates(person, "pk") | (Q(created_by_id=person.pk) & ~is_facilitated("pk"))


def _whether(condition: Q) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(condition, output_field=models.BooleanField())


class Review(models.Model):
    """One blameless review of one event."""

    class Kind(models.TextChoices):
        INCIDENT = "incident", _("Incident")
        NEAR_MISS = "near_miss", _("Near miss")
        DELIVERY = "delivery", _("Delivery")
        SUCCESS = "success", _("Success")

    class Stage(models.TextChoices):
        GATHERING = "gathering", _("Gathering")
        DEBRIEF = "debrief", _("Debrief")
        WRITING = "writing", _("Writing")
        PUBLISHED = "published", _("Published")
        FOLLOWING_UP = "following_up", _("Following up")
        CLOSED = "closed", _("Closed")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.INCIDENT)
    title = models.CharField(_("title"), max_length=200)
    stage = models.CharField(_("stage"), max_length=14, choices=Stage.choices, default=Stage.GATHERING)
    happened_at = models.DateTimeField(_("when it happened"))
    zone = models.CharField(_("time zone of the event"), max_length=64, default="UTC")
    severity = models.ForeignKey(Severity, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    services = models.ManyToManyField(Service, blank=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    # What readers outside the review are told; the working title stays with the participants until published again.
    published_at = models.DateTimeField(null=True, blank=True)
    published_audience = models.CharField(max_length=12, choices=Audience.choices, blank=True)
    published_title = models.CharField(max_length=200, blank=True)
    published_summary = models.TextField(blank=True)
    deletion_due_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Guarded[ReviewRows]] = guarded(ReviewRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["-happened_at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-happened_at", "id"], name="review_newest"),
            models.Index(fields=["-changed_at"], name="review_last_changed"),
            models.Index(
                fields=["deletion_due_at"], condition=Q(deletion_due_at__isnull=False), name="review_due_to_go"
            ),
            models.Index(fields=["published_audience", "-happened_at"], name="review_published"),
        ]

    def __str__(self) -> str:
        return self.title


class WorkshopRows(Rows[Any]):
    """Rows with a `review` that only those who take part in it may read."""

    def visible_to(self, person: Any) -> Self:
        return self.filter(takes_part(person))


class KeyTime(models.Model):
    """One of a review's key times. No row means it is unknown, and that is said."""

    class Name(models.TextChoices):
        STARTED = "started", _("Started")
        DETECTED = "detected", _("Detected")
        MITIGATED = "mitigated", _("Mitigated")
        RESOLVED = "resolved", _("Resolved")
        PROMISED = "promised", _("Promised for")
        FIRST_SIGN = "first_sign", _("First sign that it would not hold")
        SAID_ALOUD = "said_aloud", _("Said aloud")
        REPLANNED = "replanned", _("Re-planned")
        DELIVERED = "delivered", _("Delivered")
        NOTICED = "noticed", _("Noticed that it went well")
        ACTED = "acted", _("What made the difference was done")
        FINISHED = "finished", _("Finished")

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=20)
    at = models.DateTimeField()

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "name"], name="one_of_each_key_time"),
        ]


class Participation(models.Model):
    """That a person takes part in a review, as what, since when and until when."""

    class Duty(models.TextChoices):
        FACILITATOR = "facilitator", _("Facilitator")
        NOTE_TAKER = "note_taker", _("Note-taker")
        PARTICIPANT = "participant", _("Participant")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    duty = models.CharField(_("duty"), max_length=12, choices=Duty.choices, default=Duty.PARTICIPANT)
    # A facilitator is asked and accepts; everybody else takes part from the moment they are added.
    accepted_at = models.DateTimeField(null=True, blank=True)
    role_label = models.CharField(_("role label"), max_length=60, blank=True)
    involved = models.BooleanField(_("was involved in the event"), default=True)
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Guarded[ParticipationRows]] = guarded(ParticipationRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["since", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["review", "person"], condition=Q(left_at=None), name="takes_part_once_at_a_time"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["person"],
                condition=Q(duty="facilitator", accepted_at=None, left_at=None),
                name="asked_to_facilitate",
            ),
        ]

    @property
    def runs(self) -> bool:
        """Whether the person takes part now; `ParticipationRows.active` asks the same of the database."""
        return self.left_at is None and (self.until is None or self.until > timezone.now())


class ReviewEvent(models.Model):
    """What changed in a review's people, stage or visibility, shown to all who take part."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=40)
    about = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    detail = models.CharField(max_length=200, blank=True)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]


class GuestLink(models.Model):
    """Lets one address into one review as a guest, on one browser, for the days given."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(_("e-mail address"))
    role_label = models.CharField(_("role label"), max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    guest = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    entered_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # Only this program makes a link that opens; one written into the database by hand has no stamp that fits.
    stamp = models.TextField(blank=True, default="", editable=False)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stamps it."""
        self.stamp = LINK.of(self)
        super().save(*args, **kwargs)
