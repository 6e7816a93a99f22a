from __future__ import annotations

from typing import Any

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from tests.cast import HAPPENED, Cast
from tests.stories.telling import share, told

from secondstory.reviews.models import Review
from secondstory.reviews.rules import Refused
from secondstory.sealing.keys import KeyMissing
from secondstory.stories import beside_changes
from secondstory.stories.beside_reading import beside_moments, beside_of
from secondstory.stories.holding import grants_of
from secondstory.stories.models import Contrast, Otherwise, Part, Perspective
from secondstory.timeline.drawing import drawing_of
from secondstory.timeline.models import Moment

SYSTEM = "looking at rows in a test"
PASSAGE = "I rolled back"


@pytest.fixture
def moment(review: Review) -> Moment:
    moment = Moment(review=review, at=HAPPENED, what="Rolled back")
    moment.save()
    return moment


def laid(review: Review, by: Any, moment: Moment, audience: str = "participants", kind: str = "did") -> Perspective:
    part = told(review, by, audience)
    return beside_changes.lay(part.pk, moment.pk, by=by, kind=kind, words=PASSAGE)


def seen(review: Review, cast: Cast, moment: Moment) -> dict[str, list[str]]:
    people = {name: person for name, person in cast.everyone().items() if name != "nobody"}
    found = {name: beside_of(review, person, [moment.pk]).get(moment.pk, []) for name, person in people.items()}
    return {name: [each.words for each in rows] for name, rows in found.items() if rows}


def test_a_passage_is_read_by_whoever_holds_its_part(cast: Cast, review: Review, moment: Moment) -> None:
    laid(review, cast.ana, moment, "facilitator")
    assert seen(review, cast, moment) == {"ana": [PASSAGE], "bo": [PASSAGE]}


def test_narrowing_takes_the_passage_away_and_widening_brings_it_back(
    cast: Cast, review: Review, moment: Moment
) -> None:
    beside = laid(review, cast.ana, moment)
    share(beside.part, cast.ana, "me")
    assert seen(review, cast, moment) == {"ana": [PASSAGE]}
    share(beside.part, cast.ana, "facilitator")
    assert seen(review, cast, moment) == {"ana": [PASSAGE], "bo": [PASSAGE]}


def test_an_audience_widened_by_hand_shuts_the_passage(cast: Cast, review: Review, moment: Moment) -> None:
    beside = laid(review, cast.ana, moment, "facilitator")
    Part.objects.for_system(SYSTEM).filter(pk=beside.part_id).update(audience="participants")
    row = Perspective.objects.for_system(SYSTEM).select_related("part").get(pk=beside.pk)
    with pytest.raises(KeyMissing):
        row.read_at(row.place(grants_of(row.part)))
    assert [each.shut for each in beside_of(review, cast.bo, [moment.pk])[moment.pk]] == [True]


def test_words_that_are_not_in_the_part_cannot_be_laid(cast: Cast, review: Review, moment: Moment) -> None:
    part = told(review, cast.ana, "participants")
    with pytest.raises(Refused):
        beside_changes.lay(part.pk, moment.pk, by=cast.ana, kind="did", words="I broke it")


def test_what_the_facilitator_asks_for_waits_for_the_authors_yes(cast: Cast, review: Review, moment: Moment) -> None:
    part = told(review, cast.ana, "participants")
    beside = beside_changes.ask_for(part.pk, moment.pk, by=cast.bo, kind="did", words=PASSAGE)
    assert seen(review, cast, moment) == {}
    for person in (cast.bo, cast.cleo):
        with pytest.raises(Http404):
            beside_changes.agree(beside.pk, by=person)
    beside_changes.agree(beside.pk, by=cast.ana)
    assert set(seen(review, cast, moment)) == {"ana", "bo", "cleo"}


def test_nobody_but_who_decides_asks_and_nobody_but_the_author_lays(cast: Cast, review: Review, moment: Moment) -> None:
    part = told(review, cast.ana, "participants")
    for person in (cast.cleo, cast.dov, cast.eve, cast.gil):
        with pytest.raises(Http404):
            beside_changes.ask_for(part.pk, moment.pk, by=person, kind="did", words=PASSAGE)
        with pytest.raises(Http404):
            beside_changes.lay(part.pk, moment.pk, by=person, kind="did", words=PASSAGE)


def test_the_author_takes_a_passage_back_and_its_row_is_gone(cast: Cast, review: Review, moment: Moment) -> None:
    beside = laid(review, cast.ana, moment)
    with pytest.raises(Http404):
        beside_changes.take_back(beside.pk, by=cast.bo)
    beside_changes.take_back(beside.pk, by=cast.ana)
    assert not Perspective.objects.for_system(SYSTEM).exists()


