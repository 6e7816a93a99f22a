from __future__ import annotations

import zipfile
from base64 import b64encode
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from tests.cast import HAPPENED, Cast

from secondstory.cli.backup import LEFT_OUT, Unfit, restore, write
from secondstory.evidence.models import Evidence
from secondstory.notify.changes import write_letter
from secondstory.people.models import Person
from secondstory.reviews.models import Review
from secondstory.sealing.keys import parse
from secondstory.texts import changes as texts
from secondstory.texts.models import Text
from secondstory.timeline.models import MarginNote

pytestmark = pytest.mark.django_db(transaction=True)


def everything() -> dict[str, list[tuple[object, ...]]]:
    tables = [model for model in apps.get_models(include_auto_created=True) if model._meta.label not in LEFT_OUT]
    return {
        model._meta.label: [
            tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
            for row in model._base_manager.order_by("pk").values_list()
        ]
        for model in tables
    }


@pytest.fixture
def filled(cast: Cast, review: Review) -> None:
    Evidence(
        review=review, number=1, format="slack", kind="message", at=HAPPENED, text="it is slow", digest=b"\0\1"
    ).save()
    text = texts.begin("margin", "ask about the dashboard", cast.bo)
    MarginNote(review=review, writer=cast.bo, text=text).save()
    write_letter(once="x", address="a@elsewhere.example", subject="s", words="secret link")


def test_a_restored_backup_is_the_same_review(filled: None, tmp_path: Path) -> None:
    before = everything()
    write(tmp_path / "backup.zip")
    call_command("flush", interactive=False, verbosity=0)
    assert not Person.objects.exists()
    restore(tmp_path / "backup.zip")
    assert everything() == before
    assert before["texts.Text"]


def test_rows_can_be_added_after_a_restore(filled: None, tmp_path: Path) -> None:
    write(tmp_path / "backup.zip")
    call_command("flush", interactive=False, verbosity=0)
    restore(tmp_path / "backup.zip")
    review = Review.objects.for_system("a test's question").get()
    Evidence(review=review, number=2, format="slack", kind="message", at=HAPPENED, digest=b"\0\2").save()
    assert Evidence.objects.for_system("a test's question").count() == 2


def test_no_key_and_no_waiting_letter_is_in_a_backup(filled: None, tmp_path: Path, settings: object) -> None:
    write(tmp_path / "backup.zip")
    content = b"".join(
        zipfile.ZipFile(tmp_path / "backup.zip").read(name)
        for name in zipfile.ZipFile(tmp_path / "backup.zip").namelist()
    )
    keys = parse(settings.KEY_FILE.read_text())  # type: ignore[attr-defined]
    assert b"it is slow" in content
    assert b"notify.Letter" not in content
    assert not any(key.secret in content or b64encode(key.secret) in content for key in keys)


def test_restoring_over_somebody_is_refused_and_changes_nothing(filled: None, tmp_path: Path) -> None:
    write(tmp_path / "backup.zip")
    before = everything()
    with pytest.raises(Unfit, match="here already"):
        restore(tmp_path / "backup.zip")
    assert everything() == before


def test_a_file_that_is_no_backup_is_refused(db: None, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"not a zip")
    with pytest.raises(Unfit, match="is not a backup"):
        restore(tmp_path / "x.zip")


def test_a_damaged_backup_leaves_nothing_half_restored(filled: None, tmp_path: Path) -> None:
    write(tmp_path / "whole.zip")
    with zipfile.ZipFile(tmp_path / "whole.zip") as whole, zipfile.ZipFile(tmp_path / "cut.zip", "w") as cut:
        for name in whole.namelist():
            content = whole.read(name)
            cut.writestr(name, content[:-20] if name.endswith("evidence.Evidence.jsonl") else content)
    call_command("flush", interactive=False, verbosity=0)
    with pytest.raises(Unfit, match="damaged"):
        restore(tmp_path / "cut.zip")
    assert not Text.objects.for_system("a test's question").exists()
    assert connection.is_usable()
