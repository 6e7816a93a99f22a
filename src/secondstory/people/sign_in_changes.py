"""What is noted when the way somebody signs in changes, and what it closes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from secondstory.notify.changes import write_letter
from secondstory.people.closing import note_closed, note_opened
from secondstory.people.letters import IF_NOT_YOU
from secondstory.people.models import Person, SignInChange, unshared_sealed
from secondstory.people.rules import SEALED_FOR, Taken
from secondstory.people.stamps import SIGN_IN

What = SignInChange.What


def note_change(person: Person, what: str, *, by: Person | None, seals: bool) -> SignInChange:
    """Into the person's own log; when it may be the work of another, what they shared with nobody closes."""
    with transaction.atomic():
        change = SignInChange(person=person, what=What(what), by=by, seals=seals)
        change.save(force_insert=True)
        if seals:
            _close_until(person, change.at + SEALED_FOR)
    return change


def stamp(person_id: str) -> None:
    """Stamps how the person signs in now."""
    if row := Person.objects.get_queryset().filter(pk=person_id).first():
        Person.objects.get_queryset().filter(pk=person_id).update(sign_in_stamp=SIGN_IN.of(row))


def _close_until(person: Person, until: datetime | None) -> None:
    person.sealed_until = until
    Person.objects.get_queryset().filter(pk=person.pk).update(sealed_until=until)
    if until:
        note_closed(person.pk, until)
    else:
        note_opened(person.pk)


def open_again(person: Person, known_since: datetime) -> None:
    """A passkey or recovery code was used that is older than what changed: it was the person after all."""
    with transaction.atomic():
        closing = SignInChange.objects.for_system("what this proof opens").in_force(person)
        closing.openable().filter(at__gt=known_since).update(opened_at=timezone.now())
        newest = SignInChange.objects.for_system("what stays closed").in_force(person).first()
        if unshared_sealed(person):
            _close_until(person, newest.at + SEALED_FOR if newest else None)


def look_at_stamp(person_id: str) -> None:
    """At sign-in, and before anything is stamped anew: what was changed by hand closes what was shared with nobody."""
    person = Person.objects.get_queryset().filter(pk=person_id).first()
    if person is None or SIGN_IN.fits(person):
        return
    with transaction.atomic():
        change = note_change(person, What.BY_HAND, by=None, seals=True)
        stamp(person_id)
        _tell(change, _addresses(person))


def give_password(person: Person, password: str, *, by: Person | None) -> None:
    """Somebody else chooses a password for a person who cannot get in."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        change = note_change(person, What.PASSWORD_GIVEN, by=by, seals=True)
        _tell(change, _addresses(person))


def change_address(person: Person, email: str, *, by: Person | None) -> None:
    """Somebody else changes where a person's letters go; the old address hears of it."""
    email = email.lower()
    with transaction.atomic():
        if Person.objects.get_queryset().filter(email=email).exclude(pk=person.pk).exists():
            raise Taken
        before = _addresses(person)
        EmailAddress.objects.filter(user=person).delete()
        EmailAddress(user=person, email=email, verified=True, primary=True).save()
        person.email = email
        person.save(update_fields=["email"])
        change = note_change(person, What.ADDRESS_CHANGED, by=by, seals=True)
        _tell(change, before)


def _addresses(person: Person) -> list[str]:
    known = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    return sorted({person.email, *known})


def _tell(change: SignInChange, addresses: list[str]) -> None:
    until: Any = change.sealed_until
    words = _(
        "How you sign in to Second Story was changed, and not by you. What you have shared with nobody stays closed"
        " in your account until %(until)s (UTC), or until you use a passkey or a recovery code you had before."
    ) % {"until": f"{until:%Y-%m-%d %H:%M}"}
    for address in addresses:
        write_letter(
            once=f"sign-in:{change.pk}:{address}"[:160],
            address=address,
            subject=_("Your way in to Second Story was changed"),
            words=f"{words}\n\n{IF_NOT_YOU}\n",
        )
