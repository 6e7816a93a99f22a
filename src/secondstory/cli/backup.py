"""A backup is one file for any database: every table as JSON lines, and the stored files.

Never in it: the keys, the ledger, sessions, waiting letters and what sockets were told. What is sealed stays sealed.
"""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from secondstory import __version__
from secondstory.sealing import ledger
from secondstory.sealing.boxes import WrongKeys, refuse_wrong_keys

FORMAT = 1
BATCH = 2_000
LEFT_OUT = {
    "sessions.Session",
    "live.Change",
    "notify.Letter",
    "people.SetupCode",
    "contenttypes.ContentType",
    "auth.Permission",
    "auth.Group",
}


class Unfit(Exception):
    """The file is no backup that this version can restore, or the place to restore into is not empty."""


def write(path: Path) -> int:
    """Write everything into `path` and answer how many rows there were. The file appears whole or not at all."""
    part = path.with_name(path.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive, _one_view():
        rows = {_label(table): _write_table(archive, table) for table in _tables()}
        for file in _stored_files():
            archive.write(file, f"files/{file.relative_to(settings.MEDIA_ROOT)}")
        archive.writestr("about.json", json.dumps(_about(rows), indent=1))
    part.replace(path)
    return sum(rows.values())


def restore(path: Path, *, without_ledger: bool = False) -> int:
    """Fill the empty, migrated database and files folder from a backup, all of it or nothing.

    What was narrowed or deleted since the backup is so again before anybody can see the rest.
    """
    try:
        archive = zipfile.ZipFile(path)
        about = json.loads(archive.read("about.json"))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise Unfit(f"{path.name} is not a backup of Second Story.") from error
    _refuse_unfit(about)
    if not without_ledger:
        _refuse_older_ledger(about)
    with archive, _all_or_nothing():
        rows = sum(
            _restore_table(archive, table) for table in _tables() if f"rows/{_label(table)}.jsonl" in _names(archive)
        )
        _move_sequences_on()
        connection.check_constraints()
        _refuse_wrong_keys()
        ledger.refuse_newer()
        _restore_files(archive)
        # After the files: what was struck takes its picture along.
        ledger.replay()
    return rows


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except ledger.NewerLedger as newer:
        raise Unfit(
            f"The ledger holds entries ({newer}) of a newer version; nothing was restored. Update first."
        ) from newer
    except (zipfile.BadZipFile, ValueError, KeyError, TypeError, DatabaseError) as error:
        raise Unfit("This backup is damaged; nothing was restored.") from error


@contextmanager
def _one_view() -> Iterator[None]:
    """One unchanging view of the database that holds nobody up: `atomic` would keep SQLite's write lock."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _tables() -> list[type[models.Model]]:
    everything = apps.get_models(include_auto_created=True)
    return [model for model in _parents_first(everything) if _label(model) not in LEFT_OUT and not model._meta.proxy]


def _parents_first(tables: Iterable[type[models.Model]]) -> list[type[models.Model]]:
    ordered: list[type[models.Model]] = []

    def place(table: type[models.Model]) -> None:
        if table in ordered or table in under_way:
            return
        under_way.add(table)
        for field in table._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type):
                place(field.related_model)
        ordered.append(table)

    under_way: set[type[models.Model]] = set()
    for table in tables:
        place(table)
    return ordered


def _label(table: type[models.Model]) -> str:
    return table._meta.label


def _write_table(archive: zipfile.ZipFile, table: type[models.Model]) -> int:
    names = [field.attname for field in table._meta.concrete_fields]
    count = 0
    with archive.open(f"rows/{_label(table)}.jsonl", "w", force_zip64=True) as file:
        for row in table._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=BATCH):
            file.write(json.dumps(dict(zip(names, row, strict=True)), default=_plain).encode() + b"\n")
            count += 1
    return count


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return str(value)


def _stored_files() -> Iterator[Path]:
    root = Path(settings.MEDIA_ROOT)
    return (file for file in sorted(root.rglob("*")) if file.is_file()) if root.exists() else iter(())


def _about(rows: dict[str, int]) -> dict[str, Any]:
    applied = MigrationRecorder(connection).applied_migrations()
    ours = sorted(f"{app}.{name}" for app, name in applied)
    return {
        "format": FORMAT,
        "version": __version__,
        "at": timezone.now().isoformat(),
        "rows": rows,
        "ledger": ledger.length(),
        "migrations": ours,
    }


def _refuse_unfit(about: dict[str, Any]) -> None:
    if about.get("format") != FORMAT:
        raise Unfit("This backup has another format; restore it with the version that wrote it.")
    known = {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()}
    if newer := sorted(set(about["migrations"]) - known):
        raise Unfit(f"This backup is from a newer version (it has {newer[0]}). Update first, then restore.")
    if missing := sorted(known - set(about["migrations"])):
        raise Unfit(f"This backup is from an older version (it lacks {missing[0]}). Restore with {about['version']}.")
    from secondstory.people.models import Person

    if Person.objects.get_queryset().exists():
        raise Unfit("There is a review system here already. Restore into an empty data folder or database.")


def _refuse_older_ledger(about: dict[str, Any]) -> None:
    """A ledger that was shorter when the backup was written cannot be the one that goes with it."""
    if ledger.length() < about.get("ledger", 0):
        raise Unfit(
            f"The ledger at {settings.LEDGER_FILE} is missing or older than this backup, so what people took back"
            " since could not be taken back again. Put the ledger of the old machine there first. If it is lost,"
            " `--without-ledger` restores all the same: tell the authors."
        )


def _refuse_wrong_keys() -> None:
    try:
        refuse_wrong_keys()
    except WrongKeys as wrong:
        if not settings.KEYS_ARE_LOST:
            raise Unfit(
                f"The keys here are not those of this backup ({', '.join(wrong.ids)}); nothing was restored."
                f" Put its key file at {settings.KEY_FILE}, or its keys into SECONDSTORY_KEYS."
            ) from wrong


def _names(archive: zipfile.ZipFile) -> set[str]:
    return set(archive.namelist())


def _restore_table(archive: zipfile.ZipFile, table: type[models.Model]) -> int:
    count = 0
    table._base_manager.all().delete()
    with archive.open(f"rows/{_label(table)}.jsonl") as file:
        while batch := list(itertools.islice(file, BATCH)):
            table._base_manager.bulk_create([_row(table, json.loads(line)) for line in batch])
            count += len(batch)
    return count


def _row(table: type[models.Model], values: dict[str, Any]) -> models.Model:
    for field in table._meta.concrete_fields:
        value = values[field.attname]
        if isinstance(field, models.BinaryField) and value is not None:
            values[field.attname] = base64.b64decode(value)
        elif isinstance(field, models.DateField):
            values[field.attname] = field.to_python(value)
    return table(**values)


def _move_sequences_on() -> None:
    """PostgreSQL counts ids apart from the rows; the next new row must come after the restored ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _tables()):
            cursor.execute(statement)


def _restore_files(archive: zipfile.ZipFile) -> None:
    root = Path(settings.MEDIA_ROOT).resolve()
    for name in archive.namelist():
        target = (root / name.removeprefix("files/")).resolve()
        if name.startswith("files/") and not name.endswith("/") and target.is_relative_to(root):
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
