from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone
from tests.cast import Cast, make_review

from secondstory.evidence.models import Import
from secondstory.notify.models import Letter
from secondstory.people.models import Person
from secondstory.reviews import deletion_changes, offers
from secondstory.reviews.models import Review
from secondstory.texts.models import Snapshot, Text
from secondstory.timeline.models import MarginNote
from secondstory.work.worker import sweep_everything_once
from secondstory.writing.models import Section


def pass_days(days: int) -> None:
    reviews = Review.objects.for_system("a test's setting").exclude(deletion_due_at=None)
    for review in reviews:
        review.deletion_due_at -= timedelta(days=days)
        review.save()


def test_everybody_who_takes_part_is_told_and_the_review_stays_seven_days(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    signed_in(cast.bo).post(f"/reviews/{review.pk}/deletion")
    assert Letter.objects.for_system("a test's question").count() == 4
    page = signed_in(cast.ana).get(f"/reviews/{review.pk}/").content.decode()
    assert "This review is to be deleted" in page
    pass_days(6)
    sweep_everything_once()
    assert Review.objects.visible_to(cast.ana).exists()


def test_it_can_be_kept_until_then(cast: Cast, review: Review, signed_in: Any) -> None:
    signed_in(cast.bo).post(f"/reviews/{review.pk}/deletion")
    signed_in(cast.bo).post(f"/reviews/{review.pk}/deletion", {"keep": ""})
    pass_days(8)
    sweep_everything_once()
    assert Review.objects.visible_to(cast.ana).exists()


def test_a_review_whose_upload_cannot_be_deleted_keeps_no_other(
    cast: Cast, review: Review, caplog: pytest.LogCaptureFixture
) -> None:
    stuck = make_review(cast, title="Another one")
    upload = Import(review=stuck, name="export.zip", upload="../outside")
    upload.save()
    for each in (stuck, review):
        deletion_changes.ask_for_deletion(each, by=cast.bo)
    pass_days(8)
    deletion_changes.delete_due()
    left = Review.objects.for_system("a test's question")
    assert [each.title for each in left] == ["Another one"]
    assert "failed for one row: SuspiciousFileOperation" in caplog.text
    assert not left.visible_to(cast.ana).exists()
    upload.upload = ""
    upload.save()
    deletion_changes.delete_due()
    assert not left.all().exists()


def test_after_seven_days_rows_texts_files_and_guests_are_really_gone(cast: Cast, review: Review) -> None:
    kept = make_review(cast, title="Another one", happened_at=timezone.now())
    for each in (review, kept):
        text = Text(kind="section", stored="words of it")
        text.save()
        Snapshot(text=text, version=1, stored="words of it").save()
        Section(review=each, key="summary", title="Summary", text=text).save()
    cleared: list[str] = []
    offers.offer_clearing(cleared.append)
    deletion_changes.ask_for_deletion(review, by=cast.bo)
    pass_days(7)
    sweep_everything_once()
    assert cleared == [review.pk]
    assert not rows_of(review.pk)
    assert Text.objects.for_system("a test's question").count() == 1
    assert Snapshot.objects.for_system("a test's question").count() == 1
    assert Review.objects.visible_to(cast.bo).get() == kept
    # Gil is a guest of the kept review too; with that gone nobody is left to be a guest of.
    assert Person.objects.filter(pk=cast.gil.pk).exists()
    deletion_changes.ask_for_deletion(kept, by=cast.bo)
    pass_days(7)
    sweep_everything_once()
    assert not Person.objects.filter(pk=cast.gil.pk).exists()


def test_a_deletion_cut_short_is_finished_by_the_next_sweep(cast: Cast, review: Review) -> None:
    deletion_changes.ask_for_deletion(review, by=cast.bo)
    pass_days(7)
    Review.objects.for_system("a test's setting").update(deleted_at=timezone.now())
    sweep_everything_once()
    assert not Review.objects.for_system("a test's question").exists()


def rows_of(review_id: str) -> list[str]:
    models = [model for model in apps.get_models() if model.__module__.startswith("secondstory.")]
    with_review = [m for m in models if any(f.name == "review" for f in m._meta.concrete_fields)]
    assert MarginNote in with_review
    return [m.__name__ for m in with_review if m._base_manager.filter(review_id=review_id).exists()]
