from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404
from django.utils import timezone
from tests.cast import HAPPENED, Cast

from secondstory.live.models import Change
from secondstory.reviews import changes, people_changes
from secondstory.reviews.models import KeyTime, Participation, Review, ReviewEvent, Service
from secondstory.reviews.people_changes import Joining
from secondstory.reviews.rules import Refused

FACTS = {"kind": "incident", "title": "Search answered nothing", "happened_at": HAPPENED, "zone": "Europe/Berlin"}


def parts_of(review: Review) -> dict[str, Participation]:
    rows = Participation.objects.for_system("a test's question").filter(review=review, left_at=None)
    return {part.person.name: part for part in rows.select_related("person")}


def told_of(review: Review) -> list[str]:
    return list(
        ReviewEvent.objects.for_system("a test's question").filter(review=review).values_list("what", flat=True)
    )


def test_whoever_creates_a_review_facilitates_it(cast: Cast) -> None:
    review = changes.create_review(by=cast.dov, **FACTS, people=[Joining(cast.ana, "on-call engineer")])
    parts = parts_of(review)
    assert set(parts) == {"Dov", "Ana"}
    assert parts["Dov"].duty == "facilitator"
    assert parts["Dov"].accepted_at is not None
    assert parts["Ana"].role_label == "on-call engineer"
    assert told_of(review) == ["joined", "created"]


def test_the_creator_decides_until_the_asked_facilitator_accepts(cast: Cast) -> None:
    review = changes.create_review(by=cast.dov, **FACTS, people=[Joining(cast.bo, duty="facilitator")])
    decided = Review.objects.for_system("a test's question").decided_by
    assert decided(cast.dov).exists()
    assert not decided(cast.bo).exists()
    people_changes.accept_to_facilitate(review, by=cast.bo)
    assert not decided(cast.dov).exists()
    assert decided(cast.bo).exists()


@pytest.mark.parametrize("stay", [True, False])
def test_who_declines_to_facilitate_stays_or_leaves(cast: Cast, stay: bool) -> None:
    review = changes.create_review(by=cast.dov, **FACTS, people=[Joining(cast.bo, duty="facilitator")])
    people_changes.decline_to_facilitate(review, by=cast.bo, stay=stay)
    assert Review.objects.visible_to(cast.bo).exists() is stay
    assert Review.objects.for_system("a test's question").decided_by(cast.dov).exists()


def test_a_guest_creates_no_review(cast: Cast) -> None:
    with pytest.raises(Http404):
        changes.create_review(by=cast.gil, **FACTS)