def test_a_mark_is_a_persons_word_and_read_by_who_reads_both(cast: Cast, review: Review, moment: Moment) -> None:
    one, other = laid(review, cast.ana, moment), laid(review, cast.cleo, moment, "facilitator")
    with pytest.raises(Http404):
        beside_changes.mark(one.pk, other.pk, by=cast.ana, says="differs")
    beside_changes.mark(one.pk, other.pk, by=cast.bo, says="differs")
    assert Contrast.objects.visible_to(cast.bo).count() == 1
    assert not Contrast.objects.visible_to(cast.ana).exists()
    assert beside_moments(review, cast.bo, [moment.pk])[moment.pk].differs
    assert not beside_moments(review, cast.ana, [moment.pk])[moment.pk].differs
    assert [mark.differs for mark in drawing_of(review, cast.bo).marks] == [True]
    assert [mark.differs for mark in drawing_of(review, cast.ana).marks] == [False]


def test_later_found_otherwise_is_sealed_and_goes_where_the_part_goes(
    cast: Cast, review: Review, moment: Moment
) -> None:
    beside = laid(review, cast.ana, moment, kind="assumed")
    beside_changes.found_otherwise(beside.pk, by=cast.cleo, at=timezone.now(), how="From the deploy log.")
    assert "log" not in Otherwise.objects.for_system(SYSTEM).get().stored
    share(beside.part, cast.ana, "facilitator")
    assert not Otherwise.objects.visible_to(cast.cleo).exists()
    assert [each.how for each in beside_of(review, cast.bo, [moment.pk])[moment.pk]] == ["From the deploy log."]


def test_what_was_done_cannot_be_found_otherwise(cast: Cast, review: Review, moment: Moment) -> None:
    beside = laid(review, cast.ana, moment)
    with pytest.raises(Refused):
        beside_changes.found_otherwise(beside.pk, by=cast.ana, at=timezone.now(), how="So it was told.")


def test_words_that_stand_nowhere_in_the_part_stay_typed(
    cast: Cast, review: Review, moment: Moment, signed_in: Any
) -> None:
    part = told(review, cast.ana, "participants")
    other = Moment(review=review, at=HAPPENED, what="Paged")
    other.save()
    given = {"moment": other.pk, "kind": "expected", "words": "A heron said so", "passage": ""}
    answer = signed_in(cast.ana).post(reverse("story_lay", args=[review.pk, part.pk]), given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert ">A heron said so</textarea>" in page
    assert f'<option value="{other.pk}" selected>' in page
    assert f'<option value="{moment.pk}">' in page
    assert '<option value="expected" selected>' in page
    assert not Perspective.objects.for_system(SYSTEM).exists()


def test_the_pages_carry_it_through(cast: Cast, review: Review, moment: Moment, signed_in: Any) -> None:
    part = told(review, cast.ana, "participants", name="assumed")
    bo, ana = signed_in(cast.bo), signed_in(cast.ana)
    asked = {"moment": moment.pk, "kind": "assumed", "words": PASSAGE, "passage": ""}
    bo.post(reverse("story_lay", args=[review.pk, part.pk]), asked)
    assert PASSAGE in ana.get(reverse("story", args=[review.pk])).content.decode()
    beside = Perspective.objects.for_system(SYSTEM).get()
    ana.post(reverse("perspective_answer", args=[review.pk, beside.pk]), {"answer": "yes"})
    learned = {"at": "2026-03-09T16:00", "how": "Somebody read the log."}
    bo.post(reverse("perspective_otherwise", args=[review.pk, beside.pk]), learned)
    for person, address in ((bo, "timeline"), (ana, "timeline")):
        text = person.get(reverse(address, args=[review.pk])).content.decode()
        assert PASSAGE in text
        assert "Somebody read the log." in text
    text = bo.get(reverse("accounts", args=[review.pk, moment.pk])).content.decode()
    assert "later found otherwise" in text
    assert PASSAGE not in signed_in(cast.gil).get(reverse("timeline", args=[review.pk])).content.decode()


@pytest.mark.parametrize("page", ["timeline", "lanes", "agreement"])
def test_a_page_with_passages_asks_the_same_however_many_there_are(
    cast: Cast, review: Review, moment: Moment, signed_in: Any, django_assert_max_num_queries: Any, page: str
) -> None:
    ana, cleo = told(review, cast.ana, "participants"), told(review, cast.cleo, "participants")

    def contradicted() -> None:
        one = beside_changes.lay(ana.pk, moment.pk, by=cast.ana, kind="assumed", words=PASSAGE)
        other = beside_changes.lay(cleo.pk, moment.pk, by=cast.cleo, kind="did", words=PASSAGE)
        beside_changes.mark(one.pk, other.pk, by=cast.bo, says="differs")
        beside_changes.found_otherwise(one.pk, by=cast.bo, at=timezone.now(), how="The log said so.")

    client, at = signed_in(cast.bo), f"/reviews/{review.pk}/{page}"
    contradicted()
    client.get(at)
    with django_assert_max_num_queries(12) as few:
        client.get(at)
    for _each in range(4):
        contradicted()
    with django_assert_max_num_queries(12) as many:
        client.get(at)
    assert len(few) == len(many)
