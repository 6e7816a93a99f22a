"""Guests: one address, one review, one browser, for the days given."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from secondstory.access.tokens import hash_of, new_code, new_token
from secondstory.notify.changes import write_letter
from secondstory.people.models import Person, SignInChange
from secondstory.people.sign_in_changes import note_change
from secondstory.reviews.guest_stamps import LINK
from secondstory.reviews.history import What
from secondstory.reviews.models import GuestLink, Participation, Review
from secondstory.reviews.people_changes import LONGEST_LABEL
from secondstory.reviews.record_changes import decided_by, note
from secondstory.reviews.rules import MOST_GUEST_DAYS, Refused
from secondstory.reviews.signals import person_left

CODE_LASTS = timedelta(minutes=15)
CODE_REST = timedelta(seconds=60)
MOST_TRIES = 5


class Void(Exception):
    """A link that is unknown, used, revoked or past its days: all the same to whoever holds it."""


def invite_guest(review: Review, *, by: Any, email: str, role_label: str, days: int) -> GuestLink:
    """Makes the link and sends it; nobody but its letter ever carries it."""
    address, label = email.strip().lower(), " ".join(role_label.split())
    if not label or len(label) > LONGEST_LABEL or not 1 <= days <= MOST_GUEST_DAYS:
        raise Refused(_("A guest needs a role label and a number of days up to %(most)s.") % {"most": MOST_GUEST_DAYS})
    with transaction.atomic():
        found = decided_by(by, review.pk)
        if Person.objects.filter(email=address, is_guest=False).exists():
            raise Refused(_("This address belongs to a member. Add them as a person."))
        token = new_token()
        link = GuestLink(review=found, email=address, role_label=label, token_hash=hash_of(token), invited_by=by)
        link.expires_at = timezone.now() + timedelta(days=days)
        link.save(force_insert=True)
        _send_link(link, token)
        note(found, What.GUEST_INVITED, by=by, detail=label)
    return link


def revoke_guest(link: GuestLink, *, by: Any) -> None:
    """Ends a guest's access at once, or voids a link that nobody used."""
    with transaction.atomic():
        review = decided_by(by, link.review_id)
        found = GuestLink.objects.for_system("the link to revoke").select_for_update().get(pk=link.pk)
        if found.revoked_at is not None:
            return
        found.revoked_at = timezone.now()
        found.save()
        _end_part(found)
        note(review, What.GUEST_REVOKED, by=by, detail=found.role_label)


def find_link(token: str) -> GuestLink:
    """The link that can still be entered, or Void."""
    links = GuestLink.objects.for_system("whoever holds the token is let in by it").select_related("guest")
    found: GuestLink | None = links.filter(token_hash=hash_of(token), review__deleted_at=None).first()
    if found is None or not LINK.fits(found) or found.revoked_at or found.expires_at <= timezone.now():
        raise Void
    return found


def send_code(token: str) -> str:
    """Sends eight digits to the link's own address and answers with the link's id; not twice within a minute."""
    with transaction.atomic():
        link = _enterable(token)
        now = timezone.now()
        if link.code_sent_at is None or link.code_sent_at <= now - CODE_REST:
            code = new_code()
            link.code_hash, link.code_sent_at, link.code_tries = hash_of(code), now, 0
            link.save()
            _send_code(link, code)
    return link.pk


def enter(token: str, code: str) -> Person:
    """The guest behind the link, once the code is right. A wrong one is counted before it is answered."""
    with transaction.atomic():
        link = _enterable(token)
        if _too_late(link):
            refusal = _("This code is used up or too old. Ask for a new one.")
        elif not constant_time_compare(link.code_hash, hash_of(code)):
            link.code_tries += 1
            link.save()
            refusal = _("That is not the code from the letter. Look at the newest one.")
        else:
            return _let_in(link)
    raise Refused(refusal)


def _enterable(token: str) -> GuestLink:
    found = find_link(token)
    locked: GuestLink = GuestLink.objects.for_system("the link being entered").select_for_update().get(pk=found.pk)
    if locked.entered_at is not None:
        raise Void
    return locked


def _too_late(link: GuestLink) -> bool:
    sent = link.code_sent_at
    return sent is None or not link.code_hash or link.code_tries >= MOST_TRIES or sent < timezone.now() - CODE_LASTS


def _let_in(link: GuestLink) -> Person:
    guest = Person.objects.filter(email=link.email, is_guest=True).first()
    if guest:
        note_change(guest, SignInChange.What.GUEST_LINK, by=link.invited_by, seals=False)
    guest = guest or Person.objects.create_user(link.email, name=link.role_label, is_guest=True)
    if not guest.is_active or guest.email != link.email:
        raise Void
    link.guest, link.entered_at, link.code_hash = guest, timezone.now(), ""
    link.save()
    _end_part(link)
    Participation(
        review_id=link.review_id,
        person=guest,
        role_label=link.role_label,
        until=link.expires_at,
        involved=False,
    ).save()
    review = Review.objects.for_system("the review a guest enters").get(pk=link.review_id)
    note(review, What.GUEST_ENTERED, by=None, detail=link.role_label)
    return guest


def _end_part(link: GuestLink) -> None:
    if link.guest_id is None:
        return
    parts = Participation.objects.for_system("the guest's part").filter(review_id=link.review_id, left_at=None)
    if parts.filter(person_id=link.guest_id).update(left_at=timezone.now()):
        person_left.send(sender=Participation, review_id=link.review_id, person_id=link.guest_id)


def _send_link(link: GuestLink, token: str) -> None:
    address = settings.ORIGIN + reverse("guest", args=[token])
    until = _("The link works until %(time)s.") % {"time": f"{link.expires_at:%Y-%m-%d %H:%M} UTC"}
    words = "\n\n".join([_("A review needs you. You are invited as a guest."), until, address])
    write_letter(once=f"guest:{link.pk}:link", address=link.email, subject=_("A review needs you"), words=words)


def _send_code(link: GuestLink, code: str) -> None:
    words = _("Type this code where you asked for it: %(code)s\n\nIt works for 15 minutes.") % {"code": code}
    once = f"guest:{link.pk}:code:{link.code_sent_at:%Y%m%d%H%M%S%f}"
    write_letter(once=once, address=link.email, subject=_("Your code"), words=words)
