from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404
from tests.cast import Cast, make_person
from tests.stories.telling import WORDS, holders, join, part_of, read, share, told

from secondstory.people.models import ApiToken
from secondstory.reviews import people_changes
from secondstory.reviews.models import Participation, Review
from secondstory.reviews.people_changes import Joining
from secondstory.stories import audience_changes, changes
from secondstory.stories.holding import counting_of, joined_later, takes_part_now
from secondstory.stories.models import Grant, Story
from secondstory.texts.models import Text


def test_a_new_story_is_its_authors_alone(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana)
    assert holders(part, cast) == {"ana"}
    assert [name for name, person in cast.everyone().items() if Story.objects.visible_to(person)] == ["ana"]


@pytest.mark.parametrize(
    ("audience", "who"),
    [
        ("me", {"ana"}),
        ("facilitator", {"ana", "bo"}),
        ("participants", {"ana", "bo", "cleo"}),
        ("quotable", {"ana", "bo", "cleo"}),
    ],
)
def test_an_audience_holds_these(cast: Cast, review: Review, audience: str, who: set[str]) -> None:
    assert holders(told(review, cast.ana, audience), cast) == who


def test_nobody_but_the_author_reads_or_writes_the_text_itself(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "quotable")
    texts = {n: Text.objects.visible_to(p).filter(pk=part.text_id).exists() for n, p in cast.everyone().items()}
    assert [name for name, sees in texts.items() if sees] == ["ana"]


def test_only_the_author_chooses(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "participants")
    for person in (cast.bo, cast.cleo, cast.dov, cast.eve, cast.gil, cast.nobody):
        with pytest.raises(Http404):
            share(part, person, "quotable")


def test_narrowing_takes_it_away_at_once_and_keeps_the_words(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "participants")
    share(part, cast.ana, "facilitator")
    assert holders(part, cast) == {"ana", "bo"}
    share(part, cast.ana, "me")
    assert holders(part, cast) == {"ana"}
    assert read(part) == WORDS


def test_who_joins_later_sees_nothing_until_the_author_agrees(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "participants")
    people_changes.add_people(review, by=cast.bo, people=[Joining(cast.dov)])
    assert "dov" not in holders(part, cast)
    now = part_of(cast.ana, pk=part.pk)
    late = joined_later(now, takes_part_now(review.pk), counting_of(now))
    assert [row.person_id for row in late] == [cast.dov.pk]
    audience_changes.renew(part.pk, by=cast.ana)
    assert holders(part, cast) == {"ana", "bo", "cleo", "dov"}
    assert read(part) == WORDS


def test_a_new_facilitator_does_not_inherit_what_was_shared_with_the_last(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "facilitator")
    cleo = Participation.objects.visible_to(cast.bo).get(review=review, person=cast.cleo)
    people_changes.change_part(cleo, by=cast.bo, role_label="", duty="facilitator", involved=False)
    people_changes.accept_to_facilitate(review, by=cast.cleo)
    assert holders(part, cast) == {"ana", "bo"}


def test_who_stops_facilitating_loses_it_and_does_not_get_it_back_by_facilitating_again(
    cast: Cast, review: Review
) -> None:
    part = told(review, cast.ana, "facilitator")
    join(review, cast.dov, duty="facilitator", accepted_at=review.created_at)
    bo = Participation.objects.visible_to(cast.bo).get(review=review, person=cast.bo)
    people_changes.change_part(bo, by=cast.dov, role_label="", duty="participant", involved=False)
    assert holders(part, cast) == {"ana"}
    people_changes.change_part(bo, by=cast.dov, role_label="", duty="facilitator", involved=False)
    people_changes.accept_to_facilitate(review, by=cast.bo)
    assert holders(part, cast) == {"ana"}


def test_who_leaves_loses_it_and_does_not_have_it_on_coming_back(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "participants")
    people_changes.leave(review, by=cast.cleo)
    assert holders(part, cast) == {"ana", "bo"}
    people_changes.add_people(review, by=cast.bo, people=[Joining(cast.cleo)])
    assert holders(part, cast) == {"ana", "bo"}
    assert read(part) == WORDS


def test_a_guest_is_held_only_when_the_author_names_them(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "participants")
    assert "gil" not in holders(part, cast)
    share(part, cast.ana, "participants", guests=(cast.gil.pk,))
    assert "gil" in holders(part, cast)
    audience_changes.renew(part.pk, by=cast.ana)
    assert "gil" in holders(part, cast)
    share(part, cast.ana, "participants")
    assert "gil" not in holders(part, cast)


def test_a_guest_named_for_the_facilitators_audience_is_not_held(cast: Cast, review: Review) -> None:
    assert holders(told(review, cast.ana, "facilitator", guests=(cast.gil.pk,)), cast) == {"ana", "bo"}


def test_a_stranger_cannot_be_named(cast: Cast, review: Review) -> None:
    stranger = make_person("Hal", is_guest=True)
    part = told(review, cast.ana, "participants", guests=(cast.dov.pk, stranger.pk))
    people = Grant.objects.visible_to(cast.ana).filter(part=part).values_list("person_id", flat=True)
    assert set(people) == {cast.bo.pk, cast.cleo.pk}


def test_the_log_of_access_is_the_authors_alone_and_says_from_when_until_when(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "participants")
    people_changes.leave(review, by=cast.cleo)
    log = {grant.person_id: grant for grant in Grant.objects.visible_to(cast.ana).filter(part=part)}
    assert log[cast.cleo.pk].until is not None
    assert log[cast.bo.pk].until is None
    assert not [p for n, p in cast.everyone().items() if n != "ana" and Grant.objects.visible_to(p).exists()]


def test_somebody_already_held_keeps_their_since_when_the_audience_is_widened(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "participants")
    before = counting_of(part)[cast.bo.pk].at
    share(part, cast.ana, "quotable")
    assert counting_of(part)[cast.bo.pk].at == before


def test_a_token_without_the_scope_of_its_own_sees_no_story(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "participants")
    for person in (cast.ana, cast.bo):
        person.may_open_stories = False
        assert part.pk not in {each.pk for each in type(part).objects.visible_to(person)}
    assert ApiToken.Scope.STORIES.value == "stories"


def test_a_deleted_review_shows_no_part(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "participants")
    Review.objects.for_system("as deletion does first").update(deleted_at=review.created_at)
    assert holders(part, cast) == set()


def test_leaving_leaves_the_author_their_own_words(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "facilitator")
    people_changes.leave(review, by=cast.ana)
    assert holders(part, cast) == {"ana", "bo"}
    changes.withdraw(part.story_id, by=cast.ana)
    assert holders(part, cast) == set()


@pytest.mark.parametrize("person", ["bo", "cleo", "dov", "eve", "gil"])
def test_nobody_else_withdraws_a_story(cast: Cast, review: Review, person: str) -> None:
    part = told(review, cast.ana, "quotable")
    by: Any = getattr(cast, person)
    with pytest.raises(Http404):
        changes.withdraw(part.story_id, by=by)


@pytest.mark.parametrize("person", ["dov", "eve", "nobody"])
def test_who_does_not_take_part_begins_no_story(cast: Cast, review: Review, person: str) -> None:
    with pytest.raises(Http404):
        changes.begin(review, by=getattr(cast, person))
