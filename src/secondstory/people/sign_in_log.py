"""What was changed about how somebody signs in: their own log."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secondstory.access.ids import new_id
from secondstory.access.rows import Guarded, Rows, guarded
from secondstory.people.rules import SEALED_FOR


class SignInChangeRows(Rows["SignInChange"]):
    """Everybody reads what was changed about their own way in, guests too, and nobody else's."""

    def visible_to(self, person: Any) -> Self:
        return self.filter(person_id=person.pk) if person.is_authenticated else self.none()

    def in_force(self, person: Any) -> Self:
        return self.filter(person_id=person.pk, seals=True, opened_at=None, at__gt=timezone.now() - SEALED_FOR)

    def openable(self) -> Self:
        """What a proof from before can open. Whoever writes into the database can date a passkey as they like."""
        return self.exclude(what=SignInChange.What.BY_HAND)


class SignInChange(models.Model):
    """One change of how a person signs in. `by` is empty when it came by a letter or by nobody this program knows."""

    class What(models.TextChoices):
        PASSWORD_CHANGED = "password_changed", _("The password was changed")
        PASSWORD_RESET = "password_reset", _("The password was changed by the link in a letter")
        PASSWORD_GIVEN = "password_given", _("A password was given by somebody else")
        ADDRESS_CHANGED = "address_changed", _("The address letters go to was changed")
        PASSKEY_ADDED = "passkey_added", _("A passkey was added")
        PASSKEY_REMOVED = "passkey_removed", _("A passkey was removed")
        APP_ADDED = "app_added", _("An authenticator app was added")
        APP_REMOVED = "app_removed", _("An authenticator app was removed")
        CODES_MADE = "codes_made", _("New recovery codes were made")
        PROVIDER_ADDED = "provider_added", _("The organisation's sign-in was connected")
        PROVIDER_REMOVED = "provider_removed", _("The organisation's sign-in was disconnected")
        INVITED = "invited", _("An invitation to the organisation was accepted for this address")
        GUEST_LINK = "guest_link", _("A new guest link was opened with a code from a letter")
        BY_HAND = "by_hand", _("Something was changed in the database, past this program")

    id = models.CharField(primary_key=True, max_length=12, default=new_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    what = models.CharField(max_length=20, choices=What.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    seals = models.BooleanField(default=False)
    # When a passkey or recovery code from before was used.
    opened_at = models.DateTimeField(null=True)

    objects: ClassVar[Guarded[SignInChangeRows]] = guarded(SignInChangeRows)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "id"]

    @property
    def sealed_until(self) -> datetime | None:
        """Until when it keeps closed what was shared with nobody; None when it does not, or no longer."""
        until = self.at + SEALED_FOR
        return until if self.seals and self.opened_at is None and until > timezone.now() else None
