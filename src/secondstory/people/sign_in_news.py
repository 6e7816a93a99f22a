"""News of changed sign-ins, as the sign-in library tells it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as second_step
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as providers
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from django.http import HttpRequest
from django.utils import timezone

from secondstory.people.models import Person, SignInChange, unshared_sealed
from secondstory.people.rules import may_be_somebody_elses
from secondstory.people.sign_in_changes import look_at_stamp, note_change, open_again, stamp

What = SignInChange.What
ADDED = {Authenticator.Type.WEBAUTHN: What.PASSKEY_ADDED, Authenticator.Type.TOTP: What.APP_ADDED}
REMOVED = {Authenticator.Type.WEBAUTHN: What.PASSKEY_REMOVED, Authenticator.Type.TOTP: What.APP_REMOVED}
# The proofs that open what a change closed. An app's code is none: its secret was shown on a screen once.
OPENING = {Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES}


def listen() -> None:
    """Called from `AppConfig.ready()`."""
    account.password_reset.connect(_password_reset)
    account.password_changed.connect(_password_changed)
    account.password_set.connect(_password_changed)
    account.email_changed.connect(_address_changed)
    second_step.authenticator_added.connect(_authenticator_added)
    second_step.authenticator_removed.connect(_authenticator_removed)
    second_step.authenticator_reset.connect(_codes_made)
    second_step.authenticator_used.connect(_authenticator_used)
    providers.social_account_added.connect(_provider_added)
    providers.social_account_removed.connect(_provider_removed)
    user_logged_in.connect(_signed_in)
    pre_save.connect(_before_person, sender=Person)
    for sender in (Authenticator, SocialAccount):
        pre_save.connect(_before, sender=sender)
        pre_delete.connect(_before, sender=sender)
        post_save.connect(_stamp_anew, sender=sender)
        post_delete.connect(_stamp_anew, sender=sender)


def _password_reset(user: Person, **_: Any) -> None:
    # Whoever reads the mailbox, or runs the mail server, can do this.
    note_change(user, What.PASSWORD_RESET, by=None, seals=True)


def _password_changed(request: HttpRequest, user: Person, **_: Any) -> None:
    _note(request, user, What.PASSWORD_CHANGED)


def _address_changed(request: HttpRequest, user: Person, **_: Any) -> None:
    _note(request, user, What.ADDRESS_CHANGED)


def _authenticator_added(request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any) -> None:
    # The first recovery codes come with a passkey or an app and are told with it.
    if what := ADDED.get(authenticator.type):
        _note(request, user, what, new=authenticator)


def _authenticator_removed(request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any) -> None:
    if what := REMOVED.get(authenticator.type):
        _note(request, user, what, gone=authenticator)


def _codes_made(request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any) -> None:
    _note(request, user, What.CODES_MADE, new=authenticator)


def _authenticator_used(user: Person, authenticator: Authenticator, **_: Any) -> None:
    look_at_stamp(user.pk)
    if authenticator.type in OPENING:
        open_again(user, authenticator.created_at)


def _provider_added(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    _note(request, sociallogin.user, What.PROVIDER_ADDED)


def _provider_removed(request: HttpRequest, socialaccount: SocialAccount, **_: Any) -> None:
    _note(request, socialaccount.user, What.PROVIDER_REMOVED)


def _signed_in(user: Person, **_: Any) -> None:
    look_at_stamp(user.pk)


def _before_person(instance: Person, update_fields: frozenset[str] | None, **_: Any) -> None:
    if update_fields is None or "sign_in_stamp" in update_fields:
        look_at_stamp(instance.pk)


def _before(instance: Any, **_: Any) -> None:
    look_at_stamp(instance.user_id)


def _stamp_anew(instance: Any, **_: Any) -> None:
    stamp(instance.user_id)


def _note(request: HttpRequest, user: Person, what: str, *, new: Any = None, gone: Any = None) -> None:
    person = Person.objects.get_queryset().get(pk=user.pk)
    records = get_authentication_records(request, user)
    began = datetime.fromtimestamp(min((row["at"] for row in records), default=timezone.now().timestamp()), UTC)
    signed_in = request.user.is_authenticated and request.user.pk == user.pk
    earlier = Authenticator.objects.filter(user_id=user.pk, created_at__lt=began).exclude(pk=new.pk if new else None)
    seals = may_be_somebody_elses(
        signed_in=signed_in,
        sealed=unshared_sealed(person),
        had_proof=earlier.exists() or (gone is not None and gone.created_at < began),
        gave_proof=any(row["method"] == "mfa" for row in records),
    )
    note_change(user, what, by=person if signed_in and not seals else None, seals=seals)
