"""Struck evidence is gone: the row, the picture, and the bytes in the database file."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.storage import default_storage
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from tests.bench.kill_during_import import script, told
from tests.cast import Cast
from tests.evidence.making import imports_of, lines_of, slack_zip
from tests.evidence.test_bringing_in import bring, send
from tests.evidence.test_images import picture

from secondstory.evidence import changes
from secondstory.evidence.models import Evidence
from secondstory.evidence.signals import evidence_struck
from secondstory.live.models import Change
from secondstory.reviews.models import Review
from secondstory.reviews.offers import clear, needs_of


@pytest.fixture
def talk(cast: Cast, review: Review, signed_in: Any) -> list[Any]:
    """Three lines, of ana, bo and ana."""
    bring(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    return lines_of(review)


def strike(client: Any, line: Any, reason: str = "not for a review") -> Any:
    return client.post(reverse("evidence_strike", args=[line.review_id, line.number]), {"reason": reason})


def test_who_facilitates_may_strike_a_line(review: Review, cast: Cast, signed_in: Any, talk: list[Any]) -> None:
    assert strike(signed_in(cast.bo), talk[2]).status_code == 302
    assert [bool(line.struck_at) for line in lines_of(review)] == [False, False, True]


@pytest.mark.parametrize("who", ["ana", "cleo", "dov", "eve", "gil"])
def test_nobody_else_may(cast: Cast, review: Review, signed_in: Any, talk: list[Any], who: str) -> None:
    assert strike(signed_in(getattr(cast, who)), talk[0]).status_code == 404
    assert not lines_of(review)[0].struck_at


@pytest.mark.parametrize("who", ["ana", "cleo", "gil"])
def test_a_handle_or_a_name_typed_into_a_profile_gives_no_power(
    cast: Cast, signed_in: Any, talk: list[Any], who: str
) -> None:
    client = signed_in(getattr(cast, who))
    typed = {"name": "ana", "handles": "ana\n@ana", "time_zone": "UTC", "locale": "en", "theme": "system"}
    assert client.post(reverse("profile"), typed).status_code == 302
    assert strike(client, talk[0]).status_code == 404


def sent_from(review: Review, address: str) -> Any:
    Evidence.objects.for_system("a test's line").filter(review=review, number=1).update(author=address)
    return lines_of(review)[0]


def test_who_proved_the_address_a_line_came_from_may_strike_it(
    cast: Cast, review: Review, signed_in: Any, talk: list[Any]
) -> None:
    line = sent_from(review, "Ana@Lantern.example")
    assert [who for who, person in cast.everyone().items() if changes.may_strike(line, person)] == ["ana", "bo"]
    assert strike(signed_in(cast.ana), line).status_code == 302
    assert strike(signed_in(cast.ana), talk[1]).status_code == 404


@pytest.mark.usefixtures("talk")
def test_an_address_merely_asked_for_or_a_guests_own_proves_nothing(cast: Cast, review: Review) -> None:
    EmailAddress(user=cast.cleo, email="pager@lantern.example", verified=False).save()
    assert not changes.may_strike(sent_from(review, "pager@lantern.example"), cast.cleo)
    assert not changes.may_strike(sent_from(review, cast.gil.email), cast.gil)
    assert not changes.may_strike(sent_from(review, cast.dov.email), cast.dov)


def test_the_history_says_who_struck_which_line_and_never_what_it_said(
    cast: Cast, review: Review, signed_in: Any, talk: list[Any]
) -> None:
    strike(signed_in(cast.bo), talk[0])
    assert strike(signed_in(cast.bo), talk[0]).status_code == 404
    page = told_to(signed_in(cast.cleo), review)
    assert page.count("Bo struck line 1 of the evidence") == 1
    assert "checkout answers slowly" not in page
    assert "Facilitator struck line 1 of the evidence" in told_to(signed_in(cast.gil), review)
    assert signed_in(cast.dov).get(reverse("review_history", args=[review.pk])).status_code == 404


def told_to(client: Any, review: Review) -> str:
    return str(client.get(reverse("review_history", args=[review.pk])).content.decode())


def test_time_source_and_reason_stay_and_the_rest_goes(
    cast: Cast, review: Review, signed_in: Any, talk: list[Any]
) -> None:
    strike(signed_in(cast.bo), talk[0], "a customer's name")
    line = lines_of(review)[0]
    assert (line.at, line.place, line.format, line.struck_reason) == (talk[0].at, "ops", "slack", "a customer's name")
    assert (line.author, line.text, line.payload, line.link, line.image) == ("", "", "", "", "")
    page = signed_in(cast.cleo).get(reverse("evidence", args=[review.pk])).content.decode()
    assert "Struck: a customer&#x27;s name" in page
    assert "checkout answers slowly" not in page


def test_a_reason_is_needed(cast: Cast, review: Review, signed_in: Any, talk: list[Any]) -> None:
    assert strike(signed_in(cast.bo), talk[0], " ").status_code == 400
    assert lines_of(review)[0].text


def test_a_struck_line_does_not_come_back_with_the_same_file(
    cast: Cast, review: Review, signed_in: Any, talk: list[Any]
) -> None:
    strike(signed_in(cast.bo), talk[0])
    bring(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    assert [line.text == "" for line in lines_of(review)] == [True, False, False]


def test_slices_above_hear_which_lines_were_struck(cast: Cast, signed_in: Any, talk: list[Any]) -> None:
    heard: list[Any] = []

    def hear(**news: Any) -> None:
        heard.append((news["review_id"], news["evidence_ids"]))

    evidence_struck.connect(hear)
    try:
        strike(signed_in(cast.bo), talk[0])
    finally:
        evidence_struck.disconnect(hear)
    assert heard == [(talk[0].review_id, [talk[0].pk])]


def test_a_struck_picture_is_gone_from_storage(cast: Cast, review: Review) -> None:
    line = changes.keep_image(review, cast.ana, picture("PNG"), "screen.png")
    assert default_storage.exists(line.image)
    changes.strike(line, cast.bo, "shows a customer")
    assert not default_storage.exists(line.image)
    assert lines_of(review)[0].image == ""


def told_of(review: Review) -> int:
    return Change.objects.for_system("a test's question").filter(topic=f"review:{review.pk}").count()


@override_settings(STRIKE_EVIDENCE_AFTER_MONTHS=6)
def test_evidence_is_struck_some_months_after_the_review_was_closed(
    cast: Cast, review: Review, talk: list[Any]
) -> None:
    review.closed_at = timezone.now()
    review.save()
    changes.strike_after_retention(timezone.now() + timedelta(days=180))
    assert lines_of(review)[0].text
    told, changed_at = told_of(review), review.changed_at
    changes.strike_after_retention(timezone.now() + timedelta(days=190))
    assert {line.text for line in lines_of(review)} == {""}
    review.refresh_from_db()
    assert (review.changed_at, told_of(review)) == (changed_at, told + 1)
    assert "6 months" in lines_of(review)[0].struck_reason


@override_settings(STRIKE_EVIDENCE_AFTER_MONTHS=6)
@pytest.mark.usefixtures("talk")
def test_a_review_whose_picture_cannot_be_deleted_keeps_no_others_evidence(cast: Cast, review: Review) -> None:
    earlier = Review(pk="000000000000", title="Another", created_by=cast.bo, happened_at=timezone.now())
    earlier.save(force_insert=True)
    Review.objects.for_system("a test's setting").filter(pk__in=[earlier.pk, review.pk]).update(
        closed_at=timezone.now() - timedelta(days=400)
    )
    line = Evidence(review=earlier, number=1, at=timezone.now(), image="../outside", text="x", digest=b"x")
    line.save()
    while changes.strike_after_retention():
        pass
    assert {line.text for line in lines_of(review)} == {""}
    assert [line.text for line in lines_of(earlier)] == ["x"]


@override_settings(STRIKE_EVIDENCE_AFTER_MONTHS=6)
def test_a_picture_in_a_text_outlives_the_evidence(cast: Cast, review: Review) -> None:
    line = changes.keep_image(review, cast.ana, picture("PNG"), "screen.png")
    review.closed_at = timezone.now() - timedelta(days=400)
    review.save()
    changes.strike_after_retention()
    assert default_storage.exists(line.image)
    assert not lines_of(review)[0].struck_at


def test_the_pictures_and_uploads_of_a_deleted_review_are_gone(cast: Cast, review: Review, signed_in: Any) -> None:
    line = changes.keep_image(review, cast.ana, picture("PNG"), "screen.png")
    send(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    upload = imports_of(review)[0].upload
    clear(review.pk)
    assert not default_storage.exists(line.image)
    assert not default_storage.exists(upload)


def test_without_the_setting_nothing_is_struck_by_itself(cast: Cast, review: Review, talk: list[Any]) -> None:
    review.closed_at = timezone.now() - timedelta(days=4000)
    review.save()
    assert not changes.strike_after_retention()
    assert lines_of(review)[0].text


STRIKE_ONE = """
from datetime import datetime, UTC
from secondstory.evidence import changes, import_changes
from secondstory.evidence.importers.record import Kind, Record
from secondstory.evidence.importing import row_of
from secondstory.evidence.models import Evidence
from secondstory.people.models import Person
from secondstory.reviews.models import Participation, Review
bo = Person.objects.create_user("bo@lantern.example", None, name="Bo")
review = Review(title="Struck", created_by=bo, happened_at=datetime(2026, 3, 9, tzinfo=UTC)); review.save()
Participation(review=review, person=bo, duty="facilitator", accepted_at=review.created_at).save()
def record(n, text):
    return Record(at=datetime(2026, 3, 9, 14, n, tzinfo=UTC), author="canaryauthor" if "canary" in text else "ana", text=text, place="ops", kind=Kind.MESSAGE, original=text.encode())
