"""PostgreSQL keeps the plans of what pages ask; the worker and the commands keep none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from tests.migrated import address_of

ASKED = """
from django.db import connection
with connection.cursor() as cursor:
    for number in range(5):
        cursor.execute("SELECT count(*) FROM django_migrations WHERE id > %s", [number])
    cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%django_migrations%%'")
    print(cursor.fetchone()[0])
"""
BEGUN = {"web": "import secondstory.site.asgi", "worker": "import django; django.setup()"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans within the process")
@pytest.mark.parametrize(("process", "kept"), [("web", "1"), ("worker", "0")])
@pytest.mark.django_db
def test_plans_are_kept_in_the_web_process_alone(process: str, kept: str, tmp_path: Path) -> None:
    mine = {
        "DATABASE_URL": address_of(connection.settings_dict["NAME"], os.environ["DATABASE_URL"]),
        "DJANGO_SETTINGS_MODULE": "secondstory.site.settings",
        "SECONDSTORY_DATA": str(tmp_path),
    }
    told = subprocess.run(
        [sys.executable, "-c", BEGUN[process] + ASKED],
        env=os.environ | mine,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == kept
