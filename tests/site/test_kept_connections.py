"""A connection to PostgreSQL that is kept from page to page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no line that can end"),
    pytest.mark.django_db,
]


def asked(database: Any, question: str, *given: object) -> Any:
    with database.cursor() as cursor:
        cursor.execute(question, given)
        return cursor.fetchone()[0]


def test_a_line_the_server_ended_is_replaced_before_the_next_page_asks() -> None:
    kept = connection.copy()
    kept.health_check_enabled = True
    try:
        first = asked(kept, "SELECT pg_backend_pid()")
        kept.health_check_done = False
        assert asked(kept, "SELECT pg_backend_pid()") == first
        assert asked(connection, "SELECT pg_terminate_backend(%s, 5000)", first)
        kept.health_check_done = False
        assert asked(kept, "SELECT pg_backend_pid()") != first
    finally:
        kept.close()
