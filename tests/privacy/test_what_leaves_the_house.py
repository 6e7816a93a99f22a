"""What stands on the disk, what commands print, and every door through which words could leave: none holds a story."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer.main
from django.db import connection, models
from tests.privacy.extent import in_turn
from tests.privacy.leak import none_of, walked
from tests.privacy.rows import system, tables, words_in
from tests.privacy.told import wrongly
from tests.privacy.world import AUDIENCES, SECRET, World
from typer.testing import CliRunner

import secondstory
from secondstory.cli import backup
from secondstory.cli.commands import app
from secondstory.sealing import ledger
from secondstory.sealing.offers import sealed_columns

pytestmark = pytest.mark.django_db
SOURCE = Path(secondstory.__file__).parent
STORIES = [word for word in AUDIENCES if word.startswith("zz")]

# How each command is run, as an administrator at the server would; `{review}` is one that is full of words.
RUN: dict[str, list[list[str]]] = {
    "check": [[]],
    "person list": [[]],
    "keys list": [[]],
    "export": [
        ["{review}", "--format", form, "--as", f"{who}@lantern.example"]
        for form, who in (("json", "bo"), ("markdown", "bo"), ("html", "cleo"), ("json", "dov"), ("json", "eve"))
    ],
}
# What the others are, and why running them here would show nothing: they print what they were given, or never end.
PRINT_NOTHING_READ = {
    "serve": "its pages and sockets are walked",
    "worker": "its sweeps write letters and rows, which are walked",
    "demo": "it tells its own example",
    "backup": "every byte of what it writes is searched below",
    "restore": "it prints how many rows came back",
    "keys rotate": "it prints ids of keys and how many rows were sealed anew",
    "person add": "it prints the address it was given",
    "person administrator": "it prints the address it was given",
    "person block": "it prints the address it was given",
    "person password": "it prints the address it was given",
    "person address": "it prints the addresses it was given",
    "import evidence": "it prints the names of the files it was given, and how many lines came in",
    "import review": "it prints the id of what it made",
    "lint": "it reads the files it was given and cannot reach a database",
    "lsp": "it answers about the texts an editor sends it and cannot reach a database",
}


def commands() -> Iterator[str]:
    yield from _under(typer.main.get_command(app), "")


def _under(command: Any, before: str) -> Iterator[str]:
    if isinstance(command, click.Group) or hasattr(command, "commands"):
        for name, each in command.commands.items():
            yield from _under(each, f"{before} {name}".strip())
    else:
        yield before


def test_every_command_is_known_to_the_walk() -> None:
    assert set(commands()) == set(RUN) | set(PRINT_NOTHING_READ), "say in RUN how a new command is run"


@pytest.mark.parametrize("command", RUN)
def test_no_command_prints_a_story(world: World, command: str) -> None:
    wrong = []
    for given in RUN[command]:
        told = (each.review for each in in_turn(world.told, command, *given))
        for review in (world.shown, world.hidden, *told):
            words = [each.format(review=review.pk) for each in given]
            result = CliRunner().invoke(app, [*command.split(), *words])
            assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
            # Exporting is reading the workshop as somebody who takes part; nobody is told what is not theirs.
            who = given[-1].partition("@")[0] if given else ""
            told = wrongly(result.output, who) if who else {word for word in AUDIENCES if word in result.output}
            wrong += [f"{command} {' '.join(given)} prints {word}" for word in told]
            walked.tried(f"command {command}", who or "the operator", "all", AUDIENCES, 0)
            if not given:
                break
    none_of(wrong)


def test_the_bytes_of_the_database_hold_no_word_of_a_story(world: World) -> None:
    """Everything that reads is sealed here too: what is searched for is there, behind the key."""
    rows = [row for model in tables() for row in system(model) if "zz" in words_in(row)]
    assert len(rows) > len(STORIES) / 2
    if connection.vendor == "sqlite":
        none_of(word for word in (*STORIES, SECRET) if word.encode() in connection.connection.serialize())
    else:
        none_of(f"{table}: {word}" for table in tables() for word in STORIES if word in _plain(table))


def _plain(table: type[models.Model]) -> str:
    return str(list(table._base_manager.values_list()))


def test_the_bytes_of_a_backup_hold_no_word_of_a_story(world: World) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        rows = {backup._label(table): backup._write_table(file, table) for table in backup._tables()}
        file.writestr("about.json", str(backup._about(rows)))
    names = zipfile.ZipFile(archive).namelist()
    content = b"".join(zipfile.ZipFile(archive).read(name) for name in names)
    walked.tried("backup", "the operator", "all", dict.fromkeys(STORIES, ()), 0)
    none_of(word for word in (*STORIES, SECRET) if word.encode() in content)


def test_the_ledger_holds_no_word(world: World) -> None:
    none_of(word for entry in ledger.entries() for word in STORIES if word in str(entry))


# Columns that hold what nobody wrote: names of kinds, addresses inside the product, digests, ids, numbers as text.
WRITTEN_BY_NOBODY = {
    "kind", "form", "format", "digest", "token_hash", "code_hash", "topic", "once", "failed", "zone", "time_zone",
    "locale", "password", "sign_in_stamp", "stamp", "event", "nonce", "upload", "image", "what", "state", "key", "audience",
    "reach", "masked", "seen_from", "before", "after", "choice", "about", "upto", "choices", "counts", "kinds",
    "sealed_address", "sealed_subject", "sealed_words", "scopes", "reasons", "also", "patterns", "handles", "sections",
}  # fmt: skip
# Names that administrators give to lists, and people to themselves; everybody in the organisation reads them.
READ_BY_ALL = {"Team.name", "RoleLabel.name", "Severity.name", "Severity.meaning", "Service.name", "Person.name"}
READ_BY_ALL |= {"Person.email", "Invitation.email", "Hook.name", "Hook.sealed_secret", "Participation.role_label"}
NOT_HERE = {
    "Evidence.struck_reason": "a struck line keeps no other words; tests/evidence/test_striking.py",
    "Import.found": "what the import found stands in the lines too",
    "Ranking.places": "the places stand in the lines too",
    "Proposed.word": "a word of the product's own list",
    "Review.published_summary": "the summary stands in the version too",
    "NameChoice.about": "names are walked by the guests' test",
    "Section.title": "the template's, or the organisation's own",
    "KeyTime.name": "of the product's own list",
}


def test_every_column_that_takes_words_has_a_planted_one(world: World) -> None:
    """A new column must be filled in `world.py` or `histories.py`, or it must be said here why not."""
    empty = []
    for table in tables():
        everything = " ".join(words_in(row) for row in system(table))
        for field in table._meta.concrete_fields:
            name = f"{table.__name__}.{field.name}"
            if not _takes_words(field) or field.name in WRITTEN_BY_NOBODY or name in READ_BY_ALL | set(NOT_HERE):
                continue
            values = " ".join(str(value) for value in table._base_manager.values_list(field.attname, flat=True))
            told = everything if field.name == "stored" else values
            if not any(word in told for word in AUDIENCES):
                empty.append(name)
    assert not empty, empty


def _takes_words(field: Any) -> bool:
    plain = isinstance(field, models.CharField | models.TextField | models.JSONField)
    return plain and not field.choices and not field.primary_key


# Every column that the key rotation knows: opened by `rows.words_in`, or a secret of signing in, of a hook, of a letter.
SEALED = {
    "parts of stories", "notes of interviews", "passages beside moments", "what was later found otherwise", "quotes",
    "passages that ideas came from", "wording that was let stand",
    "webhook secrets", "sign-in stamps", "sign-in: secret", "sign-in: seed", "API tokens", "guest links",
    "letters: address", "letters: subject", "letters: words",
}  # fmt: skip


def test_what_is_sealed_is_known_to_the_walk() -> None:
    assert {column.name for column in sealed_columns()} == SEALED, "teach `rows.words_in` to open a new column"


# Rows of these tables are made by a start or by going on, and nobody reads them.
EMPTY_HERE = {"SetupCode", "Template", "Ranking", "Proposed", "NameChoice"}


def test_every_table_has_a_row(world: World) -> None:
    """Where nothing stands, nothing can be seen to leak."""
    assert {each.__name__ for each in tables() if not system(each).exists()} <= EMPTY_HERE
