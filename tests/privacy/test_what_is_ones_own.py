"""What is somebody's own, also where others work beside them: margin notes, wording let stand, one's own story."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from copy import copy
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from tests.clients import client_of
from tests.privacy import rows
from tests.privacy.leak import none_of, walked
from tests.privacy.told import ROUTES, everything_told
from tests.privacy.world import AUDIENCES, MARGIN, World

from secondstory.actions.models import Passage
from secondstory.reviews.models import Participation, Review
from secondstory.stories.models import Grant, InterviewNote, Part, Story
from secondstory.texts.models import LetStand, Snapshot, Text
from secondstory.timeline import agreement_changes
from secondstory.timeline.models import MarginNote

pytestmark = pytest.mark.django_db


def _facilitator_too(world: World) -> None:
    _part(world, world.cast.cleo).update(duty=Participation.Duty.FACILITATOR, accepted_at=timezone.now())


def _facilitates_no_more(world: World) -> None:
    _part(world, world.cast.bo).update(duty=Participation.Duty.PARTICIPANT, accepted_at=None)


def _asked_again(world: World) -> None:
    _part(world, world.cast.bo).update(accepted_at=None)


def _closed(world: World) -> None:
    rows.system(Review).filter(pk=world.hidden.pk).update(stage=Review.Stage.CLOSED, closed_at=timezone.now())


def _part(world: World, person: Any) -> Any:
    return rows.system(Participation).filter(review=world.hidden, person=person)


# What may become of a review in which Bo wrote beside the timeline, and who still reads it.
MARGINS: dict[str, tuple[Callable[[World], None], set[str]]] = {
    "somebody else facilitates too": (_facilitator_too, {"bo"}),
    "its writer facilitates no more": (_facilitates_no_more, set()),
    "its writer has not said yes again": (_asked_again, set()),
    "the review is closed": (_closed, set()),
}


@pytest.mark.parametrize("became", MARGINS)
def test_a_margin_note_is_read_by_its_writer_alone_while_they_facilitate(world: World, became: str) -> None:
    become, readers = MARGINS[became]
    become(world)
    note = rows.system(MarginNote).get(review=world.hidden)
    wrong, found = [], set()
    for who, person in world.people().items():
        reads = MarginNote.objects.visible_to(person).filter(pk=note.pk).exists()
        reads |= Text.objects.visible_to(person).filter(pk=note.text_id).exists()
        reads |= any(MARGIN in str(row.reasons) for row in LetStand.objects.visible_to(person).filter(text=note.text))
        wrong += [f"{who} reads a margin note: {became}"] if reads and who not in readers else []
        found |= {who} if reads else set()
        walked.tried("table MarginNote", who, became, {MARGIN: ()}, reads)
    none_of(wrong)
    assert found == readers


def test_what_one_lets_stand_in_notes_of_a_conversation_is_not_the_others(world: World) -> None:
    there = next(each for each in world.told if each.history.name == "there")
    note = rows.system(InterviewNote).get(review=there.review)
    reasons = {who: f"{who}lyrebirdcanary" for who in ("bo", "cleo")}
    for who, reason in reasons.items():
        row = LetStand(text=note.text, person=world.people()[who])
        row.reasons = {"a" * 32: reason}
        row.save()
    wrong, found = [], set()
    for who, person in world.people().items():
        told = " ".join(str(row.reasons) for row in LetStand.objects.visible_to(person))
        wrong += [
            f"{who} is told what {one} lets stand" for one, word in reasons.items() if word in told and one != who
        ]
        found |= {word for word in reasons.values() if word in told}
        walked.tried("table LetStand", who, "there", reasons, 0)
    none_of(wrong)
    assert found == set(reasons.values())


# What is written in a workshop though its rows do not say in which.
OF_NO_REVIEW = (Text, Snapshot, LetStand, Grant, Passage)


@pytest.mark.parametrize(("field", "value"), [("is_active", False), ("sees_only_published", True)])
def test_who_is_blocked_and_a_key_for_what_is_published_see_nothing_of_it(
    world: World, field: str, value: object
) -> None:
    wrong, own = [], 0
    for who in ("ana", "bo", "cleo", "gil", "sue"):
        person = world.people()[who]
        looking = copy(person)
        setattr(looking, field, value)
        for model in OF_NO_REVIEW:
            seen = model.objects.visible_to(looking)
            wrong += [f"{model.__name__} {row.pk} is seen by {who} with {field} {value}" for row in seen]
            own += model.objects.visible_to(person).count()
            walked.tried(f"table {model.__name__}", f"{who}, {field} {value}", "all", AUDIENCES, 0)
    none_of(wrong)
    assert own


@pytest.mark.parametrize("deed", [agreement_changes.ask, agreement_changes.keep_both, agreement_changes.open_again])
def test_somebodys_difference_is_asked_about_by_who_facilitates_alone(world: World, deed: Callable[..., Any]) -> None:
    difference = world.inside[world.hidden.pk]["difference_id"]
    did = {who for who, person in world.people().items() if _does(deed, difference, person)}
    none_of(f"{who} does with a difference what is the facilitator's" for who in did - {"bo"})
    assert did == {"bo"}


def _does(deed: Callable[..., Any], difference: str, person: Any) -> bool:
    with transaction.atomic(), contextlib.suppress(Http404):
        deed(difference, person)
        transaction.set_rollback(True)
        return True
    return False


# What one holds of somebody else's story is shown elsewhere, and never who else does. From a part that one holds one
# asks its author for a passage beside a moment: that page is not its author's alone.
OF_ONES_OWN = [
    route
    for route in ROUTES
    if route.slice == "stories" and (route.path.endswith("/story") or {"told_id", "story_id"} & set(route.holes))
    if not route.path.endswith("<told_id>/beside")
]


def test_the_pages_of_ones_own_story_tell_nothing_of_somebody_elses(world: World) -> None:
    """Everybody has begun a story of their own here, and Ana's is held by some of them."""
    there = next(each for each in world.told if each.history.name == "there")
    of_ana = {f"zz{case}therecanary" for case in ("guide", "among", "byname", "bylabel", "bynobody", "quoted")}
    of_ana |= set(rows.system(Part).filter(story=there.values["story_id"]).values_list("pk", flat=True))
    wrong: list[str] = []
    for who in ("ana", "bo", "cleo", "gil"):
        story = _story(there.review, world.people()[who])
        client = client_of(world.people()[who])
        found = set()
        for route in OF_ONES_OWN:
            for story_id in {there.values["story_id"], story.pk}:
                address = route.filled(world.after(there) | {"story_id": story_id})
                told = everything_told(client.get(address))
                found |= {word for word in of_ana if word in told and word not in address}
            walked.tried(route.path, who, "there", dict.fromkeys(of_ana), 0)
        wrong += [f"the pages of {who}'s own story told {word}" for word in found] if who != "ana" else []
        assert who != "ana" or found == of_ana
    none_of(wrong)


def _story(review: Review, author: Any) -> Story:
    known = rows.system(Story).filter(review=review, author=author).first()
    story: Story = known or Story(review=review, author=author)
    if known is None:
        story.save()
    return story
