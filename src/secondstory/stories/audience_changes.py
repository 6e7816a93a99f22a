"""Who holds a part: its author's choice alone, at once, and for the people the choice held when it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from secondstory.reviews.rules import Refused
from secondstory.sealing.keys import KeyMissing
from secondstory.sealing.ledger import Entry, record
from secondstory.stories.changes import lock_own, tell_people
from secondstory.stories.holding import counting_of, grants_of, lock, role_of, takes_part_now, within
from secondstory.stories.models import Grant, Interview, InterviewRows, Otherwise, Part, Perspective
from secondstory.stories.quote_changes import follow
from secondstory.stories.rules import is_wider

NARROWED = "stories.narrowed"
LEFT = "stories.left"


@dataclass(frozen=True, slots=True)
class Choice:
    """How far a part shall reach, and how it may be quoted."""

    audience: str
    quote_as: str = Part.QuoteAs.LABEL
    public: bool = False
    guests: tuple[str, ...] = ()


def choose_audience(part_id: str, *, by: Any, choice: Choice) -> Part:
    """Widens or narrows a part; its author's alone. A list made before stays for those who keep their role."""
    _check(choice)
    with transaction.atomic():
        part = lock_own(part_id, by)
        was = (part.audience, part.quote_as, part.quote_public)
        before, now = counting_of(part), timezone.now()
        holders = within(part, choice.audience, takes_part_now(part.review_id), choice.guests)
        roles = {person_id: role_of(holder, choice.audience) for person_id, holder in holders.items()}
        _rebind(part, lambda: _choose(part, choice, roles, now))
        lost = set(before) - set(roles)
        if lost or _narrower(part, was):
            _tell_lower(part, now, roles)
        tell_people(part, set(before) | set(roles))
    return part


def renew(part_id: str, *, by: Any) -> Part:
    """The same choice for the people it holds today: whoever joined later is in it from now on."""
    with transaction.atomic():
        part = lock_own(part_id, by)
        guests = tuple(grant.person_id for grant in counting_of(part).values() if grant.role == Grant.Role.GUEST)
        choice = Choice(part.audience, part.quote_as, part.quote_public, guests)
        return choose_audience(part_id, by=by, choice=choice)


def keep_alone(story_id: str, *, by: Any) -> None:
    """Shares nothing of a story any more; also for an author who left the review."""
    with transaction.atomic():
        parts = Part.objects.visible_to(by).own_of(by).filter(story=story_id).exclude(audience=Part.Audience.ME)
        for part_id in sorted(parts.values_list("pk", flat=True)):
            choose_audience(part_id, by=by, choice=Choice(Part.Audience.ME))


def end_grants(review_id: str, person_id: str) -> None:
    """Somebody left the review: what they held ends, and the log says when. Within the caller's transaction."""
    rows = Grant.objects.for_system("their holder left the review").standing()
    held = rows.filter(part__review_id=review_id, person_id=person_id).order_by("part_id")
    for part_id in held.values_list("part_id", flat=True):
        part = lock(part_id)
        _rebind(part, partial(_end, part, {person_id}, timezone.now()), strict=False)
        tell_people(part, {person_id})


def narrow_again(entry: Entry) -> None:
    """After a restore: what its author had narrowed is narrowed once more, never widened."""
    with transaction.atomic():
        for part_id in (
            Part.objects.for_system("narrowed before the restore").filter(pk__in=entry.ids).values_list("pk")
        ):
            part = lock(part_id[0])
            if part.audience_at is None or part.audience_at < entry.at:
                _rebind(part, partial(_narrow_to, part, entry), strict=False)
                follow(part)


def _narrow_to(part: Part, entry: Entry) -> None:
    what = entry.what
    _end(part, {grant.person_id for grant in grants_of(part)} - set(what["persons"]), entry.at)
    part.audience = part.audience if is_wider(what["audience"], part.audience) else what["audience"]
    part.quote_as = what["quote_as"]
    part.quote_public = part.quote_public and what["public"] == "yes"
    part.audience_at = entry.at
    part.save()


def _check(choice: Choice) -> None:
    if choice.audience not in Part.Audience.values or choice.quote_as not in Part.QuoteAs.values:
        raise Refused(_("There is no such audience."))