rows = [row_of(record(n, f"line {n}"), "slack") for n in range(20)]
rows.insert(9, row_of(record(30, "canarytext " * 400), "slack"))
import_changes.add(review.pk, None, rows)
print(open("secondstory.sqlite3", "rb").read().count(b"canary") + open("secondstory.sqlite3-wal", "rb").read().count(b"canary"))
line = Evidence.objects.visible_to(bo).get(author="canaryauthor")
changes.strike(line, bo, "private")
import os
left = sum(open(f, "rb").read().count(b"canary") for f in os.listdir(".") if f.startswith("secondstory.sqlite3"))
line.refresh_from_db()
print(left, bool(line.erased_at))
"""


def test_no_byte_of_a_struck_line_is_left_in_the_database_file_or_its_log(
    tmp_path: Path, migrated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    shutil.copy(migrated, tmp_path)
    before, after = told(script(STRIKE_ONE, tmp_path)).splitlines()
    assert int(before) > 0
    assert after == "0 True"


def test_a_waiting_upload_is_what_needs_its_bringer(cast: Cast, review: Review, signed_in: Any) -> None:
    send(signed_in(cast.bo), review, ("export.zip", slack_zip()))
    assert "Choose what of export.zip comes in" in [need.what for need in needs_of(cast.bo)]
    assert "Choose what of export.zip comes in" not in [need.what for need in needs_of(cast.ana)]
