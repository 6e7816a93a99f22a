"""Who takes part in a review, as what. Every change is told to all who take part."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from secondstory.people.models import is_member
from secondstory.reviews.history import What
from secondstory.reviews.models import Participation, Review
from secondstory.reviews.record_changes import decided_by, note, send_word, taken_part_in
from secondstory.reviews.rules import Refused
from secondstory.reviews.signals import person_left

Duty = Participation.Duty
LONGEST_LABEL = 60


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody who is to take part, and as what."""

    person: Any
    role_label: str = ""
    duty: str = Duty.PARTICIPANT
    involved: bool = True


def first_people(review: Review, by: Any, people: list[Joining]) -> None:
    """Those a review begins with: its creator, and whom the creator brings. Within the creator's transaction."""
    asked = any(each.duty == Duty.FACILITATOR and each.person.pk != by.pk for each in people)
    own = next((each for each in people if each.person.pk == by.pk), Joining(by, involved=False))
    duty = Duty.FACILITATOR if not asked else Duty.PARTICIPANT if own.duty == Duty.FACILITATOR else Duty(own.duty)
    Participation(
        review=review,
        person=by,
        duty=duty,
        role_label=_label(own.role_label),
        involved=own.involved,
        accepted_at=timezone.now() if duty == Duty.FACILITATOR else None,
    ).save()
    for each in people:
        if each.person.pk != by.pk:
            _join(review, by, each)


def add_people(review: Review, *, by: Any, people: Iterable[Joining]) -> None:
    """Adds members of the organisation; one added as facilitator is asked first."""
    with transaction.atomic():
        found = decided_by(by, review.pk)
        for each in people:
            _join(found, by, each)


def change_part(part: Participation, *, by: Any, role_label: str, duty: str, involved: bool) -> None:
    """Changes what somebody takes part as."""
    with transaction.atomic():
        review = decided_by(by, part.review_id)
        found = _running(review, part.pk)
        if found.person.is_guest and duty == Duty.FACILITATOR:
            raise Refused(_("A guest cannot facilitate."))
        was = Duty(found.duty)
        found.role_label, found.duty, found.involved = _label(role_label), _duty(duty), involved
        if was == Duty.FACILITATOR != found.duty:
            _somebody_still_decides(review, found)
            found.accepted_at = None
        elif found.duty == Duty.FACILITATOR != was and found.person_id == by.pk:
            found.accepted_at = timezone.now()
        found.save()
        if found.duty == Duty.FACILITATOR != was and found.accepted_at is None:
            _ask(review, by, found)
        else:
            note(review, What.CHANGED, by=by, about=found.person, detail=described(found))


def remove_person(part: Participation, *, by: Any) -> None:
    """Ends somebody's part at once."""
    with transaction.atomic():
        review = decided_by(by, part.review_id)
        found = _running(review, part.pk)
        _somebody_still_decides(review, found)
        _end(found)
        note(review, What.REMOVED, by=by, about=found.person)


def leave(review: Review, *, by: Any) -> None:
    """Ends one's own part."""
    with transaction.atomic():
        found = taken_part_in(by, review.pk)
        own = _own(found, by)
        _somebody_still_decides(found, own)
        _end(own)
        note(found, What.LEFT, by=by)


def accept_to_facilitate(review: Review, *, by: Any) -> None:
    """The asked person's yes."""
    with transaction.atomic():
        found = taken_part_in(by, review.pk)
        own = _asked(found, by)
        own.accepted_at = timezone.now()
        own.save()
        note(found, What.ACCEPTED, by=by)


def decline_to_facilitate(review: Review, *, by: Any, stay: bool) -> None:
    """The asked person's no; they stay as a participant or leave."""
    with transaction.atomic():
        found = taken_part_in(by, review.pk)
        own = _asked(found, by)
        own.duty = Duty.PARTICIPANT
        own.save()
        if not stay:
            _end(own)
        note(found, What.DECLINED, by=by)


def described(part: Participation) -> str:
    """What a person takes part as, in words."""
    words = [part.role_label, str(Duty(part.duty).label) if part.duty != Duty.PARTICIPANT else ""]
    return ", ".join(filter(None, words)) or str(Duty.PARTICIPANT.label)


def _join(review: Review, by: Any, joining: Joining) -> None:
    if not is_member(joining.person):
        raise Refused(_("Only members of the organisation can be added; others come as guests by a link."))
    parts = Participation.objects.for_system("whether they take part already").filter(review=review, left_at=None)
    if parts.filter(person=joining.person).exists():
        raise Refused(_("%(name)s takes part already.") % {"name": joining.person.name})
    part = Participation(
        review=review,
        person=joining.person,
        role_label=_label(joining.role_label),
        duty=_duty(joining.duty),
        involved=joining.involved,
    )
    part.save(force_insert=True)
    if part.duty == Duty.FACILITATOR:
        _ask(review, by, part)
    else:
        note(review, What.JOINED, by=by, about=part.person, detail=described(part))
        send_word(review, part.person, once=f"joined:{part.pk}")


def _ask(review: Review, by: Any, part: Participation) -> None:
    note(review, What.ASKED, by=by, about=part.person)
    send_word(review, part.person, once=f"asked:{part.pk}:{timezone.now().isoformat()}")


def _running(review: Review, part_id: str) -> Participation:
    parts = Participation.objects.for_system("the part to change").active().select_related("person")
    found = parts.filter(review=review, pk=part_id).first()
    if found is None:
        raise Http404
    return found


def _own(review: Review, by: Any) -> Participation:
    return Participation.objects.for_system("one's own part").of(by).get(review=review)


def _asked(review: Review, by: Any) -> Participation:
    own = _own(review, by)
    if own.duty != Duty.FACILITATOR or own.accepted_at is not None:
        raise Refused(_("This question is answered already."))
    return own


def _somebody_still_decides(review: Review, part: Participation) -> None:
    others = Participation.objects.for_system("who else decides").active().filter(review=review).exclude(pk=part.pk)
    if not (others.facilitating().exists() or others.filter(person_id=review.created_by_id).exists()):
        raise Refused(
            _("A review needs somebody who facilitates it. Ask another person first; once they accept, go on.")
        )


def _end(part: Participation) -> None:
    part.left_at = timezone.now()
    part.save()
    person_left.send(sender=Participation, review_id=part.review_id, person_id=part.person_id)


def _duty(duty: str) -> Duty:
    if duty not in Duty.values:
        raise Refused(_("There is no such duty."))
    return Duty(duty)


def _label(role_label: str) -> str:
    label = " ".join(role_label.split())
    if len(label) > LONGEST_LABEL:
        raise Refused(_("A role label has at most %(most)s letters.") % {"most": LONGEST_LABEL})
    return label
