"""A new key: everything reads as before, and nothing is left under the old one."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.apps import apps
from django.db import connection
from django.utils import timezone
from tests.cast import Cast, make_cast, make_review
from typer.testing import CliRunner

from secondstory.cli.checks import Finding, all_of_them
from secondstory.cli.commands import app
from secondstory.evidence.hook_changes import make_hook
from secondstory.notify.changes import write_letter
from secondstory.notify.models import Letter
from secondstory.people.models import Person
from secondstory.people.stamps import SIGN_IN
from secondstory.reviews.models import Review
from secondstory.sealing import ledger
from secondstory.sealing import rotation_changes as rotation
from secondstory.sealing.boxes import WrongKeys, key_ids, look_through, refuse_wrong_keys
from secondstory.sealing.keys import Key, KeyMissing, Moved, Unreadable, new_key, parse, store
from secondstory.sealing.seal import keys_now, opened, sealed
from secondstory.stories import changes as stories
from secondstory.stories.models import Part
from secondstory.texts import changes as texts
from secondstory.texts.models import Text

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "the dashboard was green and I believed it"


@pytest.fixture
def cast(key_file: Path, db: None) -> Cast:
    return make_cast()


@pytest.fixture
def review(cast: Cast) -> Review:
    return make_review(cast)


@pytest.fixture
def text(cast: Cast, review: Review) -> str:
    """Ana's words, beside everything else that is sealed: a letter, a webhook's secret, recovery codes."""
    story = stories.begin(review, by=cast.ana)
    part = Part.objects.visible_to(cast.ana).get(story=story, name="saw")
    texts.save(part.text_id, WORDS, 0, cast.ana)
    write_letter(once="x", address="a@elsewhere.example", subject="s", words="a link")
    make_hook(cast.eve, "alerts", "github", "a secret", [])
    RecoveryCodes.activate(cast.ana)
    return str(part.text_id)


def body(text_id: str) -> str:
    return Text.objects.for_system("a test's question").get(pk=text_id).body


def everything_stored() -> str:
    rows = [row for model in apps.get_models() for row in model._base_manager.values_list()]
    return str(rows)


def test_everything_reads_as_before_and_nothing_is_left_under_the_old_key(text: str, cast: Cast) -> None:
    [old] = [key.id for key in keys_now()]
    codes = RecoveryCodes.activate(cast.ana).generate_codes()
    assert f"{old}:" in everything_stored()
    came = rotation.rotate(settle=0)
    assert came.dropped == (old,)
    assert came.closed == 0
    assert [key.id for key in keys_now()] == [came.first] != [old]
    assert f"{old}:" not in everything_stored()
    assert body(text) == WORDS
    assert RecoveryCodes.activate(cast.ana).generate_codes() == codes
    assert all(SIGN_IN.fits(person) for person in Person.objects.all())
    assert look_through().missing == {}


def test_the_key_file_stays_its_owners_alone_and_nothing_lies_beside_it(text: str, key_file: Path) -> None:
    rotation.rotate(settle=0)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [path.name for path in key_file.parent.iterdir() if path.name.startswith("keys")] == ["keys"]


def test_an_interrupted_rotation_is_finished_under_the_key_it_had_made(text: str, key_file: Path) -> None:
    [old] = keys_now()
    new = new_key()
    store(key_file, [new, old])
    came = rotation.rotate(settle=0)
    assert (came.first, came.dropped) == (new.id, (old.id,))
    assert body(text) == WORDS


def test_earlier_keys_stay_when_asked_for(text: str) -> None:
    [old] = keys_now()
    assert rotation.rotate(settle=0, keep_old=True).kept == (old.id,)
    assert rotation.rotate(settle=0, keep_old=True).dropped == ()
    assert len(keys_now()) == 3


def test_a_row_moved_by_hand_stays_shut_and_keeps_its_key(text: str, cast: Cast) -> None:
    [old] = keys_now()
    other = Part.objects.visible_to(cast.ana).get(name="did").text_id
    box = Text.objects.for_system("a test's question").get(pk=text).stored
    Text.objects.for_system("somebody with the database").filter(pk=other).update(stored=box)
    came = rotation.rotate(settle=0)
    assert (came.closed, came.kept) == (1, (old.id,))
    assert Text.objects.for_system("a test's question").get(pk=other).stored == box
    with pytest.raises(Moved):
        body(other)
    assert look_through().moved == 1


def test_two_rotations_at_once_are_one(text: str, key_file: Path) -> None:
    with rotation._alone(key_file), pytest.raises(rotation.Busy):
        rotation.rotate(settle=0)
    assert len(keys_now()) == 1


def test_what_is_written_in_the_pause_under_the_old_key_is_sealed_anew_too(text: str, monkeypatch: Any) -> None:
    """A page that read the key file before the rotation stores after its first look."""
    [old] = keys_now()
    late = sealed("late", "letter:late:words")
    letter = Letter(id="late", once="late", sealed_address=sealed("a@b.example", "letter:late:address"))
    letter.sealed_words = late
    monkeypatch.setattr("time.sleep", lambda _seconds: letter.save(force_insert=True))
    assert rotation.rotate(settle=1).dropped == (old.id,)
    row = Letter.objects.for_system("a test's question").get(pk="late")
    assert opened(row.sealed_words, "letter:late:words") == "late"


def another_key_file(key_file: Path) -> None:
    store(key_file, [new_key()])


def test_with_another_key_file_nothing_is_touched_and_the_error_says_what_to_do(text: str, key_file: Path) -> None:
    [old] = keys_now()
    another_key_file(key_file)
    before, wrong = everything_stored(), key_file.read_text()
    with pytest.raises(WrongKeys):
        refuse_wrong_keys()
    for command in (["keys", "rotate"], ["serve"], ["worker"], ["person", "list"]):
        told = CliRunner().invoke(app, command)
        assert told.exit_code == 1, told.output
        assert "Nothing was touched" in " ".join(told.output.split())
        assert old.id in told.output
        assert str(key_file) in told.output.replace("\n", "")
    with pytest.raises(KeyMissing):
        body(text)
    assert everything_stored() == before
    assert key_file.read_text() == wrong


def test_no_key_file_is_made_in_place_of_a_lost_one_while_serving(text: str, key_file: Path) -> None:
    key_file.unlink()
    with pytest.raises(KeyMissing, match="gone"):
        body(text)
    with pytest.raises(KeyMissing, match="gone"):
        sealed("x", "y")
    assert not key_file.exists()


@pytest.mark.parametrize("command", [["serve"], ["keys", "rotate"], ["keys", "list"], ["check"], ["person", "list"]])
def test_no_command_makes_a_key_file_in_place_of_a_lost_one(text: str, key_file: Path, command: list[str]) -> None:
    lost = key_file.rename(key_file.with_name("elsewhere"))
    told = CliRunner().invoke(app, command)
    assert keys_of(lost)[0].id in told.output
    assert not key_file.exists()
    assert told.exit_code == (0 if command == ["keys", "list"] else 1)


def keys_of(path: Path) -> list[Key]:
    return parse(path.read_text())


def test_a_letter_keeps_its_words_and_its_attempts_until_the_key_is_back(text: str, key_file: Path) -> None:
    from django.core import mail

    from secondstory.notify.changes import send_due

    right = key_file.read_text()
    another_key_file(key_file)
    for _ in range(10):
        Letter.objects.for_system("ten minutes pass").update(next_at="2026-01-01T00:00Z")
        send_due()
    assert mail.outbox == []
    key_file.write_text(right)
    Letter.objects.for_system("ten minutes pass").update(next_at="2026-01-01T00:00Z")
    send_due()
    assert [message.body for message in mail.outbox] == ["a link"]


def test_check_says_how_much_is_closed_and_what_to_do(text: str, key_file: Path) -> None:
    assert all(finding.fine for finding in all_of_them() if "key" in finding.what)
    [old] = keys_now()
    another_key_file(key_file)
    write_letter(once="y", address="b@elsewhere.example", subject="s", words="w")
    [finding] = [finding for finding in all_of_them() if "under keys that are not here" in finding.what]
    assert not finding.fine
    assert finding.matters
    assert old.id in finding.do
    assert "Without it nobody can open them, ever" in finding.do
    assert not any(person.pk in finding.what + finding.do for person in Person.objects.all())


def test_check_notices_a_key_changed_under_its_id(text: str, key_file: Path) -> None:
    [old] = keys_now()
    store(key_file, [type(old)(old.id, new_key().secret)])
    assert [finding.fine for finding in all_of_them() if "moved" in finding.what] == [False]


def test_list_shows_ids_and_amounts_and_no_key(text: str, key_file: Path) -> None:
    told = CliRunner().invoke(app, ["keys", "list"]).output
    assert keys_now()[0].id in told
    assert str(key_ids().total()) in told
    assert key_file.read_text().partition(":")[2].strip() not in told


def test_words_put_into_a_sealed_column_by_hand_are_not_shown_as_a_key(text: str) -> None:
    Letter.objects.for_system("somebody with the database").update(sealed_words="canary: words")
    assert "canary" not in str(key_ids())
    assert "canary" not in CliRunner().invoke(app, ["keys", "list"]).output


def test_keys_from_the_environment_are_printed_not_stored(
    text: str, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three steps: a new key in front; everything sealed under it; the old one gone."""
    [old] = keys_now()
    monkeypatch.setenv("SECONDSTORY_KEYS", key_file.read_text().strip())
    key_file.unlink()

    def step() -> str:
        told = CliRunner().invoke(app, ["keys", "rotate"])
        assert told.exit_code == 0, told.output
        [line] = [line for line in told.output.splitlines() if line.startswith("SECONDSTORY_KEYS=")]
        return line.partition("=")[2]

    both = step()
    assert [key.id for key in parse(both.replace(",", "\n"))][1] == old.id
    assert f"{old.id}:" in everything_stored()
    monkeypatch.setenv("SECONDSTORY_KEYS", both)
    alone = step()
    assert both.startswith(alone)
    assert "," not in alone
    monkeypatch.setenv("SECONDSTORY_KEYS", alone)
    assert f"{old.id}:" not in everything_stored()
    assert body(text) == WORDS
    assert not key_file.exists()


