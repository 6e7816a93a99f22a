"""Who signs in, which team they are in, and what they are called in everything published."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secondstory.access.ids import new_id
from secondstory.access.rows import Guarded, Rows, guarded
from secondstory.people.closing import closed_until
from secondstory.people.sign_in_log import SignInChange
from secondstory.people.stamps import SIGN_IN, TOKEN

__all__ = ["SignInChange"]


def is_member(person: Any) -> bool:
    """Signed in, active, and of the organisation: not a guest."""
    return bool(person.is_authenticated and person.is_active and not person.is_guest)


def addresses_of(person: Any) -> list[str]:
    """The e-mail addresses a member has proved to be theirs."""
    if not is_member(person):
        return []
    return list(EmailAddress.objects.filter(user_id=person.pk, verified=True).values_list("email", flat=True))


class PersonRows(models.QuerySet["Person"]):
    """Members know one another; a guest knows nobody by name."""

    def visible_to(self, person: Any) -> Self:
        if is_member(person):
            return self.filter(Q(is_guest=False) | Q(pk=person.pk))
        return self.filter(pk=person.pk) if person.is_authenticated else self.none()


class People(BaseUserManager["Person"]):
    """Sign-in libraries query persons through this manager; our own pages go through `visible_to`."""

    def get_queryset(self) -> PersonRows:
        return PersonRows(self.model, using=self._db)

    def visible_to(self, person: Any) -> PersonRows:
        return self.get_queryset().visible_to(person)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        # Nobody signs up alone: the address stands because a letter, a code or an administrator vouches for it.
        EmailAddress(user=person, email=person.email, verified=True, primary=True).save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in. A guest belongs to one review only; `is_administrator` opens no review."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    handles = models.JSONField(_("handles in chat and code"), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    locale = models.CharField(_("language"), max_length=16, default="en")
    theme = models.CharField(_("light or dark"), max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    is_administrator = models.BooleanField(_("administrator"), default=False)
    is_guest = models.BooleanField(default=False, editable=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Until then what this person shared with nobody stays closed: somebody else may have changed how they sign in.
    sealed_until = models.DateTimeField(null=True, editable=False)
    # How they sign in, as this program left it, sealed: what is changed in the database by hand does not match it.
    sign_in_stamp = models.TextField(blank=True, default="", editable=False)

    objects = People()

    # Set on the instance by an API token of that scope: the bearer then takes part in nothing.
    sees_only_published = False
    # Taken away on the instance by an API token without the scope of its own that stories have.
    may_open_stories = True

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stamps what is said here about signing in."""
        fields = kwargs.get("update_fields")
        if fields is None or {"password", "email"} & set(fields):
            self.sign_in_stamp = SIGN_IN.of(self)
            kwargs |= {"update_fields": {*fields, "sign_in_stamp"}} if fields is not None else {}
        super().save(*args, **kwargs)

    def check_password(self, raw_password: str | None) -> bool:
        """A password that was put here by hand is not hashed anew: that would stamp it as ours."""
        return (
            super().check_password(raw_password) if SIGN_IN.fits(self) else check_password(raw_password, self.password)
        )


def unshared_sealed(person: Any) -> bool:
    """Whether what this person shared with nobody stays closed for now, even to whoever signs in as them."""
    return sealed_until(person) is not None


def sealed_until(person: Any) -> datetime | None:
    """Until when it does; the database and the ledger are both asked, and the later counts."""
    if not person.is_authenticated:
        return None
    known = [each for each in (person.sealed_until, closed_until(person.pk)) if each and each > timezone.now()]
    return max(known, default=None)


class OrganisationRows(Rows[Any]):
    """Lists that every member may read: teams, role labels."""

    def visible_to(self, person: Any) -> Self:
        return self if is_member(person) else self.none()


class Listed(models.Model):
    """One entry of a list of the organisation, called by its name."""

    name: models.CharField[str, str]

    objects: ClassVar[Guarded[OrganisationRows]] = guarded(OrganisationRows)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Ranked(Listed):
    """An entry with a place in its list."""

    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["position", "name"]


class Team(Listed):
    """A team of the organisation."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)


class RoleLabel(Ranked):
    """What a person is called in everything published: "on-call engineer", "release lead"."""

    name = models.CharField(_("label"), max_length=60, unique=True)


class InvitationRows(Rows["Invitation"]):
    """Only administrators handle invitations to the organisation."""

    def visible_to(self, person: Any) -> Self:
        return self if is_member(person) and person.is_administrator else self.none()

    def open(self) -> Self:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A way into the organisation for one address, until it is used, revoked or expired."""

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    email = models.EmailField(_("e-mail address"))
    token_hash = models.CharField(max_length=64, unique=True)
    as_administrator = models.BooleanField(default=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[InvitationRows]] = guarded(InvitationRows)


class OwnRows(Rows[Any]):
    """Rows that belong to one person alone."""

    def visible_to(self, person: Any) -> Self:
        return self.filter(owner_id=person.pk) if is_member(person) else self.none()


class ApiToken(models.Model):
    """A key for the API: hashed, scoped, expiring, revocable. It sees what its owner sees, and no more than its scopes."""

    class Scope(models.TextChoices):
        READ_PUBLISHED = "read:published", _("Read published reviews")
        READ = "read", _("Read everything I take part in")
        WRITE = "write", _("Write where I take part")
        IMPORT = "import", _("Import evidence where I take part")
        STORIES = "stories", _("Read and write my own story, and read what was shared with me")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("what it is for"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # Only this program, with its keys, makes a token that counts; a row written by hand has no stamp that fits.
    stamp = models.TextField(blank=True, default="", editable=False)

    objects: ClassVar[Guarded[OwnRows]] = guarded(OwnRows)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stamps it."""
        self.stamp = TOKEN.of(self)
        super().save(*args, **kwargs)


class SetupCodeRows(Rows["SetupCode"]):
    """Nobody reads the code; whoever types it is compared with it."""

    def visible_to(self, person: Any) -> Self:  # noqa: ARG002 - the same for everybody
        return self.none()


class SetupCode(models.Model):
    """The one-time code that `serve` prints; whoever holds it becomes the first person."""

    code_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Guarded[SetupCodeRows]] = guarded(SetupCodeRows)
