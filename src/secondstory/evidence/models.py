"""Evidence and where it came from. Only participants read it, before publishing and after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secondstory.access.ids import new_id
from secondstory.access.rows import Guarded, Rows, guarded
from secondstory.people.models import is_member
from secondstory.reviews.models import Review, Service, WorkshopRows
from secondstory.reviews.taking_part import takes_part


class ImportRows(Rows["Import"]):
    """Until somebody chose what of it comes in, an upload and the names of its channels are its bringer's alone.

    Guests read the lines and not what they came in: files, channels and problems are called by handles and names.
    """

    def visible_to(self, person: Any) -> Self:
        if not is_member(person):
            return self.none()
        mine = self.filter(takes_part(person))
        begun = [Import.State.RUNNING, Import.State.DONE]
        return mine.filter(Q(state__in=begun) | Q(by_id=person.pk))


class Import(models.Model):
    """One file, paste or delivery brought into a review, with what was chosen of it and what came of it."""

    class State(models.TextChoices):
        LOOKING = "looking", _("Looking into it")
        WAITING = "waiting", _("Waiting for your choice")
        RUNNING = "running", _("Importing")
        DONE = "done", _("Imported")
        REFUSED = "refused", _("Refused")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    format = models.CharField(max_length=120, blank=True)
    # Where the upload waits in storage until it is imported; afterwards nothing unmasked is kept.
    upload = models.CharField(max_length=255, blank=True)
    choices = models.JSONField(default=dict)
    # While it waits: what can be chosen. Afterwards: the places that came in.
    found = models.JSONField(default=dict)
    expected = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    read = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    problems_met = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    refusal = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # A dead worker's import is taken up again once its lease has run out.
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[ImportRows]] = guarded(ImportRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "id"]


class Evidence(models.Model):
    """One artefact. Never rewritten; when struck, time, source and reason stay, the rest goes."""

    # The constraints below begin with the review: an index of its own would only slow imports.
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="+", db_index=False)
    # The number is the row's address inside its review; the row's own key is never shown, it would count other reviews.
    number = models.PositiveIntegerField()
    source = models.ForeignKey(Import, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    format = models.CharField(max_length=24)
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    reach = models.CharField(max_length=8, default="public")
    # When those who could see the place could first see this; the same as `at` unless the source says otherwise.
    seen_from = models.DateTimeField(null=True, blank=True)
    author = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    thread = models.CharField(max_length=80, blank=True)
    service = models.CharField(max_length=120, blank=True)
    link = models.TextField(blank=True)
    payload = models.TextField(blank=True)
    # The time in front of the digest keeps neighbours in time together in the index; see `rules.address_of`.
    digest = models.BinaryField(max_length=21)
    masked = models.CharField(max_length=120, blank=True)
    image = models.CharField(max_length=255, blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_reason = models.CharField(max_length=200, blank=True)
    # Set once no byte of what was struck is left in the database file and its log.
    erased_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Guarded[WorkshopRows]] = guarded(WorkshopRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "number"], name="evidence_address"),
            models.UniqueConstraint(fields=["review", "digest"], name="evidence_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["review", "at", "number"], name="evidence_in_time"),
            models.Index(fields=["review", "place", "at", "number"], name="evidence_of_a_place"),
            models.Index(fields=["source"], name="evidence_of_an_import"),
            models.Index(fields=["struck_at"], condition=Q(erased_at=None, struck_at__isnull=False), name="to_erase"),
        ]


class HookRows(Rows[Any]):
    """Administrators set hooks up; what arrives through them is not theirs to read."""

    def visible_to(self, person: Any) -> Self:
        return self if is_member(person) and person.is_administrator else self.none()


class Hook(models.Model):
    """An address that a product delivers to, with the secret that proves it."""

    class Product(models.TextChoices):
        GITHUB = "github", "GitHub"
        GITLAB = "gitlab", "GitLab"
        PAGERDUTY = "pagerduty", "PagerDuty"
        ALERTMANAGER = "alertmanager", "Alertmanager"

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    name = models.CharField(_("name"), max_length=80)
    product = models.CharField(_("product"), max_length=16, choices=Product.choices)
    # A signature can only be checked with the secret itself, so it is sealed, not hashed.
    sealed_secret = models.TextField()
    services = models.ManyToManyField(Service, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[HookRows]] = guarded(HookRows)


def services_of(hooks: Iterable[Hook]) -> dict[str, list[str]]:
    """The services of hooks that the caller has seen with somebody's eyes, by the hook's id."""
    rows = Hook.services.through.objects.filter(hook_id__in=[hook.pk for hook in hooks])
    names: dict[str, list[str]] = {}
    for hook_id, name in rows.order_by("service__name").values_list("hook_id", "service__name"):
        names.setdefault(hook_id, []).append(name)
    return names


class DeliveryRows(Rows["Delivery"]):
    """A delivery that no review has taken yet waits for every member who could open one; a taken one is its review's."""

    def visible_to(self, person: Any) -> Self:
        if not is_member(person):
            return self.none()
        return self.filter(Q(review=None) | takes_part(person))


class Delivery(models.Model):
    """One signed delivery: attached to a review by time and service, or waiting in the inbox."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, null=True, on_delete=models.CASCADE, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)
    event = models.CharField(max_length=60, blank=True)
    first_at = models.DateTimeField(null=True)
    service = models.CharField(max_length=120, blank=True)
    summary = models.CharField(max_length=200, blank=True)
    payload = models.TextField()
    # The sender's delivery id or the digest of the signed bytes: a replay is refused by it.
    nonce = models.CharField(max_length=64)
    put_aside_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[DeliveryRows]] = guarded(DeliveryRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["-received_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["hook", "nonce"], name="delivered_once"),
        ]
