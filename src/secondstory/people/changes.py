"""Every change of who signs in, and how."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from secondstory.access.tokens import hash_of, new_code, new_token
from secondstory.notify.changes import write_letter
from secondstory.people.models import ApiToken, Invitation, Person, RoleLabel, SetupCode, SignInChange, Team, is_member
from secondstory.people.rules import INVITATION_LASTS, Taken
from secondstory.people.sign_in_changes import note_change

# Whoever uses the command before anybody signs in; the first person takes its place and all it brought in.
OPERATOR = "operator@localhost"


class WrongCode(Exception):
    """The one-time code is not the one printed, or somebody was first."""


def fresh_setup_code() -> str | None:
    """Make the one-time code for the first person; None once there is anybody. An earlier code ends."""
    with transaction.atomic():
        if somebody_signs_in():
            return None
        SetupCode.objects.for_system("an earlier code ends").delete()
        code = new_code()
        SetupCode(code_hash=hash_of(code)).save(force_insert=True)
    return code


def become_first_person(*, code: str, name: str, email: str, password: str) -> Person:
    """Make the first person, who also administers; only once, and only with the printed code."""
    with transaction.atomic():
        codes = SetupCode.objects.for_system("checking the printed code").select_for_update()
        if somebody_signs_in() or not codes.filter(code_hash=hash_of(code)).exists():
            raise WrongCode
        codes.all().delete()
        person = Person.objects.get_queryset().filter(email=OPERATOR).first() or Person()
        person.email, person.name, person.is_administrator = email.lower(), name, True
        person.set_password(password)
        person.save()
        return person


def somebody_signs_in() -> bool:
    """Whether the installation has its first person."""
    return Person.objects.get_queryset().exclude(email=OPERATOR).exists()


def operator() -> Person:
    """The command line's own person, as long as there is nobody else. It cannot sign in."""
    with transaction.atomic():
        known = Person.objects.get_queryset().filter(email=OPERATOR).first()
        return known or Person.objects.create_user(OPERATOR, None, name=_("Operator"), is_administrator=True)


def add_person(*, email: str, name: str, password: str | None, is_administrator: bool = False) -> Person:
    """Add a member of the organisation."""
    with transaction.atomic():
        if Person.objects.get_queryset().filter(email=email.lower()).exists():
            raise Taken
        return Person.objects.create_user(email, password, name=name, is_administrator=is_administrator)


def invite(*, by: Person, email: str, as_administrator: bool = False) -> None:
    """Ask an address into the organisation. An earlier open invitation of the same address ends."""
    _refuse_unless_administrator(by)
    token = new_token()
    with transaction.atomic():
        if Person.objects.get_queryset().filter(email=email, is_guest=False).exists():
            raise Taken
        open_ones = Invitation.objects.visible_to(by).open().filter(email=email)
        open_ones.update(revoked_at=timezone.now())
        invitation = Invitation(
            email=email, token_hash=hash_of(token), invited_by=by, as_administrator=as_administrator
        )
        invitation.expires_at = timezone.now() + INVITATION_LASTS
        invitation.save(force_insert=True)
        _write_invitation(invitation, token)


def _write_invitation(invitation: Invitation, token: str) -> None:
    address = settings.ORIGIN + reverse("invitation", args=[token])
    write_letter(
        once=f"invitation:{invitation.pk}",
        address=invitation.email,
        subject=_("You are invited to Second Story"),
        words=_("You are asked to take part in reviews. This link works once, until %(until)s (UTC):\n\n%(address)s\n")
        % {"until": f"{invitation.expires_at:%Y-%m-%d %H:%M}", "address": address},
    )


def open_invitation(token: str) -> Invitation | None:
    """The invitation a link belongs to, while it can still be used."""
    return Invitation.objects.for_system("whoever holds the link").open().filter(token_hash=hash_of(token)).first()


