"""Every change of who signs in."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.db import transaction

from secondstory.access.tokens import hash_of, new_code
from secondstory.people.models import Person, SetupCode


def fresh_setup_code() -> str | None:
    """Make the one-time code for the first person; None once there is anybody. An earlier code ends."""
    with transaction.atomic():
        if Person.objects.get_queryset().exists():
            return None
        SetupCode.objects.for_system("an earlier code ends").delete()
        code = new_code()
        SetupCode(code_hash=hash_of(code)).save(force_insert=True)
    return code


def add_person(*, email: str, name: str, password: str | None, is_administrator: bool = False) -> Person:
    """Add a member of the organisation."""
    with transaction.atomic():
        return Person.objects.create_user(email, password, name=name, is_administrator=is_administrator)


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
