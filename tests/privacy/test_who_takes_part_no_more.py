"""What is told after somebody's part, a review, or a way in came to its end."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from copy import copy
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from tests.cast import HAPPENED, make_person
from tests.clients import client_of
from tests.privacy import rows
from tests.privacy.extent import in_turn
from tests.privacy.leak import none_of, walked
from tests.privacy.told import ROUTES, everything_told, rightly, wrongly
from tests.privacy.world import AUDIENCES, DRAFT, PUBLISHED, RAW, World

from secondstory.notify.models import Letter
from secondstory.people.models import Person, SignInChange, unshared_sealed
from secondstory.people.sign_in_changes import note_change, open_again
from secondstory.reviews.deletion_changes import ask_for_deletion
from secondstory.reviews.models import Audience, Participation, Review
from secondstory.sealing.seal import opened
from secondstory.stories.interview_changes import begin_interview
from secondstory.stories.invitation_changes import invite, nudge_due
from secondstory.stories.models import Invited
from secondstory.writing.publishing_changes import ask

pytestmark = pytest.mark.django_db
ENDS = ["left_at", "until"]
# What of a review stays with who told something there; a quote is read by whom it was published to.
OWN_STORY = {"Story", "Part", "Grant", "Perspective", "Contrast", "Otherwise", "Departure"}
KEPT = {"ana": OWN_STORY, "bo": set(), "cleo": {"Interview", "InterviewNote"}, "gil": set()}


@contextlib.contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _end(review_ids: list[str], people: list[Any], end: str) -> None:
    parts = rows.system(Participation).filter(review__in=review_ids, person__in=people)
    parts.update(**{end: timezone.now() - timedelta(seconds=1)})


@pytest.mark.parametrize("end", ENDS)
def test_who_takes_part_no_more_sees_what_they_told_and_nothing_else(world: World, end: str) -> None:
    wrong = []
    reviews = [world.hidden.pk, next(each.review.pk for each in world.told if each.history.name == "there")]
    for who, kept in KEPT.items():
        person = world.people()[who]
        with _taken_back():
            _end(reviews, [person], end)
            for model in (each for each in rows.tables() if each.__name__ not in kept | {"Quote"}):
                seen = model._default_manager.visible_to(person)
                here = [row for row in seen if getattr(row, "review_id", None) in reviews or row.pk in reviews]
                here += [row for row in seen if model.__name__ == "Passage" and row.action.review_id in reviews]
                wrong += [f"{who} sees {model.__name__} {row.pk} after {end}" for row in here]
                walked.tried(f"table {model.__name__}", f"{who}, no more", "all", AUDIENCES, 0)
    none_of(wrong)


@pytest.mark.parametrize("end", ENDS)
def test_no_letter_goes_to_who_takes_part_no_more(world: World, end: str) -> None:
    cast, review = world.cast, world.hidden
    _end([review.pk], [cast.cleo, cast.gil], end)
    before = list(rows.system(Letter).values_list("pk", flat=True))
    _write_every_letter(world, review)
    new = rows.system(Letter).exclude(pk__in=before)
    told = {opened(letter.sealed_address, f"letter:{letter.pk}:address") for letter in new}
    assert cast.ana.email in told
    none_of(f"a letter goes to {each.email} after {end}" for each in (cast.cleo, cast.gil) if each.email in told)


def _write_every_letter(world: World, review: Review) -> None:
    cast = world.cast
    people = [cast.ana, cast.cleo, cast.gil]
    for person in people:
        with contextlib.suppress(Http404):
            begin_interview(review, person.pk, by=cast.bo)
    invite(review, by=cast.bo, people=[person.pk for person in people])
    rows.system(Invited).filter(review=review).delete()
    for person in people:
        Invited(review=review, person=person, nudge_at=timezone.now()).save()
    nudge_due()
    ask(review, by=cast.bo, audience=Audience.ORGANISATION)
    ask_for_deletion(review, by=cast.bo)


@pytest.mark.parametrize("end", ENDS)
def test_a_list_of_who_takes_part_tells_of_nobody_who_does_no_more(world: World, end: str) -> None:
    """That they left is told by the history; what stands in their row, such as whether they were involved, no more."""
    cast, review = world.cast, world.hidden
    _end([review.pk], [cast.cleo, cast.gil], end)
    parts = rows.system(Participation).filter(review=review)
    gone = set(parts.filter(person__in=[cast.cleo, cast.gil]).values_list("pk", flat=True))
    wrong = []
    for address in (f"/reviews/{review.pk}/people", f"/api/reviews/{review.pk}/people"):
        told = everything_told(client_of(cast.bo, raise_request_exception=False).get(address))
        assert all(part.pk in told for part in parts.exclude(pk__in=gone))
        wrong += [f"{address} tells of {part} after {end}" for part in gone if part in told]
    none_of(wrong)


# What may become of a review that was published, and whether it can still be read.
AFTER_PUBLISHING: dict[str, tuple[dict[str, Any], bool]] = {
    "to be deleted": ({"deletion_due_at": timezone.now() + timedelta(days=7)}, True),
    "deleted": ({"deleted_at": HAPPENED, "deletion_due_at": HAPPENED}, False),
    "closed": ({"stage": Review.Stage.CLOSED, "closed_at": HAPPENED}, True),
}
LISTS = ("/", "/reviews", "/going", "/api/reviews", "/reviews/{}/", "/reviews/{}/read", "/api/reviews/{}")


@pytest.mark.parametrize("became", AFTER_PUBLISHING)
def test_a_published_review_is_told_as_it_was_published_until_it_is_deleted(world: World, became: str) -> None:
    changed, stands = AFTER_PUBLISHING[became]
    rows.system(Review).filter(pk=world.shown.pk).update(**changed)
    wrong, found = [], set()
    for who, person in world.people().items():
        client = client_of(person, raise_request_exception=False)
        for address in LISTS:
            told = everything_told(client.get(address.format(world.shown.pk), follow=True))
            wrong += [f"{address} told {who} {word} ({became})" for word in wrongly(told, who)]
            found |= {word for word in (PUBLISHED, DRAFT, RAW) if word in told}
            walked.tried(address, who, became, AUDIENCES, len(rightly(told, who)))
    none_of(wrong)
    none_of([] if stands else [f"somebody is told {word} of what is deleted" for word in found])
    assert not stands or PUBLISHED in found


def test_no_row_of_a_deleted_review_is_seen(world: World) -> None:
    rows.system(Review).filter(pk=world.shown.pk).update(deleted_at=timezone.now())
    wrong = []
    for who, person in world.people().items():
        for model in rows.tables():
            seen = model._default_manager.visible_to(person)
            here = [row for row in seen if world.shown.pk in {row.pk, getattr(row, "review_id", None)}]
            wrong += [f"{who} sees {model.__name__} {row.pk}" for row in here]
    none_of(wrong)


def test_who_is_blocked_takes_part_in_nothing(world: World) -> None:
    """Asked of who was let in before; whoever is blocked is let in no more."""
    wrong = []
    for who, person in world.people().items():
        blocked = copy(person)
        blocked.is_active = False
        seen = Participation.objects.visible_to(blocked) if person.is_authenticated else ()
        wrong += [f"{who}, who is blocked, sees who takes part in {row.review_id}" for row in seen]
    none_of(wrong)


def test_what_a_guest_is_called_elsewhere_is_told_to_nobody(world: World) -> None:
    """Their own row bears what they were called in the review that first invited them."""
    called, wrong = "lyrebirdcanary", []
    Person.objects.get_queryset().filter(pk=world.cast.gil.pk).update(name=called)
    clients = {who: client_of(world.people()[who], raise_request_exception=False) for who in ("ana", "bo", "cleo")}
    for route in (each for each in ROUTES if "review_id" in each.holes):
        address = route.filled(world.everywhere | world.inside[world.hidden.pk] | {"format_": "json"})
        for who in in_turn(sorted(clients), route.path):
            told = everything_told(clients[who].get(address))
            wrong += [f"{address} told {who} what a guest is called elsewhere"] if called in told else []
            walked.tried(route.path, who, "all", {called: ()}, 0)
    none_of(wrong)


def test_nobody_opens_what_is_closed_to_another(world: World) -> None:
    """A proof from before opens its own person's account; one that came with the change opens none."""
    hers = make_person("Zoe")
    note_change(hers, SignInChange.What.PASSWORD_GIVEN, by=world.cast.eve, seals=True)
    for who in (world.cast.dov, world.cast.eve):
        open_again(who, HAPPENED)
    open_again(hers, timezone.now())
    hers.refresh_from_db()
    none_of([] if unshared_sealed(hers) else ["what somebody shared with nobody opens by the proofs of others"])
