from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from tests.cast import Cast, make_review

from secondstory.actions import changes
from secondstory.actions.changes import Conflict, Words
from secondstory.actions.models import Action
from secondstory.actions.reading import exported
from secondstory.people.models import Team
from secondstory.reviews.models import Review
from secondstory.reviews.rules import Refused
from secondstory.writing.changes import lay_out


@pytest.fixture
def action(cast: Cast, review: Review) -> Action:
    return changes.add(review, Words("Show the queue", owner=cast.ana.pk), by=cast.bo)


def test_an_action_is_added_by_the_page_and_owned_by_a_team(cast: Cast, review: Review, signed_in: Any) -> None:
    team = Team(name="Checkout team")
    team.save()
    data = {
        "wording": "Show the queue",
        "owner": f"team:{team.pk}",
        "due": "2026-04-01",
        "success_metric": "seen daily",
    }
    answer = signed_in(cast.cleo).post(reverse("action_add", args=[review.pk]), data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    page = answer.content.decode()
    for words in ("Show the queue", "Checkout team", "1 Apr 2026", "seen daily", "Proposed"):
        assert words in page


@pytest.mark.parametrize("who", ["dov", "eve"])
def test_others_get_404(cast: Cast, review: Review, action: Action, signed_in: Any, who: str) -> None:
    client = signed_in(getattr(cast, who))
    assert client.post(reverse("action_add", args=[review.pk]), {"wording": "x"}).status_code == 404
    edit = reverse("action_edit", args=[review.pk, action.pk])
    assert client.post(edit, {"wording": "x", "version": "1"}).status_code == 404
    assert client.post(edit, {"remove": "1"}).status_code == 404
    with pytest.raises(Http404):
        changes.remove(action.pk, by=getattr(cast, who))
    assert Action.objects.visible_to(getattr(cast, who)).count() == 0


def test_two_who_change_one_action_lose_nothing(cast: Cast, review: Review, action: Action, signed_in: Any) -> None:
    changes.edit(action.pk, Words("Show the queue's length"), version=1, by=cast.ana)
    with pytest.raises(Conflict):
        changes.edit(action.pk, Words("Hide the queue"), version=1, by=cast.cleo)
    edit = reverse("action_edit", args=[review.pk, action.pk])
    answer = signed_in(cast.cleo).post(edit, {"wording": "Cleo's own words", "version": "1"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Show the queue&#x27;s length" in page
    assert "Cleo&#x27;s own words" in page
    assert Action.objects.visible_to(cast.bo).get().wording == "Show the queue's length"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (Words(" "), "Say what will be done"),
        (Words("x" * 5001), "too long"),
        (Words("x", state="declined"), "why it was declined"),
        (Words("x", state="late"), "no such state"),
        (Words("x", team=99), "no such team"),
    ],
)
def test_an_action_that_cannot_be_is_refused_in_words(cast: Cast, review: Review, words: Words, why: str) -> None:
    with pytest.raises(Refused, match=why):
        changes.add(review, words, by=cast.bo)
    assert Action.objects.visible_to(cast.bo).count() == 0


def test_an_owner_takes_part(cast: Cast, review: Review) -> None:
    with pytest.raises(Refused, match="takes part"):
        changes.add(review, Words("x", owner=cast.dov.pk), by=cast.bo)


def test_a_guest_is_told_role_labels_of_owners(cast: Cast, review: Review, action: Action, signed_in: Any) -> None:
    lay_out(review, by=cast.bo)
    page = signed_in(cast.gil).get(reverse("write", args=[review.pk])).content.decode()
    assert "on-call engineer" in page
    assert "Ana" not in page


def test_an_action_of_another_review_is_not_reached_through_this_one(
    cast: Cast, action: Action, signed_in: Any
) -> None:
    other = make_review(cast, "Another")
    edit = reverse("action_edit", args=[other.pk, action.pk])
    assert signed_in(cast.bo).post(edit, {"remove": "1"}).status_code == 404


def test_a_removed_action_is_gone(cast: Cast, review: Review, action: Action, signed_in: Any) -> None:
    edit = reverse("action_edit", args=[review.pk, action.pk])
    assert signed_in(cast.ana).post(edit, {"remove": "1"}).status_code == 302
    assert exported(review, cast.ana) == []


def test_the_api_adds_changes_and_removes(cast: Cast, review: Review, signed_in: Any) -> None:
    client, address = signed_in(cast.ana), f"/api/reviews/{review.pk}/actions"
    made = client.post(address, {"wording": "Show the queue", "owner": cast.ana.pk}, content_type="application/json")
    assert (made.status_code, made.json()["owned_by"]) == (201, "Ana")
    one = f"{address}/{made.json()['id']}"
    edit = {"wording": "Show its length", "version": 1}
    assert client.put(one, edit, content_type="application/json").json()["version"] == 2
    stale = client.put(one, edit, content_type="application/json")
    assert (stale.status_code, stale.json()["action"]["wording"]) == (409, "Show its length")
    assert client.delete(one).status_code == 204
    assert client.get(address).json() == []
