from __future__ import annotations

import logging
from threading import Event

import pytest

from secondstory.work.offers import Sweep
from secondstory.work.worker import _keep_sweeping, _swept

pytestmark = pytest.mark.django_db


def test_a_failing_sweep_is_logged_by_its_type_alone(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> bool:
        raise ValueError("somebody's words")

    with caplog.at_level(logging.WARNING):
        assert _swept(Sweep("failing", 1, fail)) is False
    assert "ValueError" in caplog.text
    assert "somebody's words" not in caplog.text


def test_a_sweep_runs_again_at_once_while_more_is_waiting() -> None:
    stop, left = Event(), [3]

    def work() -> bool:
        left[0] -= 1
        if left[0] == 0:
            stop.set()
        return left[0] > 0

    _keep_sweeping(Sweep("counting", 60, work), stop)
    assert left == [0]
