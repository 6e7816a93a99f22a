"""What somebody with the database in hand can change, and what they get: an error, never words."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.cast import Cast
from tests.stories.telling import WORDS, part_of, read, share, told

from secondstory.reviews.deletion_changes import delete_due
from secondstory.reviews.models import Review
from secondstory.reviews.rules import Refused
from secondstory.sealing.keys import KeyMissing
from secondstory.sealing.ledger import entries, replay
from secondstory.stories import changes
from secondstory.stories.models import Grant, Part, Quote, Story
from secondstory.stories.quote_changes import place_quote, reached
from secondstory.texts.models import Snapshot, Text

SYSTEM = "as somebody with the database would"


def by_hand(part: Part, **fields: Any) -> None:
    Part.objects.for_system(SYSTEM).filter(pk=part.pk).update(**fields)


def test_stored_words_are_sealed(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "participants")
    stored = Text.objects.for_system(SYSTEM).get(pk=part.text_id).stored
    assert "rolled" not in stored
    assert part.text.body == WORDS


def test_words_moved_to_another_row_do_not_open(cast: Cast, review: Review) -> None:
    ana, bo = told(review, cast.ana), told(review, cast.bo, words="Mine.")
    Text.objects.for_system(SYSTEM).filter(pk=bo.text_id).update(stored=ana.text.stored)
    with pytest.raises(KeyMissing):
        read(bo)
    with pytest.raises(KeyMissing):
        part_of(cast.bo, pk=bo.pk).text.body  # noqa: B018 - reading is what is tried


@pytest.mark.parametrize(
    "fields",
    [
        {"audience": "participants"},
        {"audience": "me"},
        {"audience": "quotable"},
        {"quote_as": "name"},
        {"quote_public": True},
        {"name": "other"},
    ],
)
def test_a_choice_changed_by_hand_shuts_the_words(cast: Cast, review: Review, fields: dict[str, Any]) -> None:
    part = told(review, cast.ana, "facilitator")
    by_hand(part, **fields)
    with pytest.raises(KeyMissing):
        read(part)


def test_an_author_changed_by_hand_shuts_the_words(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana)
    by_hand(part, author=cast.eve)
    with pytest.raises(KeyMissing):
        part_of(cast.eve, pk=part.pk).text.body  # noqa: B018 - reading is what is tried


def test_a_grant_added_or_changed_by_hand_shuts_the_words(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "facilitator")
    added = Grant(part=part, person=cast.cleo, role="participant", at=timezone.now())
    added.save()
    with pytest.raises(KeyMissing):
        read(part)
    added.delete()
    assert read(part) == WORDS
    grants = Grant.objects.for_system(SYSTEM).filter(part=part)
    for fields in ({"person": cast.eve}, {"role": "participant"}, {"at": review.happened_at}):
        before = grants.values("person_id", "role", "at")[0]
        grants.update(**fields)
        with pytest.raises(KeyMissing):
            read(part)
        grants.update(**before)
    assert read(part) == WORDS


def test_an_author_whose_words_were_shut_by_hand_is_told_and_can_still_withdraw(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "facilitator")
    by_hand(part, audience="participants")
    with pytest.raises(Refused):
        share(part, cast.ana, "me")
    changes.withdraw(part.story_id, by=cast.ana)
    assert not Text.objects.for_system(SYSTEM).filter(pk=part.text_id).exists()


def test_a_story_keeps_no_earlier_wording(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana)
    told(review, cast.ana, words="Other words.")
    assert not Snapshot.objects.for_system(SYSTEM).filter(text_id=part.text_id).exists()


def test_withdrawing_leaves_no_row(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "quotable", public=True)
    quote = place_quote(part.pk, by=cast.bo, words="the page came")
    reached(review.pk, [quote.pk], "public")
    changes.withdraw(part.story_id, by=cast.ana)
    for model in (Story, Part, Grant):
        assert not model.objects.for_system(SYSTEM).exists()
    assert not Text.objects.for_system(SYSTEM).filter(kind="story").exists()
    left = Quote.objects.for_system(SYSTEM).get(pk=quote.pk)
    assert (left.stored, left.part_id, left.withdrawn_at is not None) == ("", None, True)


def test_a_person_who_goes_takes_their_words_along(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "quotable")
    quote = place_quote(part.pk, by=cast.bo, words="the page came")
    cast.ana.delete()
    assert not Text.objects.for_system(SYSTEM).filter(kind="story").exists()
    assert Quote.objects.for_system(SYSTEM).get(pk=quote.pk).stored == ""


def test_the_ledger_names_rows_and_people_and_holds_no_word(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "participants")
    share(part, cast.ana, "facilitator")
    last = list(entries())[-1]
    assert (last.kind, last.ids, last.what["persons"]) == ("stories.narrowed", (part.pk,), [cast.bo.pk])


def test_a_restored_wider_audience_is_narrowed_again_and_a_withdrawn_story_goes_again(
    cast: Cast, review: Review
) -> None:
    part, other = told(review, cast.ana, "participants"), told(review, cast.cleo, "quotable")
    tables = [Story, Part, Grant, Text]
    backup = {model: list(model.objects.for_system(SYSTEM).values()) for model in tables}
    share(part, cast.ana, "facilitator")
    changes.withdraw(other.story_id, by=cast.cleo)
    _put_back(backup)
    assert Part.objects.visible_to(cast.cleo).filter(pk=part.pk).exists()
    replay()
    assert not Part.objects.visible_to(cast.cleo).exists()
    assert read(part) == WORDS
    assert not Story.objects.for_system(SYSTEM).filter(pk=other.story_id).exists()
    share(part, cast.ana, "participants")
    replay()
    assert Part.objects.visible_to(cast.cleo).filter(pk=part.pk).exists()


def _put_back(backup: dict[Any, list[dict[str, Any]]]) -> None:
    with connection.constraint_checks_disabled():
        for model in reversed(list(backup)):
            model._base_manager.all()._raw_delete("default")
        for model, rows in backup.items():
            model._base_manager.bulk_create(model(**row) for row in rows)


def test_a_text_that_is_shut_is_neither_read_nor_written_over(cast: Cast, review: Review, signed_in: Any) -> None:
    part = told(review, cast.ana, "facilitator")
    by_hand(part, quote_public=True)
    client, address = signed_in(cast.ana), f"/texts/{part.text_id}"
    assert client.get(address).status_code == 423
    sent = {"body": "Over it", "version": part.text.version}
    assert client.put(address, sent, content_type="application/json").status_code == 423
    kept = client.post(address, sent)
    assert (kept.status_code, b"Over it" in kept.content) == (423, True)
    by_hand(part, quote_public=False)
    assert read(part) == WORDS


def test_a_deleted_review_leaves_no_word_and_a_restore_brings_none_back(cast: Cast, review: Review) -> None:
    part = told(review, cast.ana, "quotable")
    quote = place_quote(part.pk, by=cast.bo, words="the page came")
    review.deletion_due_at = timezone.now()
    review.save()
    delete_due()
    for model in (Story, Part, Grant, Quote):
        assert not model.objects.for_system(SYSTEM).exists()
    assert not Text.objects.for_system(SYSTEM).filter(kind="story").exists()
    kinds = {entry.kind: entry.ids for entry in entries() if {part.story_id, quote.pk} & set(entry.ids)}
    assert kinds == {"stories.withdrawn": (part.story_id,), "stories.quote": (quote.pk,)}