def _choose(part: Part, choice: Choice, roles: dict[str, str], now: datetime) -> None:
    kept = {id_: grant for id_, grant in counting_of(part).items() if roles.get(id_) == grant.role}
    _end(part, {grant.person_id for grant in grants_of(part)} - set(kept), now)
    for person_id in sorted(set(roles) - set(kept)):
        Grant(part=part, person_id=person_id, role=roles[person_id], at=now).save()
    quotable = choice.audience == Part.Audience.QUOTABLE
    part.audience, part.quote_as, part.audience_at = choice.audience, choice.quote_as, now
    part.quote_public = choice.public and quotable
    part.save()


def _end(part: Part, people: Iterable[str], at: datetime) -> None:
    rows = Grant.objects.for_system("grants that end").standing()
    rows.filter(part=part, person_id__in=list(people)).update(until=at)


def _rebind(part: Part, change: Callable[[], None], *, strict: bool = True) -> None:
    """Opens all that is bound to the part, lets `change` happen, and seals it to what binds it then.

    What does not open (somebody changed a row by hand) stays as it is and stays shut; `strict` refuses the change.
    """
    bound = _bound(part)
    before = grants_of(part)
    words = [_opened(row, place(before), strict=strict) for row, place in bound]
    change()
    after = grants_of(part)
    for (row, place), opened in zip(bound, words, strict=True):
        if opened is not None:
            row.bind(opened, place(after))
            row.save()


def _bound(part: Part) -> list[tuple[Any, Callable[[list[Grant]], str]]]:
    everything: list[tuple[Any, Any]] = [(part.text, part.place)]
    for beside in Perspective.objects.for_system("passages bound to the part").filter(part=part):
        beside.part = part
        everything.append((beside, beside.place))
    later = Otherwise.objects.for_system("words bound to the part").filter(perspective__part=part)
    for found in later.select_related("perspective"):
        found.perspective.part = part
        everything.append((found, found.place))
    return everything


def _opened(row: Any, place: str, *, strict: bool) -> str | None:
    if not row.stored:
        return None
    try:
        return str(row.read_at(place))
    except KeyMissing:
        if strict:
            raise Refused(_("These words cannot be opened: somebody changed them or their audience by hand.")) from None
        return None


def _narrower(part: Part, was: tuple[str, str, bool]) -> bool:
    audience, quote_as, public = was
    return is_wider(audience, part.audience) or (public and not part.quote_public) or quote_as != part.quote_as


def _tell_lower(part: Part, at: datetime, people: Iterable[str]) -> None:
    follow(part)
    public = "yes" if part.quote_public else "no"
    what: dict[str, Any] = {"audience": part.audience, "quote_as": part.quote_as, "public": public}
    record(NARROWED, [part.pk], at, persons=sorted(people), **what)


def note_left(review_id: str, person_id: str) -> None:
    """Somebody left: what they held ends, for good. Within the caller's transaction."""
    standing = Grant.objects.for_system("whether somebody who left held anything").standing()
    held = standing.filter(part__review_id=review_id, person_id=person_id).exists()
    end_grants(review_id, person_id)
    now = timezone.now()
    if _talks_of([review_id], person_id).update(ended_at=now) or held:
        record(LEFT, [review_id], now, person=person_id)


def end_again(entry: Entry) -> None:
    """After a restore: who had left holds nothing of what they held then; what they were given since is another matter."""
    with transaction.atomic():
        rows = Grant.objects.for_system("their holder had left before the restore").standing()
        held = rows.filter(part__review_id__in=entry.ids, person_id=entry.what["person"], at__lte=entry.at)
        for grant in held.select_related("part__text"):
            _rebind(grant.part, partial(_end, grant.part, {grant.person_id}, entry.at), strict=False)
        _talks_of(entry.ids, entry.what["person"]).filter(created_at__lte=entry.at).update(ended_at=entry.at)


def _talks_of(reviews: Iterable[str], person_id: str) -> InterviewRows:
    rows = Interview.objects.for_system("notes whose writer left").filter(ended_at=None)
    return rows.filter(review__in=list(reviews), interviewer_id=person_id)
