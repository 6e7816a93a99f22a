"""A moment made from one's own account: its words are for all who take part, the passage reaches as far as its part."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.cast import Cast
from tests.stories.telling import share, told

from secondstory.reviews import people_changes
from secondstory.reviews.models import Review
from secondstory.stories import interview_changes
from secondstory.stories.models import InterviewNote, Part, Perspective
from secondstory.texts import changes as texts
from secondstory.timeline.models import Moment

SYSTEM = "looking at rows in a test"
PASSAGE = "At five past two I took the tapir alarm for noise and went on with the release."
WORDS = f"{PASSAGE}\n\nThen Cleo called."
WHAT = "The alarm was taken for noise"


@pytest.fixture
def part(cast: Cast, review: Review) -> Part:
    return told(review, cast.ana, words=WORDS)


def typed(**more: str) -> dict[str, str]:
    row = {"when": "exact", "at": "2026-03-09T14:05:00", "what": WHAT, "lane": "on-call engineer"}
    return {f"moment-{name}": words for name, words in row.items()} | {"kind": "did"} | more


def page_of(part: Part) -> str:
    return reverse("story_moment", args=[part.review_id, part.pk])


def moments(review: Review) -> list[Moment]:
    return list(Moment.objects.for_system(SYSTEM).filter(review=review))


def test_its_words_are_read_by_all_and_the_passage_beside_it_by_whoever_holds_the_part(
    cast: Cast, review: Review, part: Part, signed_in: Any
) -> None:
    share(part, cast.ana, "facilitator")
    ana = signed_in(cast.ana)
    assert page_of(part) in ana.get(reverse("story", args=[review.pk])).content.decode()
    page = ana.get(page_of(part)).content.decode()
    assert PASSAGE in page
    assert 'value="on-call engineer"' in page
    answer = ana.post(page_of(part), typed(passage=PASSAGE))
    (moment,) = moments(review)
    assert answer["Location"].endswith(f"#m-{moment.pk}")
    for who, reads in ((cast.ana, True), (cast.bo, True), (cast.cleo, False), (cast.gil, False)):
        timeline = signed_in(who).get(reverse("timeline", args=[review.pk])).content.decode()
        assert WHAT in timeline
        assert (PASSAGE in timeline) is reads


def test_no_passage_is_laid_unless_one_is_chosen(cast: Cast, review: Review, part: Part, signed_in: Any) -> None:
    signed_in(cast.ana).post(page_of(part), typed(passage=""))
    assert [each.what for each in moments(review)] == [WHAT]
    assert not Perspective.objects.for_system(SYSTEM).exists()


@pytest.mark.parametrize("field", ["what", "information", "decision"])
@pytest.mark.parametrize(("audience", "asked"), [("me", True), ("facilitator", True), ("participants", False)])
def test_eight_words_that_few_may_read_stop_with_a_question(
    cast: Cast, review: Review, part: Part, signed_in: Any, audience: str, asked: bool, field: str
) -> None:
    share(part, cast.ana, audience)
    ana, sent = signed_in(cast.ana), typed(**{f"moment-{field}": PASSAGE})
    answer = ana.post(page_of(part), sent)
    assert (answer.status_code, len(moments(review))) == ((422, 0) if asked else (302, 1))
    if asked:
        page = answer.content.decode()
        assert "Yes, let all who take part read these words" in page
        assert page.count(PASSAGE) > 1
        assert ana.post(page_of(part), sent | {"sure": "yes"}).status_code == 302
        assert getattr(moments(review)[0], field) == PASSAGE


def test_words_of_another_part_stop_too(cast: Cast, review: Review, part: Part, signed_in: Any) -> None:
    other = told(review, cast.ana, "quotable", name="saw", words="I saw the queue grow.")
    assert signed_in(cast.ana).post(page_of(other), typed(**{"moment-what": PASSAGE})).status_code == 422


def test_what_does_not_fit_is_said_and_what_was_typed_stays(
    cast: Cast, review: Review, part: Part, signed_in: Any
) -> None:
    ana = signed_in(cast.ana)
    without = ana.post(page_of(part), typed(**{"moment-what": "", "moment-decision": "She waited"}))
    assert without.status_code == 422
    assert "She waited" in without.content.decode()
    made_up = ana.post(page_of(part), typed(passage="Words I never wrote"))
    assert made_up.status_code == 422
    assert "do not stand in the story" in made_up.content.decode()
    assert WHAT in made_up.content.decode()
    assert not moments(review)


@pytest.mark.parametrize("who", ["bo", "cleo", "dov", "eve", "gil"])
def test_nobody_else_makes_one_of_it(cast: Cast, review: Review, part: Part, signed_in: Any, who: str) -> None:
    share(part, cast.ana, "participants", guests=(cast.gil.pk,))
    client = signed_in(getattr(cast, who))
    assert client.get(page_of(part)).status_code == 404
    assert client.post(page_of(part), typed(passage=PASSAGE)).status_code == 404
    assert not moments(review)


def test_who_left_the_review_adds_nothing_to_it(cast: Cast, review: Review, part: Part, signed_in: Any) -> None:
    people_changes.leave(review, by=cast.ana)
    assert signed_in(cast.ana).post(page_of(part), typed()).status_code == 404
    assert not moments(review)


def test_what_an_interviewee_confirmed_becomes_a_moment_by_their_hand(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    talk = interview_changes.begin_interview(review, cast.ana.pk, by=cast.bo)
    note = InterviewNote.objects.visible_to(cast.bo).get(interview=talk, name="did")
    texts.save(note.text_id, PASSAGE, 0, cast.bo)
    ana = signed_in(cast.ana)
    answer = ana.post(reverse("interview_confirm", args=[review.pk, talk.pk]), follow=True)
    part = Part.objects.visible_to(cast.ana).get(name="did")
    assert page_of(part) in answer.content.decode()
    assert ana.post(page_of(part), typed(passage=PASSAGE)).status_code == 302
    assert [each.what for each in moments(review)] == [WHAT]
    laid = Perspective.objects.for_system(SYSTEM).get()
    assert not Perspective.objects.visible_to(cast.bo).filter(pk=laid.pk)


def test_a_page_below_the_account_marks_the_account_in_the_menu(cast: Cast, part: Part, signed_in: Any) -> None:
    page, address = signed_in(cast.ana).get(page_of(part)).content.decode(), reverse("story", args=[part.review_id])
    assert f'<a href="{address}" aria-current="true">' in page
    assert page.count('aria-current="true"') == 1
