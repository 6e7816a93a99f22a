"""A ranking that did not come to its end is made again: at once when it was cut off, later when it failed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from tests.timeline.evidence import story

from secondstory.reviews.models import Review
from secondstory.timeline import ranking_changes
from secondstory.timeline.models import Proposed, Ranking


def due_at(review: Review) -> Any:
    return Ranking.objects.for_system("a test's question").get(review=review).due_at


def rank_while_storing_ends_in(end: type[BaseException]) -> None:
    def stopping(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith("INSERT") and Proposed._meta.db_table in sql:
            raise end
        return execute(sql, *rest)

    with connection.execute_wrapper(stopping):
        ranking_changes.rank_due()


def test_a_ranking_that_was_cut_off_is_taken_up_at_once(review: Review) -> None:
    story(review)
    ranking_changes.due(review.pk)
    with pytest.raises(SystemExit):
        rank_while_storing_ends_in(SystemExit)
    assert due_at(review) <= timezone.now()
    ranking_changes.rank_due()
    assert due_at(review) is None


def test_a_ranking_that_failed_waits_a_while(review: Review) -> None:
    story(review)
    ranking_changes.due(review.pk)
    rank_while_storing_ends_in(OperationalError)
    assert due_at(review) > timezone.now() + timedelta(minutes=9)
