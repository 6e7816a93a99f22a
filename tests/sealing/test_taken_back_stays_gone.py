"""Share, back up, narrow, delete, restore: still narrow, still gone."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from tests.cast import HAPPENED, Cast, make_cast, make_review
from tests.evidence.test_image import picture

from secondstory.cli.backup import Unfit, restore, write
from secondstory.cli.serve import do_the_ledger_again
from secondstory.evidence import changes as evidence_changes
from secondstory.evidence.models import Evidence
from secondstory.people.models import Person
from secondstory.reviews import people_changes
from secondstory.reviews.deletion_changes import delete_due
from secondstory.reviews.models import Participation, Review
from secondstory.sealing import ledger
from secondstory.sealing.keys import new_key, store
from secondstory.stories import audience_changes, interview_changes, quote_changes
from secondstory.stories import changes as stories
from secondstory.stories.audience_changes import Choice
from secondstory.stories.holding import grants_of
from secondstory.stories.models import Interview, Part, Quote, Story
from secondstory.texts import changes as texts
from secondstory.texts.models import Text

pytestmark = pytest.mark.django_db(transaction=True)
NARROWED = "I silenced the alert because it had cried wolf all week"
WITHDRAWN = "I was told to keep quiet about the deadline"


@pytest.fixture
def cast(key_file: Path, db: None) -> Cast:
    return make_cast()


@pytest.fixture
def review(cast: Cast) -> Review:
    return make_review(cast)


def told(review: Review, person: Person, words: str, audience: str) -> Part:
    story = stories.begin(review, by=person)
    part = Part.objects.visible_to(person).get(story=story, name="did")
    texts.save(part.text_id, words, 0, person)
    return audience_changes.choose_audience(part.pk, by=person, choice=Choice(audience))


@pytest.fixture
def shared(review: Review, cast: Cast) -> tuple[Part, Part]:
    """Ana's part may be quoted and is; Cleo's is read by those who take part."""
    mine = told(review, cast.ana, NARROWED, "quotable")
    quote_changes.place_quote(mine.pk, by=cast.bo, words="it had cried wolf all week")
    return mine, told(review, cast.cleo, WITHDRAWN, "participants")


def sees(person: Person, part: Part) -> bool:
    return Part.objects.visible_to(person).filter(pk=part.pk).exists()


def start_over(archive: Path, **how: Any) -> None:
    call_command("flush", interactive=False, verbosity=0)
    restore(archive, **how)


def take_back(shared: tuple[Part, Part], cast: Cast) -> None:
    mine, theirs = shared
    audience_changes.choose_audience(mine.pk, by=cast.ana, choice=Choice("me"))
    stories.withdraw(theirs.story_id, by=cast.cleo)


def test_what_was_taken_back_after_the_backup_stays_so(shared: tuple[Part, Part], cast: Cast, tmp_path: Path) -> None:
    mine, theirs = shared
    write(tmp_path / "before.zip")
    assert sees(cast.bo, mine)
    assert sees(cast.bo, theirs)
    take_back(shared, cast)
    start_over(tmp_path / "before.zip")
    for other in (cast.bo, cast.cleo, cast.gil):
        assert not sees(other, mine)
    again = Part.objects.visible_to(cast.ana).get(pk=mine.pk)
    assert (again.audience, grants_of(again)) == ("me", [])
    assert again.words([]) == NARROWED
    assert not Story.objects.for_system("a test's question").filter(pk=theirs.story_id).exists()
    assert not Text.objects.for_system("a test's question").filter(pk=theirs.text_id).exists()
    [quote] = Quote.objects.for_system("a test's question").all()
    assert quote.stored == ""
    assert quote.withdrawn_at is not None


def test_without_the_ledger_the_same_restore_would_bring_it_back(
    shared: tuple[Part, Part], cast: Cast, tmp_path: Path, settings: Any
) -> None:
    """The test above can fail."""
    write(tmp_path / "before.zip")
    take_back(shared, cast)
    settings.LEDGER_FILE = tmp_path / "another.ledger"
    start_over(tmp_path / "before.zip", without_ledger=True)
    assert all(sees(cast.bo, part) for part in shared)


def test_what_was_widened_again_before_the_backup_is_not_narrowed(
    shared: tuple[Part, Part], cast: Cast, tmp_path: Path
) -> None:
    mine, _ = shared
    audience_changes.choose_audience(mine.pk, by=cast.ana, choice=Choice("me"))
    audience_changes.choose_audience(mine.pk, by=cast.ana, choice=Choice("participants"))
    write(tmp_path / "after.zip")
    start_over(tmp_path / "after.zip")
    assert sees(cast.bo, mine)
    do_the_ledger_again()
    assert sees(cast.bo, mine)


def test_a_database_put_back_past_this_program_is_put_right_at_the_start(
    shared: tuple[Part, Part], cast: Cast, tmp_path: Path, settings: Any
) -> None:
    write(tmp_path / "before.zip")
    take_back(shared, cast)
    ours = settings.LEDGER_FILE
    settings.LEDGER_FILE = tmp_path / "another.ledger"
    start_over(tmp_path / "before.zip", without_ledger=True)
    settings.LEDGER_FILE = ours
    do_the_ledger_again()
    assert not any(sees(cast.bo, part) for part in shared)


def test_doing_it_again_twice_changes_nothing_more(shared: tuple[Part, Part], cast: Cast) -> None:
    take_back(shared, cast)
    before = list(Part.objects.for_system("a test's question").order_by("pk").values())
    assert ledger.replay() == ledger.length() > 0
    assert list(Part.objects.for_system("a test's question").order_by("pk").values()) == before


def test_the_ledger_holds_ids_and_times_and_no_word(shared: tuple[Part, Part], cast: Cast, settings: Any) -> None:
    take_back(shared, cast)
    content = settings.LEDGER_FILE.read_text()
    assert shared[0].pk in content
    assert shared[1].story_id in content
    for word in f"{NARROWED} {WITHDRAWN}".split():
        assert len(word) < 5 or word not in content
    for person in cast.everyone().values():
        assert str(getattr(person, "email", "@")) not in content


def test_a_restore_without_the_ledger_it_had_is_refused(
    shared: tuple[Part, Part], cast: Cast, tmp_path: Path, settings: Any
) -> None:
    take_back(shared, cast)
    write(tmp_path / "after.zip")
    settings.LEDGER_FILE.unlink()
    with pytest.raises(Unfit, match="missing or older"):
        start_over(tmp_path / "after.zip")
    assert not Person.objects.exists()
    restore(tmp_path / "after.zip", without_ledger=True)
    assert Person.objects.exists()


def test_a_restore_with_other_keys_is_refused_and_leaves_nothing(
    shared: tuple[Part, Part], tmp_path: Path, key_file: Path
) -> None:
    write(tmp_path / "before.zip")
    store(key_file, [new_key()])
    with pytest.raises(Unfit, match="not those of this backup"):
        start_over(tmp_path / "before.zip")
    assert not Person.objects.exists()


def test_a_restore_with_a_ledger_from_a_newer_version_is_refused(
    shared: tuple[Part, Part], tmp_path: Path, settings: Any
) -> None:
    write(tmp_path / "before.zip")
    with settings.LEDGER_FILE.open("a") as file:
        file.write(json.dumps({"kind": "from_the_future", "ids": ["x"], "at": "2026-03-09T14:05:00+00:00"}) + "\n")
    with pytest.raises(Unfit, match="from_the_future"):
        start_over(tmp_path / "before.zip")
    assert not Person.objects.exists()


def test_neither_the_ledger_nor_a_key_is_in_the_backup(shared: tuple[Part, Part], cast: Cast, tmp_path: Path) -> None:
    take_back(shared, cast)
    write(tmp_path / "after.zip")
    with zipfile.ZipFile(tmp_path / "after.zip") as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert b"persons" not in content
    assert b"stories.narrowed" not in content


def test_a_line_struck_after_the_backup_is_struck_again_and_its_picture_goes(
    review: Review, cast: Cast, tmp_path: Path
) -> None:
    kept = evidence_changes.keep_image(review, cast.bo, picture("PNG"), "screen.png")
    line = Evidence(review=review, number=7, format="slack", kind="message", at=HAPPENED, text=WITHDRAWN)
    line.digest = b"0123456789abcdef"
    line.save()
    write(tmp_path / "before.zip")
    for each in (kept, line):
        evidence_changes.strike(each, cast.bo, "asked for")
    start_over(tmp_path / "before.zip")
    again = {row.pk: row for row in Evidence.objects.for_system("a test's question")}
    assert (again[line.pk].text, again[line.pk].struck_reason) == ("", "Struck before a backup was restored.")
    assert again[kept.pk].image == ""
    assert not default_storage.exists(kept.image)


def test_a_review_deleted_after_the_backup_is_absent_at_once_and_then_gone(
    review: Review, cast: Cast, tmp_path: Path
) -> None:
    write(tmp_path / "before.zip")
    Review.objects.for_system("seven days pass").update(deletion_due_at=timezone.now())
    delete_due()
    start_over(tmp_path / "before.zip")
    assert not Review.objects.visible_to(cast.bo).exists()
    delete_due()
    assert not Review.objects.for_system("a test's question").exists()


def test_who_left_after_the_backup_reads_no_notes_they_took(review: Review, cast: Cast, tmp_path: Path) -> None:
    talk = interview_changes.begin_interview(review, cast.ana.pk, by=cast.bo)
    Participation.objects.for_system("a test's setting").filter(person=cast.cleo).update(
        duty="facilitator", accepted_at=timezone.now()
    )
    write(tmp_path / "before.zip")
    people_changes.leave(review, by=cast.bo)
    start_over(tmp_path / "before.zip")
    assert Review.objects.visible_to(cast.bo).decided_by(cast.bo).filter(pk=review.pk)
    assert not Interview.objects.visible_to(cast.bo).exists()
    assert Interview.objects.visible_to(cast.ana).filter(pk=talk.pk).exists()


def test_who_left_after_the_backup_holds_nothing_of_what_they_held(
    shared: tuple[Part, Part], cast: Cast, tmp_path: Path
) -> None:
    mine, _ = shared
    write(tmp_path / "before.zip")
    assert sees(cast.cleo, mine)
    people_changes.leave(mine.review, by=cast.cleo)
    start_over(tmp_path / "before.zip")
    assert not sees(cast.cleo, mine)
    assert sees(cast.bo, mine)
    assert Part.objects.visible_to(cast.ana).get(pk=mine.pk).words(grants_of(mine)) == NARROWED
    audience_changes.renew(mine.pk, by=cast.ana)
    do_the_ledger_again()
    assert sees(cast.cleo, mine), "the author gave it anew to somebody who takes part again"