@pytest.mark.parametrize("line", ["abc", "abc:short", ":AAAA", "abc:!!!!"])
def test_what_is_no_key_is_refused_by_its_line_and_not_repeated(line: str) -> None:
    with pytest.raises(Unreadable, match="line 1") as refused:
        parse(line)
    assert "short" not in str(refused.value)


def test_postgresql_waits_for_whoever_is_writing(text: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    from django.db import transaction

    with transaction.atomic():
        rotation._hold_everybody()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT relation) FROM pg_locks WHERE mode = 'ShareLock' AND granted")
            assert cursor.fetchone()[0] >= 5


def test_check_looks_at_the_ledger_too(cast: Cast, settings: Any) -> None:
    def found() -> Finding:
        return next(finding for finding in all_of_them() if "ledger" in finding.what)

    assert found().fine
    ledger.record("people.opened", [cast.ana.pk], timezone.now())
    assert found().fine
    settings.LEDGER_FILE.chmod(0o644)
    assert not found().fine
    assert "chmod 600" in found().do
    settings.LEDGER_FILE.chmod(0o600)
    with settings.LEDGER_FILE.open("a") as file:
        file.write("{\n")
    assert (found().fine, found().matters) == (False, False)
    with settings.LEDGER_FILE.open("a") as file:
        file.write("{\n")
    assert (found().fine, found().matters) == (False, True)