def accept_invitation(*, token: str, name: str, password: str) -> Person:
    """Make a member of whoever holds the link; a guest of the same address becomes one."""
    with transaction.atomic():
        invitation = open_invitation(token)
        if invitation is None:
            raise Http404
        claimed = Invitation.objects.for_system("used once").filter(pk=invitation.pk, accepted_at=None)
        if not claimed.update(accepted_at=timezone.now()):
            raise Http404
        return _member_of(invitation, name, password)


def _member_of(invitation: Invitation, name: str, password: str) -> Person:
    person = Person.objects.get_queryset().filter(email=invitation.email).first()
    if person is None:
        return Person.objects.create_user(
            invitation.email, password, name=name, is_administrator=invitation.as_administrator
        )
    if not person.is_guest:
        raise Http404
    person.name, person.is_guest, person.is_administrator = name, False, invitation.as_administrator
    person.set_password(password)
    person.save()
    # Whoever held the letter has the account now, with all the guest wrote.
    note_change(person, SignInChange.What.INVITED, by=invitation.invited_by, seals=True)
    return person


def revoke_invitation(*, by: Person, invitation_id: str) -> None:
    """End an invitation before it is used."""
    with transaction.atomic():
        ended = Invitation.objects.visible_to(by).open().filter(pk=invitation_id).update(revoked_at=timezone.now())
    if not ended:
        raise Http404


def change_profile(person: Person, **fields: Any) -> None:
    """Store what a person says about themselves."""
    with transaction.atomic():
        Person.objects.get_queryset().filter(pk=person.pk).update(**fields)


def make_administrator(person: Person, *, yes: bool) -> None:
    """Let a person look after the installation, or no longer."""
    with transaction.atomic():
        Person.objects.get_queryset().filter(pk=person.pk).update(is_administrator=yes)


def set_active(person: Person, *, active: bool) -> None:
    """Let a person sign in, or end it everywhere at once."""
    with transaction.atomic():
        Person.objects.get_queryset().filter(pk=person.pk).update(is_active=active)
        if not active:
            _end_sessions(person)


def _end_sessions(person: Person) -> None:
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()


def make_token(*, owner: Person, name: str, scopes: list[str], days: int) -> str:
    """Make a key for the API and answer with it, this once."""
    if not is_member(owner):
        raise Http404
    token = new_token()
    with transaction.atomic():
        row = ApiToken(owner=owner, name=name, scopes=scopes, token_hash=hash_of(token))
        row.expires_at = timezone.now() + timedelta(days=days)
        row.save(force_insert=True)
    return token


def revoke_token(*, by: Person, token_id: str) -> None:
    """End a key at once."""
    with transaction.atomic():
        ended = ApiToken.objects.visible_to(by).filter(pk=token_id, revoked_at=None).update(revoked_at=timezone.now())
    if not ended:
        raise Http404


def add_role_label(*, by: Person, name: str) -> None:
    """Offer one more label."""
    _refuse_unless_administrator(by)
    with transaction.atomic():
        if RoleLabel.objects.visible_to(by).filter(name__iexact=name).exists():
            raise Taken
        RoleLabel(name=name, position=RoleLabel.objects.visible_to(by).count()).save(force_insert=True)


def remove_role_label(*, by: Person, label_id: int) -> None:
    """Offer a label no longer; reviews that use it keep it."""
    _refuse_unless_administrator(by)
    with transaction.atomic():
        RoleLabel.objects.visible_to(by).filter(pk=label_id).delete()


def save_team(*, by: Person, name: str, members: Any, team: Team | None = None) -> Team:
    """Make a team or change it."""
    _refuse_unless_administrator(by)
    with transaction.atomic():
        others = Team.objects.visible_to(by).exclude(pk=team.pk if team else None)
        if others.filter(name__iexact=name).exists():
            raise Taken
        team = team or Team()
        team.name = name
        team.save()
        team.members.set(members)
    return team


def remove_team(*, by: Person, team_id: int) -> None:
    """Remove a team; its members stay."""
    _refuse_unless_administrator(by)
    with transaction.atomic():
        Team.objects.visible_to(by).filter(pk=team_id).delete()


def _refuse_unless_administrator(by: Person) -> None:
    if not (is_member(by) and by.is_administrator):
        raise PermissionDenied
