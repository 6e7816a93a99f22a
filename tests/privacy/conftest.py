"""One world for all walks of a file: it is filled once and taken back at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from tests.cast import make_cast
from tests.privacy.world import World, make_world


def _kept_for(fixture_name: str, config: pytest.Config) -> Any:
    """While leaks are being planted, one world serves them all."""
    return "session" if "SECONDSTORY_PLANTING" in os.environ else "module"


@pytest.fixture(scope=_kept_for)
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world(make_cast())
        transaction.set_rollback(True)
