"""An idea from a passage: its words are the proposer's and everybody's to read, the passage only as far as its part."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse
from tests.cast import Cast
from tests.stories.telling import share, told
from tests.writing.written import write_everything

from secondstory.actions.models import Action, Passage
from secondstory.reviews.models import Review
from secondstory.stories import changes as story_changes
from secondstory.stories.models import Grant, Part
from secondstory.texts import changes as texts
from secondstory.writing.composing import draft

CANARY = "tapircanary"
WORDS = f"I looked at the {CANARY} board, since the alarm names it.\n\nThen I waited."
IDEA = "Let the alarm name the board that shows the queue"


@pytest.fixture
def part(cast: Cast, review: Review) -> Part:
    write_everything(cast, review)
    return told(review, cast.ana, words=WORDS)


@pytest.fixture
def action(cast: Cast, review: Review, part: Part, signed_in: Any) -> Action:
    address = reverse("action_from", args=[review.pk, part.pk])
    sent = {"passage": WORDS.split("\n", maxsplit=1)[0], "wording": IDEA}
    assert signed_in(cast.ana).post(address, sent)["Location"].endswith("#s-actions")
    found: Action = Action.objects.visible_to(cast.ana).get(wording=IDEA)
    return found


def page_of(client: Any, action: Action) -> tuple[int, bool]:
    answer = client.get(reverse("action_passage", args=[action.review_id, action.pk]))
    return answer.status_code, CANARY in answer.content.decode()


def test_it_is_an_idea_that_all_who_take_part_read_without_the_passage(
    cast: Cast, review: Review, action: Action, signed_in: Any
) -> None:
    assert action.state == Action.State.IDEA
    for who in (cast.bo, cast.cleo, cast.gil):
        page = signed_in(who).get(reverse("write", args=[review.pk])).content.decode()
        assert IDEA in page
        assert "the passage it came from" not in page
        assert CANARY not in page
        assert page_of(signed_in(who), action) == (404, False)
    assert "the passage it came from" in signed_in(cast.ana).get(reverse("write", args=[review.pk])).content.decode()
    assert page_of(signed_in(cast.ana), action) == (200, True)
    assert CANARY not in json.dumps(draft(review, cast.ana).as_json())


def test_the_passage_reaches_as_far_as_its_part_and_no_farther(
    cast: Cast, part: Part, action: Action, signed_in: Any
) -> None:
    share(part, cast.ana, "facilitator")
    assert page_of(signed_in(cast.bo), action) == (200, True)
    assert page_of(signed_in(cast.cleo), action) == (404, False)
    share(part, cast.ana, "me")
    assert page_of(signed_in(cast.bo), action) == (404, False)
    for who in (cast.dov, cast.eve):
        assert page_of(signed_in(who), action) == (404, False)


def test_words_the_author_took_out_of_the_story_are_not_shown_from_elsewhere(
    cast: Cast, part: Part, action: Action, signed_in: Any
) -> None:
    text = Part.objects.visible_to(cast.ana).select_related("text").get(pk=part.pk).text
    texts.save(text.pk, "Something else.", text.version, cast.ana)
    assert page_of(signed_in(cast.ana), action) == (200, False)


def test_a_story_that_is_withdrawn_takes_the_passage_along_and_leaves_the_idea(
    cast: Cast, part: Part, action: Action, signed_in: Any
) -> None:
    story_changes.withdraw(part.story_id, by=cast.ana)
    assert not Passage.objects.for_system("a test's look").exists()
    assert Action.objects.visible_to(cast.bo).filter(pk=action.pk).exists()
    assert page_of(signed_in(cast.ana), action) == (404, False)


def test_an_audience_widened_by_hand_shows_no_word(cast: Cast, part: Part, action: Action, signed_in: Any) -> None:
    share(part, cast.ana, "facilitator")
    at = Grant.objects.for_system("a test's look").filter(part=part)[0].at
    Grant(part=part, person=cast.cleo, role=Grant.Role.PARTICIPANT, at=at).save()
    assert page_of(signed_in(cast.cleo), action)[1] is False


def test_its_words_stand_in_no_table_but_sealed(action: Action) -> None:
    found = [
        model._meta.label
        for model in apps.get_models()
        for row in model._base_manager.all().values()
        if CANARY in json.dumps(row, default=str)
    ]
    assert found == []
    assert Passage.objects.for_system("a test's look").filter(action=action).exclude(stored="").exists()


@pytest.mark.parametrize("sent", [{"passage": "Words I made up", "wording": IDEA}, {"passage": "Then I waited."}])
def test_what_cannot_be_proposed_is_shown_again(
    cast: Cast, review: Review, part: Part, signed_in: Any, sent: dict[str, str]
) -> None:
    answer = signed_in(cast.ana).post(reverse("action_from", args=[review.pk, part.pk]), sent)
    assert answer.status_code == 422
    assert not Action.objects.visible_to(cast.ana).filter(state=Action.State.IDEA).exists()


@pytest.mark.parametrize("who", ["bo", "cleo", "gil", "dov", "eve"])
def test_nobody_proposes_from_a_part_they_may_not_read(
    cast: Cast, review: Review, part: Part, signed_in: Any, who: str
) -> None:
    client, address = signed_in(getattr(cast, who)), reverse("action_from", args=[review.pk, part.pk])
    assert client.get(address).status_code == 404
    assert client.post(address, {"passage": "Then I waited.", "wording": IDEA}).status_code == 404
    assert not Action.objects.for_system("a test's look").filter(wording=IDEA).exists()
