"""A small run of what `make prove` does in full: no byte of later, and every byte of then."""

from __future__ import annotations

import pytest
from django.db import transaction
from tests.replay.generating import Generator
from tests.replay.proving import Tally, people, prove

REVIEWS, TIMES = 8, 5


@pytest.mark.django_db
def test_no_answer_holds_a_word_of_later_and_each_holds_the_words_of_then() -> None:
    who, tally = people(), Tally()
    for seed in range(REVIEWS):
        prove(seed, who, tally, TIMES)
    print(dict(tally.tried))
    assert tally.wrong[:5] == []
    assert tally.tried["canaries known then"] > REVIEWS * TIMES
    assert tally.tried["canaries not known then"] > REVIEWS * TIMES
    assert tally.tried["items deleted"] > REVIEWS


@pytest.mark.django_db
def test_the_proof_would_notice_a_blank_page_and_a_word_too_early() -> None:
    who = people()
    with transaction.atomic():
        world = Generator(3, who.viewer, who.authors).world()
        transaction.set_rollback(True)
    times = sorted(time for known in world.canaries.values() for time in known.values())
    assert any(
        world.expected(lane, times[-1]) > world.expected(lane, times[len(times) // 2])
        for lane in range(len(world.lanes))
    )
    assert any(not known for known in world.canaries.values())
