"""One world for all walks of a file: it is filled once and taken back at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from tests.cast import make_cast
from tests.privacy.leak import Leak
from tests.privacy.world import World, make_world


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world(make_cast())
        transaction.set_rollback(True)


def pytest_exception_interact(node: Any, call: Any) -> None:
    """While leaks are being planted, the first one found is enough."""
    if "SECONDSTORY_WALK_FIRST" in os.environ and isinstance(call.excinfo.value, Leak):
        node.session.shouldstop = "a leak"
