from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.cast import Cast, make_person
from tests.stories.telling import WORDS, holders, join, part_of, share, told

from secondstory.notify.models import Letter
from secondstory.people.models import Person
from secondstory.reviews import people_changes
from secondstory.reviews.models import Participation, Review
from secondstory.reviews.offers import needs_of
from secondstory.reviews.people_changes import Joining
from secondstory.stories import audience_changes, changes, invitation_changes
from secondstory.stories.models import Invited, Part, Story
from secondstory.stories.rules import NAMES

SYSTEM = "looking at rows in a test"


def at(name: str, *ids: str) -> str:
    return reverse(name, args=ids)


def page(client: Any, name: str, *ids: str) -> str:
    answer = client.get(at(name, *ids))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_looking_at_ones_page_begins_nothing(cast: Cast, review: Review, signed_in: Any) -> None:
    text = page(signed_in(cast.ana), "story", review.pk)
    assert "was hard on the people" in text
    assert "together with its key file" in text
    assert not Story.objects.for_system(SYSTEM).exists()


def test_a_story_has_every_part_and_is_stored_nowhere_in_the_browser(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    client = signed_in(cast.ana)
    client.post(at("story_begin", review.pk))
    text = page(client, "story", review.pk)
    assert text.count("data-private data-text-url") == len(NAMES)
    assert "data-image-url" not in text
    assert client.get(at("story", review.pk))["Cache-Control"].find("no-store") >= 0


def test_words_are_saved_by_form_and_the_page_says_where_one_stopped(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    client = signed_in(cast.ana)
    client.post(at("story_begin", review.pk))
    saw = part_of(cast.ana, name="saw")
    client.post(at("text", saw.text_id), {"body": "A red line.", "version": 0, "next": at("story", review.pk)})
    text = page(client, "story", review.pk)
    assert "A red line." in text
    assert f'href="#s-saw" data-resume' in text  # noqa: F541


def test_the_chooser_names_whom_each_level_would_hold(cast: Cast, review: Review, signed_in: Any) -> None:
    part = told(review, cast.ana)
    text = page(signed_in(cast.ana), "story_audience", review.pk, part.pk)
    assert "Now that is: Bo." in text
    assert "Now that is: Bo, Cleo." in text
    assert "customer contact" in text


def test_choosing_on_the_page_holds_for_the_parts_named_with_it(cast: Cast, review: Review, signed_in: Any) -> None:
    part, other = told(review, cast.ana), told(review, cast.ana, name="saw")
    given = {"audience": "participants", "quote_as": "label", "guests": [cast.gil.pk], "also": [other.pk]}
    signed_in(cast.ana).post(at("story_audience", review.pk, part.pk), given)
    for each in (part, other):
        assert holders(each, cast) == {"ana", "bo", "cleo", "gil"}


@pytest.mark.parametrize("who", ["bo", "cleo", "gil", "dov", "eve"])
def test_nobody_else_opens_the_pages_of_a_story(cast: Cast, review: Review, signed_in: Any, who: str) -> None:
    part = told(review, cast.ana, "quotable")
    client = signed_in(getattr(cast, who))
    for name in ("story_words", "story_access", "story_withdraw"):
        assert client.get(at(name, part.story_id)).status_code == 404
    assert client.post(at("story_withdraw", part.story_id)).status_code == 404
    for name in ("story_audience", "story_renew"):
        assert client.post(at(name, review.pk, part.pk), {"audience": "me"}).status_code == 404
    assert client.get(at("text", part.text_id)).status_code == 404


def test_one_tap_lets_in_who_joined_later(cast: Cast, review: Review, signed_in: Any) -> None:
    part = told(review, cast.ana, "participants")
    people_changes.add_people(review, by=cast.bo, people=[Joining(cast.dov)])
    client = signed_in(cast.ana)
    assert "Dov came later and cannot read this." in page(client, "story", review.pk)
    client.post(at("story_renew", review.pk, part.pk))
    assert "dov" in holders(part, cast)
    assert "came later" not in page(client, "story", review.pk)


def test_shared_parts_stand_side_by_side_with_no_figure_and_no_presence(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    told(review, cast.ana, "participants", words="Ana saw the page first.")
    told(review, cast.cleo, "participants", words="Cleo heard it from a customer.")
    told(review, cast.cleo, "me", name="saw", words="Mine alone.")
    text = page(signed_in(cast.bo), "stories", review.pk)
    assert "Ana saw the page first." in text
    assert "Cleo heard it from a customer." in text
    assert "Mine alone." not in text
    assert f'data-live="held:{cast.bo.pk} review:{review.pk}"' in text


def test_words_that_do_not_open_are_said_to_be_shut(cast: Cast, review: Review, signed_in: Any) -> None:
    part = told(review, cast.ana, "facilitator")
    Part.objects.for_system(SYSTEM).filter(pk=part.pk).update(quote_public=True)
    for who, name in ((cast.bo, "stories"), (cast.ana, "story")):
        text = page(signed_in(who), name, review.pk)
        assert "This cannot be opened." in text
        assert "rolled" not in text


def test_the_log_says_had_access_and_never_opened(cast: Cast, review: Review, signed_in: Any) -> None:
    part = told(review, cast.ana, "facilitator")
    share(part, cast.ana, "me")
    text = page(signed_in(cast.ana), "story_access", part.story_id)
    assert "Bo" in text
    assert "Had access since" in text
    assert "opened" not in text


def test_own_words_are_downloaded_also_after_leaving(cast: Cast, review: Review, signed_in: Any) -> None:
    part = told(review, cast.ana)
    people_changes.leave(review, by=cast.ana)
    client = signed_in(cast.ana)
    assert part.story_id in page(client, "my_stories")
    answer = client.get(at("story_words", part.story_id))
    assert WORDS in answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]


def test_who_left_narrows_withdraws_and_learns_no_later_title(cast: Cast, review: Review, signed_in: Any) -> None:
    part = told(review, cast.ana, "participants")
    client = signed_in(cast.ana)
    assert review.title in page(client, "my_stories")
    people_changes.leave(review, by=cast.ana)
    for text in (page(client, "my_stories"), page(client, "story_words", part.story_id)):
        assert "A review you left" in text
        assert review.title not in text
    client.post(at("story_alone", part.story_id))
    assert holders(part, cast) == {"ana"}
    client.post(at("story_withdraw", part.story_id))
    assert not Story.objects.for_system(SYSTEM).exists()


def test_while_a_sign_in_is_in_doubt_nothing_unshared_is_read_nor_anything_deleted(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    part, shared = told(review, cast.ana), told(review, cast.ana, "facilitator", name="saw", words="Shared.")
    Person.objects.filter(pk=cast.ana.pk).update(sealed_until=timezone.now() + timedelta(days=7))
    client = signed_in(Person.objects.get(pk=cast.ana.pk))
    text = page(client, "story", review.pk)
    assert "Somebody else changed how you sign in" in text
    assert WORDS not in text
    assert client.get(at("text", part.text_id)).status_code == 404
    assert WORDS not in page(client, "story_words", part.story_id)
    client.post(at("story_withdraw", part.story_id))
    assert Part.objects.for_system(SYSTEM).filter(pk__in=[part.pk, shared.pk]).count() == 2


def test_withdrawing_says_what_goes_and_then_it_is_gone(cast: Cast, review: Review, signed_in: Any) -> None:
    part = told(review, cast.ana, "participants")
    client = signed_in(cast.ana)
    text = page(client, "story_withdraw", part.story_id)
    assert "What I did, and when" in text
    assert Story.objects.for_system(SYSTEM).exists()
    client.post(at("story_withdraw", part.story_id))
    assert not Story.objects.for_system(SYSTEM).exists()


def test_who_is_alone_in_a_review_is_led_to_its_people(cast: Cast, review: Review, signed_in: Any) -> None:
    client, nobody_left = signed_in(cast.bo), "Nobody is left to ask"
    invitation_changes.invite(review, by=cast.bo, people=[cast.ana.pk, cast.cleo.pk, cast.gil.pk])
    assert nobody_left in page(client, "stories_people", review.pk)
    for person in (cast.ana, cast.cleo, cast.gil):
        people_changes.leave(review, by=person)
    alone = page(client, "stories_people", review.pk)
    assert nobody_left not in alone
    assert "Nobody else takes part yet." in alone


def test_who_chose_nobody_is_not_told_that_somebody_was_asked(cast: Cast, review: Review, signed_in: Any) -> None:
    told_of = {
        chosen: signed_in(cast.bo).post(at("stories_people", review.pk), {"people": chosen}, follow=True).content
        for chosen in ((), (cast.ana.pk,))
    }
    assert [b"Asked. The letter says" in told for told in told_of.values()] == [False, True]


def state_of(client: Any, review: Review) -> str:
    """What the facilitator is shown of everybody, without what differs in every answer."""
    text = page(client, "stories_people", review.pk)
    return text[text.index('<form id="ask"') :].replace("csrfmiddlewaretoken", "")


def test_the_facilitator_cannot_tell_begun_from_untouched_nor_set_aside(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    invitation_changes.invite(review, by=cast.bo, people=[cast.ana.pk, cast.cleo.pk])
    client = signed_in(cast.bo)
    before = _without_tokens(state_of(client, review))
    told(review, cast.ana)
    changes.set_aside(review, by=cast.cleo, aside=True)
    assert _without_tokens(state_of(client, review)) == before
    told(review, cast.ana, "facilitator")
    assert "shared with you" in state_of(client, review)


def _without_tokens(text: str) -> str:
    import re

    return re.sub(r'value="[A-Za-z0-9]{64}"', "", text)


def test_only_who_decides_sees_whom_was_asked(cast: Cast, review: Review, signed_in: Any) -> None:
    for who in (cast.ana, cast.cleo, cast.gil, cast.dov, cast.eve):
        assert signed_in(who).get(at("stories_people", review.pk)).status_code == 404


def test_an_invitation_carries_no_title_and_a_need_stands_on_the_home_page(cast: Cast, review: Review) -> None:
    assert invitation_changes.invite(review, by=cast.bo, people=[cast.ana.pk, cast.dov.pk]) == 1
    assert invitation_changes.invite(review, by=cast.bo, people=[cast.ana.pk]) == 0
    words = _letters(cast.ana)
    assert len(words) == 1
    assert review.title not in words[0]
    assert at("story", review.pk) in words[0]
    assert [need.address for need in needs_of(cast.ana)] == [at("story", review.pk)]
    changes.set_aside(review, by=cast.ana, aside=True)
    assert needs_of(cast.ana) == []


def test_everybody_who_has_shared_nothing_is_nudged_once_with_the_same_words(cast: Cast, review: Review) -> None:
    invitation_changes.invite(review, by=cast.bo, people=[cast.ana.pk, cast.cleo.pk, cast.gil.pk])
    told(review, cast.ana)
    told(review, cast.cleo, "facilitator")
    invitation_changes.nudge_due()
    assert len(_letters(cast.ana)) == 1
    Invited.objects.for_system(SYSTEM).update(nudge_at=timezone.now() - timedelta(seconds=1))
    invitation_changes.nudge_due()
    invitation_changes.nudge_due()
    assert [len(_letters(person)) for person in (cast.ana, cast.cleo, cast.gil)] == [2, 1, 2]
    assert set(_letters(cast.ana)) == set(_letters(cast.gil))


def _letters(person: Any) -> list[str]:
    from secondstory.sealing.seal import opened

    rows = Letter.objects.for_system(SYSTEM).order_by("created_at")
    mine = [row for row in rows if opened(row.sealed_address, f"letter:{row.pk}:address") == person.email]
    return [opened(row.sealed_words, f"letter:{row.pk}:words") for row in mine]


def test_pages_ask_the_database_as_often_for_ten_storytellers_as_for_one(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    told(review, cast.ana, "participants")
    client = signed_in(cast.bo)
    page(client, "stories", review.pk)
    with CaptureQueriesContext(connection) as one:
        page(client, "stories", review.pk)
    people = [make_person(f"Pat{number}") for number in range(6)]
    for person in people:
        join(review, person, since=review.created_at)
    for person in people:
        for name in ("did", "saw"):
            told(review, person, "participants", name=name)
    with CaptureQueriesContext(connection) as many:
        page(client, "stories", review.pk)
    assert len(many) <= len(one)


def test_ones_own_page_asks_as_often_however_much_is_told_and_shared(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    told(review, cast.ana)
    client = signed_in(cast.ana)
    page(client, "story", review.pk)
    with CaptureQueriesContext(connection) as one:
        page(client, "story", review.pk)
    for name in NAMES:
        told(review, cast.ana, "participants", name=name)
    with CaptureQueriesContext(connection) as many:
        page(client, "story", review.pk)
    assert len(many) <= len(one)


def test_evidence_and_timeline_stand_beside_it_without_script(cast: Cast, review: Review, signed_in: Any) -> None:
    text = page(signed_in(cast.ana), "story_beside", review.pk)
    assert "No line of evidence here." in text
    assert signed_in(cast.dov).get(at("story_beside", review.pk)).status_code == 404


def test_renewing_is_the_authors_alone(cast: Cast, review: Review) -> None:
    from django.http import Http404

    part = told(review, cast.ana, "participants")
    with pytest.raises(Http404):
        audience_changes.renew(part.pk, by=cast.bo)


def test_a_guest_who_was_named_is_shown_labels_instead_of_names(cast: Cast, review: Review, signed_in: Any) -> None:
    told(review, cast.ana, "participants", guests=(cast.gil.pk,), words="What I told.")
    text = page(signed_in(cast.gil), "stories", review.pk)
    assert "What I told." in text
    assert "on-call engineer" in text
    assert "Ana" not in text
    assert Participation.objects.visible_to(cast.gil).filter(review=review).exists()


def test_pasted_words_of_what_was_confided_are_recognised_for_who_holds_them_alone(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    told(review, cast.ana, "facilitator")
    told(review, cast.cleo, "participants", words="One two three four five six seven eight nine ten.")
    pasted = {"words": f"She said: {WORDS.upper()[:60]}"}
    address = at("stories_confided", review.pk)
    asked = {name: signed_in(getattr(cast, name)).post(address, pasted).status_code for name in ("bo", "cleo", "ana")}
    assert asked == {"bo": 200, "cleo": 204, "ana": 204}
    everybodys = {"words": "one two three four five six seven eight nine ten"}
    assert signed_in(cast.bo).post(address, everybodys).status_code == 204
    assert signed_in(cast.dov).post(address, pasted).status_code == 404