def test_a_guest_is_not_added_like_a_member(cast: Cast) -> None:
    with pytest.raises(Refused):
        changes.create_review(by=cast.bo, **FACTS, people=[Joining(cast.gil)])
    assert not Review.objects.for_system("a test's question").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "  "},
        {"title": "x" * 201},
        {"kind": "blame"},
        {"zone": "Middle/Earth"},
        {"happened_at": datetime(1970, 1, 1, tzinfo=UTC)},
        {"happened_at": datetime(2100, 1, 1, tzinfo=UTC)},
    ],
)
def test_facts_that_cannot_be_are_refused_and_nothing_is_stored(cast: Cast, wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        changes.create_review(by=cast.bo, **(FACTS | wrong))
    assert not Review.objects.for_system("a test's question").exists()


def test_every_change_is_told_to_the_pages_that_show_the_review(cast: Cast, review: Review) -> None:
    before = review.changed_at
    changes.move_to_stage(review, by=cast.bo, stage="writing")
    assert Change.objects.for_system("a test's question").filter(topic=f"review:{review.pk}").exists()
    assert Review.objects.visible_to(cast.bo).get().changed_at > before


@pytest.mark.parametrize("who", ["ana", "cleo", "dov", "eve", "gil", "nobody"])
def test_only_who_decides_moves_edits_and_changes_people(cast: Cast, review: Review, who: str) -> None:
    person, ana = getattr(cast, who), parts_of(review)["Ana"]
    for change in (
        lambda: changes.move_to_stage(review, by=person, stage="writing"),
        lambda: changes.edit_review(review, by=person, **FACTS),
        lambda: people_changes.add_people(review, by=person, people=[Joining(cast.dov)]),
        lambda: people_changes.change_part(ana, by=person, role_label="x", duty="participant", involved=True),
        lambda: people_changes.remove_person(ana, by=person),
    ):
        with pytest.raises(Http404):
            change()
    assert told_of(review) == []


def test_editing_the_facts_says_which_changed(cast: Cast, review: Review) -> None:
    service = Service(name="Lantern checkout")
    service.save()
    changes.edit_review(review, by=cast.bo, **(FACTS | {"zone": "UTC"}), services=[service])
    event = ReviewEvent.objects.visible_to(cast.ana).get()
    assert event.detail == "the title, the services"
    changes.edit_review(review, by=cast.bo, **(FACTS | {"zone": "UTC"}), services=[service])
    assert ReviewEvent.objects.visible_to(cast.ana).count() == 1


def test_a_removed_person_loses_access_at_once_and_all_are_told(cast: Cast, review: Review) -> None:
    people_changes.remove_person(parts_of(review)["Cleo"], by=cast.bo)
    assert not Review.objects.visible_to(cast.cleo).exists()
    event = ReviewEvent.objects.visible_to(cast.ana).get()
    assert (event.what, event.about) == ("removed", cast.cleo)


def test_a_review_is_never_left_without_somebody_who_decides(cast: Cast, review: Review) -> None:
    Review.objects.for_system("a test's setting").update(created_by=cast.dov)
    bo = parts_of(review)["Bo"]
    for change in (
        lambda: people_changes.leave(review, by=cast.bo),
        lambda: people_changes.remove_person(bo, by=cast.bo),
        lambda: people_changes.change_part(bo, by=cast.bo, role_label="", duty="participant", involved=False),
    ):
        with pytest.raises(Refused):
            change()
    people_changes.change_part(parts_of(review)["Ana"], by=cast.bo, role_label="", duty="facilitator", involved=True)
    people_changes.accept_to_facilitate(review, by=cast.ana)
    people_changes.leave(review, by=cast.bo)
    assert not Review.objects.visible_to(cast.bo).exists()


def test_who_takes_part_sets_times_and_an_unknown_one_has_no_row(cast: Cast, review: Review) -> None:
    changes.set_times(review, by=cast.cleo, times={"started": HAPPENED, "detected": HAPPENED - timedelta(hours=1)})
    changes.set_times(review, by=cast.cleo, times={"started": None})
    assert list(KeyTime.objects.visible_to(cast.cleo).values_list("name", flat=True)) == ["detected"]
    with pytest.raises(Http404):
        changes.set_times(review, by=cast.dov, times={"started": HAPPENED})
    with pytest.raises(Refused):
        changes.set_times(review, by=cast.ana, times={"promised": HAPPENED})


def test_published_is_reached_by_publishing_alone(cast: Cast, review: Review) -> None:
    with pytest.raises(Refused):
        changes.move_to_stage(review, by=cast.bo, stage="published")
    changes.mark_published(review, audience="organisation", title="Slow checkout", summary="In short.", by=cast.bo)
    seen = Review.objects.visible_to(cast.dov).get()
    assert (seen.stage, seen.published_title) == ("published", "Slow checkout")
    assert seen.published_at is not None
    assert seen.published_at <= timezone.now()


def test_closing_says_so_to_the_slices_above(cast: Cast, review: Review) -> None:
    heard: list[str] = []

    def hear(review_id: str, **_: object) -> None:
        heard.append(review_id)

    from secondstory.reviews.signals import review_closed

    review_closed.connect(hear)
    closed = changes.close(review, by=cast.bo)
    review_closed.disconnect(hear)
    assert heard == [review.pk]
    assert closed.closed_at is not None
    assert changes.move_to_stage(review, by=cast.bo, stage="writing").closed_at is None
