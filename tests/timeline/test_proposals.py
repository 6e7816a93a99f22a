"""Proposals over invented evidence: every word, folding, firsts, and that nobody is ranked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from weakref import WeakSet

import pytest

from secondstory.evidence.importers.record import Kind
from secondstory.timeline.proposal_words import TOLD, told
from secondstory.timeline.proposals import Context, Line, Proposal, propose, words
from secondstory.timeline.proposals_cues import Cue, all_words, cues_for, examples, words_of
from secondstory.timeline.proposals_reading import KIND_WORDS

NOON = datetime(2031, 4, 2, 12, 0, tzinfo=UTC)
CONTEXT = Context(
    title="Checkout times out", services=("checkout",), started_at=NOON, resolved_at=NOON + timedelta(hours=3)
)


def line(number: int, text: str, minutes: float = 10, kind: str = "message", **more: object) -> Line:
    plain = Line(number, NOON + timedelta(minutes=minutes), "ana", text, "#operations", kind)
    return replace(plain, **more)


def word_of(text: str, kind: str = "message", **more: object) -> str:
    """The word one line gets when a first mention is already made by another."""
    earlier = line(0, "the basket page is broken for me", minutes=-20)
    found = {
        proposal.number: proposal.word for proposal in propose([earlier, line(1, text, kind=kind, **more)], CONTEXT)
    }
    return found.get(1, "")


def by_number(proposals: list[Proposal]) -> dict[int, Proposal]:
    return {proposal.number: proposal for proposal in proposals}


@pytest.mark.parametrize(
    ("cue", "family", "wanted", "text"), examples(), ids=lambda value: str(getattr(value, "word", value))[:40]
)
def test_an_example_of_a_cue_is_found_or_left(cue: Cue, family: str, wanted: bool, text: str):
    found = [one.word for one in cues_for(family).found(words_of(text)) if one.noise == cue.noise]
    assert (cue.word in found) is wanted


SAID = [
    ("rollback", "rolling the basket image back to Tuesday's build"),
    ("decision", "agreed, we're going to wait for the backup"),
    ("call for help", "can anyone with database access look at this?"),
    ("hypothesis", "I suspect the new index"),
    ("finding", "found it: the config still names the old host"),
    ("back to normal", "all clear, it's back"),
    ("status update", "posted an update on the status page"),
    ("deploy", "merged and deploying to production"),
    ("action taken", "restarted the basket workers"),
    ("symptom", "lots of 502s on the images page"),
    ("alert", "[FIRING:1] alert QueueDepth triggered"),
    ("recovery", "Recovery: front page (origin)"),
    ("names the problem", "does the checkout page have a times table"),
]


@pytest.mark.parametrize(("word", "text"), SAID)
def test_what_is_said_is_explained_in_a_word(word: str, text: str):
    assert word_of(text) == word


CHANGED = [
    ("rollback", 'Revert "Raise the pool to 40"'),
    ("speaks of the problem", "Give the proxy room, it caused the outage"),
    ("fix", "Hotfix for the lease renewal"),
    ("deploy", "Merge #12 to production"),
    ("capacity change", "Raise the worker pool to 40"),
    ("machines moved", "Depool the second database"),
    ("version bump", "Bump the proxy chart"),
    ("config change", "Disable the image cleaner"),
    ("change", "Colour the button green"),
]


@pytest.mark.parametrize(("word", "text"), CHANGED)
def test_a_commit_is_explained_in_a_word(word: str, text: str):
    proposals = propose([line(1, text, kind="commit", files=("config/live.yaml",))], CONTEXT)
    assert [proposal.word for proposal in proposals] == [word]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.MESSAGE, Kind.LOG)])
def test_a_kind_of_record_explains_itself(kind: Kind):
    files = ("config/live.yaml",) if kind is Kind.COMMIT else ()
    assert word_of("basket 17", kind=str(kind), files=files) == KIND_WORDS[kind]


def test_an_error_in_a_log_is_told():
    assert word_of("ERROR lease lost by worker 3", kind="log") in {"error", "symptom"}
    assert word_of("FATAL lease lost by worker 3", kind="log") == "error"


def test_every_word_given_is_in_the_list_of_words():
    lines = [line(number, text, minutes=number) for number, (_, text) in enumerate(SAID)]
    lines += [line(50 + number, text, kind="commit") for number, (_, text) in enumerate(CHANGED)]
    assert {proposal.word for proposal in propose(lines, CONTEXT)} <= set(words())


def test_every_word_and_reason_can_be_translated():
    far = Context(title="Checkout times out", services=("checkout",), window=(NOON, NOON + timedelta(minutes=30)))
    found = propose(mixed(), CONTEXT) + propose(mixed(), far)
    reasons = {reason for proposal in found for reason in proposal.reasons}
    assert set(words()) | all_words(noise=True) | reasons <= set(TOLD)
    assert str(told("rollback")) == "rollback"


def test_the_earliest_symptom_is_the_first_mention():
    lines = [line(1, "checkout is down for me", 5), line(2, "orders are failing", 2), line(3, "still broken here", 20)]
    assert [one.number for one in propose(lines, CONTEXT) if one.word == "first mention"] == [2]


def test_a_resolved_notice_is_no_first_mention():
    lines = [line(1, "the issue with failing orders is resolved", 1)]
    assert [one.word for one in propose(lines, CONTEXT)] == ["back to normal"]


def test_small_talk_and_silence_are_not_proposed():
    assert propose([line(1, "good morning, coffee?"), line(2, ""), line(3, "ok")], CONTEXT) == []


def test_a_line_that_names_the_problem_comes_before_the_same_words_about_something_else():
    lines = [line(1, "restarted the search workers"), line(2, "restarted the checkout workers")]
    lines += [line(number, "nothing here") for number in range(3, 40)]
    first, second = propose(lines, CONTEXT)
    assert (first.number, second.number) == (2, 1)
    assert "names the problem" in first.reasons


def test_a_change_close_to_the_start_comes_before_the_same_kind_of_change_a_week_before():
    lines = [line(1, "Bump the proxy chart", -7 * 24 * 60, "commit"), line(2, "Bump the cache chart", -20, "commit")]
    assert propose(lines, CONTEXT)[0].number == 2


def test_closeness_to_a_known_time_is_told():
    proposal = propose([line(1, "restarted the workers", 181)], CONTEXT)[0]
    assert "close to the end" in proposal.reasons


def test_a_service_of_the_review_is_told():
    proposal = propose([line(1, "disk", kind="deploy", service="Checkout")], CONTEXT)[0]
    assert "one of the services" in proposal.reasons


def test_without_any_time_ranking_still_works():
    bare = Context(title="Checkout times out")
    assert [one.word for one in propose([line(1, "let's roll back", at=None)], bare)] == ["rollback"]


def test_a_line_outside_the_chosen_window_falls_behind():
    window = replace(CONTEXT, window=(NOON, NOON + timedelta(hours=1)))
    lines = [line(1, "restarted the basket workers", 90), line(2, "restarted the search workers", 30)]
    assert [one.number for one in propose(lines, window)] == [2, 1]


def test_documentation_automatic_upkeep_and_reports_fall_behind():
    lines = [
        line(1, "docs: explain the deployment to production", 5, "commit", files=("docs/deploy.md",)),
        line(2, "build(deps): bump tinylib from 1.0 to 1.1", 6, "commit"),
        line(3, "add incident report for the checkout outage", 7, "commit"),
        line(4, "Disable the image cleaner", 8, "commit"),
    ]
    assert propose(lines, CONTEXT)[0].number == 4


def test_a_change_that_is_taken_back_later_says_so():
    lines = [line(1, "Widen the retry budget", 1, "commit"), line(2, 'Revert "Widen the retry budget"', 60, "commit")]
    assert "rolled back later" in by_number(propose(lines, CONTEXT))[1].reasons


def test_a_merge_is_folded_into_the_change_it_merges():
    merge = line(2, "Merge pull request #7 from ana/pool\n\nRaise the worker pool to 40", 12, "commit")
    proposals = propose([line(1, "Raise the worker pool to 40", 10, "commit"), merge], CONTEXT)
    assert [(one.number, one.also) for one in proposals] == [(1, (2,))]


def test_the_same_message_of_two_separate_changes_stays_two():
    lines = [line(1, "Bump the proxy chart", 0, "commit"), line(2, "Bump the proxy chart", 120, "commit")]
    assert {one.number for one in propose(lines, CONTEXT)} == {1, 2}


def test_a_burst_of_one_alert_gives_its_first_and_its_recovery():
    burst = [
        line(number, f"ALERT checkout latency {number} ms", number, "alert", service="checkout")
        for number in range(1, 40)
    ]
    burst.append(line(40, "RESOLVED checkout latency 80 ms", 41, "recovery", service="checkout"))
    proposals = propose(burst, CONTEXT)
    assert {(one.number, one.word) for one in proposals} == {(1, "alert"), (40, "recovery")}
    assert len(by_number(proposals)[1].also) == 38


def test_flapping_is_one_episode_and_a_new_one_later_is_another():
    kinds = [("alert", 0), ("recovery", 5), ("alert", 10), ("recovery", 20), ("alert", 120)]
    lines = [line(number, "queue depth", minutes, kind) for number, (kind, minutes) in enumerate(kinds)]
    assert {one.number for one in propose(lines, CONTEXT)} == {0, 3, 4}


def test_near_identical_messages_become_one_proposal_with_the_others_beside_it():
    lines = [line(number, f"order {number} failed with error 502", number) for number in range(1, 21)]
    proposals = propose(lines, CONTEXT)
    assert [one.number for one in proposals] == [1]
    assert len(proposals[0].also) == 19


def mixed() -> list[Line]:
    said = [line(number, text, number, author=f"person{number % 4}") for number, (_, text) in enumerate(SAID)]
    done = [line(50 + number, text, number * 3, "commit") for number, (_, text) in enumerate(CHANGED)]
    return said + done


def test_the_same_lines_give_the_same_proposals_in_whatever_order_they_come():
    assert propose(mixed(), CONTEXT) == propose(mixed(), CONTEXT) == propose(reversed(mixed()), CONTEXT)


@pytest.mark.parametrize(
    "rename", [lambda _: "eve", lambda author: author[::-1], lambda _: "", lambda author: f"{author} (lead)"]
)
def test_renaming_everybody_changes_nothing(rename):
    renamed = [replace(one, author=rename(one.author)) for one in mixed()]
    assert propose(renamed, CONTEXT) == propose(mixed(), CONTEXT)


def test_the_limit_keeps_the_best():
    assert propose(mixed(), CONTEXT, limit=3) == propose(mixed(), CONTEXT)[:3]


def test_scores_fall_from_first_to_last():
    scores = [one.score for one in propose(mixed(), CONTEXT)]
    assert scores == sorted(scores, reverse=True)


def test_a_paragraph_of_a_megabyte_is_read_only_at_its_beginning():
    assert [one.word for one in propose([line(1, "let's roll back " + "and on " * 150_000)], CONTEXT)] == ["rollback"]


class Text(str):
    """Text one can watch being let go."""

    __slots__ = ("__weakref__",)


def test_fifty_thousand_lines_are_read_as_a_stream_without_keeping_their_text():
    alive: WeakSet[Text] = WeakSet()
    most = 0

    def stream() -> Iterator[Line]:
        nonlocal most
        for number in range(50_000):
            text = Text(f"{SAID[number % len(SAID)][1]} {'abcdefgh'[number % 8]}")
            alive.add(text)
            most = max(most, len(alive))
            yield line(number, text, number / 100)

    assert len(propose(stream(), CONTEXT)) >= 10
    assert most <= 3
