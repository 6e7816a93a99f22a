from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.cast import Cast
from tests.timeline.evidence import line

from secondstory.evidence.changes import strike
from secondstory.evidence.signals import evidence_struck
from secondstory.reviews.models import Review
from secondstory.timeline import agreement_changes, changes, learned_changes, triage_changes
from secondstory.timeline.models import Citation, Difference, Learned, Moment, MomentChange
from secondstory.timeline.rules import without

SAID = "I pressed the wrong button and froze for a while before I told anybody about it"


def everything_kept(review: Review) -> str:
    rows = [
        *Moment.objects.for_system("a test's question").filter(review=review).values(),
        *MomentChange.objects.for_system("a test's question").filter(review=review).values("before", "after"),
        *Citation.objects.for_system("a test's question").filter(review=review).values(),
        *Difference.objects.for_system("a test's question").filter(review=review).values(),
        *Learned.objects.for_system("a test's question").filter(review=review).values(),
    ]
    return json.dumps(rows, default=str)


def test_the_words_of_a_struck_line_go_from_moment_and_history(cast: Cast, review: Review) -> None:
    evidence, other = line(review, SAID, author="ana"), line(review, "Latency fell at once")
    moment = triage_changes.accept(review, cast.bo, [evidence.number, other.number])
    row = replace(moment.row, information=f"Ana said: {SAID}", decision="Latency is watched")
    changes.edit(moment.pk, cast.cleo, row, 1)
    strike(evidence, cast.bo, "asked for by its author")
    moment.refresh_from_db()
    assert "wrong button" not in everything_kept(review)
    assert moment.what == "(taken back)\nLatency fell at once"
    assert moment.information == "Ana said: (taken back)"
    assert moment.decision == "Latency is watched"
    assert Citation.objects.visible_to(cast.ana).count() == 2


def test_they_go_from_accounts_that_differ_and_from_how_a_lane_learned(cast: Cast, review: Review) -> None:
    evidence = line(review, SAID, author="ana")
    moment = triage_changes.accept(review, cast.bo, [evidence.number])
    difference = agreement_changes.mark(moment.pk, cast.cleo, f"Not so: {SAID}. It was earlier.")
    learned = learned_changes.learn(moment.pk, cast.cleo, "Support", moment.at, f"read {SAID}")
    strike(evidence, cast.bo, "asked for by its author")
    difference.refresh_from_db()
    learned.refresh_from_db()
    assert "wrong button" not in everything_kept(review)
    assert difference.words.endswith("It was earlier.")
    assert learned.how == "read (taken back)"


def test_evidence_past_its_time_leaves_the_moments_words(cast: Cast, review: Review) -> None:
    evidence = line(review, SAID)
    moment = triage_changes.accept(review, cast.bo, [evidence.number])
    evidence_struck.send(sender=None, review_id=review.pk, evidence_ids=[evidence.pk], quotes=False)
    moment.refresh_from_db()
    assert moment.what == SAID


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (SAID, "-"),
        (f"Before. {SAID} After.", "Before. - After."),
        ("She told that she froze for a while before I told anybody about it.", "She told that she - it."),
        ("I pressed the button", "I pressed the button"),
        ("", ""),
    ],
)
def test_only_what_is_shared_goes(text: str, kept: str) -> None:
    assert without(text, SAID, "-") == kept


def test_a_short_quote_goes_whole_and_its_single_words_stay() -> None:
    assert without("ok, rolled it back. It is back.", "rolled it back.", "-") == "ok, - It is back."
