"""The lanes as they are drawn, as a table, and as numbers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.cast import HAPPENED, Cast
from tests.timeline.evidence import line, many

from secondstory.reviews.models import KeyTime, Review
from secondstory.timeline import agreement_changes, changes, crowding, learned_changes, ranking_changes
from secondstory.timeline.crowding import MOST_POINTS, MOST_STRETCHES, crowd_of
from secondstory.timeline.models import Moment
from secondstory.timeline.rules import Row


def at(minutes: float) -> datetime:
    return HAPPENED + timedelta(minutes=minutes)


def ms(minutes: float) -> int:
    return int(at(minutes).timestamp() * 1_000)


@pytest.fixture
def moment(cast: Cast, review: Review) -> Moment:
    """Visible on a dashboard five minutes in, noted at eight, known to support at forty."""
    moment = changes.add(review, cast.ana, Row(at=at(8), what="Checkout answers slowly", lane="Checkout"))
    seen = line(review, "latency above 2 s", at(6), seen_from=at(5))
    changes.cite(moment.pk, cast.ana, [seen.number])
    learned_changes.learn(moment.pk, cast.ana, "Support desk", at(40), "a customer called")
    return moment


@pytest.fixture
def data(review: Review) -> str:
    return f"/reviews/{review.pk}/timeline/lanes.json"


def test_a_gap_reaches_from_first_visible_to_learned_in_the_lane_that_learned(
    cast: Cast, moment: Moment, data: str, signed_in: Any
) -> None:
    told = signed_in(cast.gil).get(data).json()
    lanes = {lane["name"]: lane["id"] for lane in told["lanes"]}
    assert told["gaps"] == [
        {"moment": moment.pk, "lane": lanes["Support desk"], "since": ms(5), "at": ms(40), "how": "a customer called"}
    ]
    (one,) = told["moments"]
    assert (one["lane"], one["at"], one["differs"]) == (lanes["Checkout"], ms(8), False)


def test_where_accounts_differ_is_marked_while_the_difference_stands(
    cast: Cast, moment: Moment, data: str, signed_in: Any
) -> None:
    client = signed_in(cast.ana)
    difference = agreement_changes.mark(moment.pk, cast.cleo, "Not slow: down.")
    assert client.get(data).json()["moments"][0]["differs"]
    assert "Not slow" not in client.get(data).content.decode()
    agreement_changes.keep_both(difference.pk, cast.bo)
    assert client.get(data).json()["moments"][0]["differs"]
    agreement_changes.open_again(difference.pk, cast.bo)
    agreement_changes.settle(difference.pk, cast.cleo)
    assert not client.get(data).json()["moments"][0]["differs"]


def test_key_times_that_are_known_are_told_by_name(cast: Cast, review: Review, data: str, signed_in: Any) -> None:
    KeyTime(review=review, name="started", at=at(0)).save()
    assert signed_in(cast.ana).get(data).json()["times"] == [{"name": "Started", "at": ms(0)}]


def test_the_table_says_what_the_drawing_shows(cast: Cast, review: Review, moment: Moment, signed_in: Any) -> None:
    agreement_changes.mark(moment.pk, cast.cleo, "Not slow: down.")
    page = " ".join(signed_in(cast.ana).get(f"/reviews/{review.pk}/timeline/lanes").content.decode().split())
    assert "<strong>Support desk</strong> learned of it at <time" in page
    assert ", 35 minutes after it could be seen (a customer called)" in page
    assert "Accounts differ" in page


def test_evidence_is_told_as_counts_and_times_and_never_as_whose(
    cast: Cast, review: Review, data: str, signed_in: Any
) -> None:
    many(review, 10)
    told = signed_in(cast.ana).get(data).json()["evidence"]
    assert set(told) == {"since", "until", "step", "bins", "points", "behind"}
    assert sum(lines for _, lines in told["bins"]) == 10
    assert told["points"] == [ms(number) for number in range(1, 11)]
    assert "ana" not in json.dumps(told)


def test_single_points_are_told_only_where_there_are_few(cast: Cast, review: Review) -> None:
    many(review, MOST_POINTS + 1)
    everything = crowd_of(review, cast.ana)
    assert everything
    assert everything.points is None
    assert sum(everything.stretches.values()) == MOST_POINTS + 1
    assert len(everything.stretches) <= MOST_STRETCHES + 1
    part = crowd_of(review, cast.ana, at(100), at(200))
    assert part
    assert part.points == [at(number) for number in range(100, 200)]


def test_a_great_many_lines_are_told_as_they_were_counted_before(
    cast: Cast, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(review, 300)
    monkeypatch.setattr(crowding, "MOST_READ", 100)
    before = crowd_of(review, cast.ana)
    assert before
    assert (before.behind, before.stretches) == (True, {})
    ranking_changes.rank(review)
    after = crowd_of(review, cast.ana)
    assert after
    assert not after.behind
    assert after.points is None
    assert sum(after.stretches.values()) == 300
    part = crowd_of(review, cast.ana, at(100), at(250))
    assert part
    assert 150 <= sum(part.stretches.values()) <= 160


def test_what_was_struck_is_not_counted(cast: Cast, review: Review) -> None:
    line(review, "gone", struck_at=datetime.now(tz=UTC))
    assert crowd_of(review, cast.ana) is None


@pytest.mark.parametrize("asked", ["since=x&until=5", "since=5", "since=99999999999999999999&until=5"])
def test_a_time_that_is_none_is_absent(cast: Cast, data: str, signed_in: Any, asked: str) -> None:
    assert signed_in(cast.ana).get(f"{data}?{asked}").status_code == 404


@pytest.mark.parametrize("who", ["dov", "eve"])
def test_for_everybody_else_the_lanes_are_absent(
    cast: Cast, review: Review, moment: Moment, data: str, signed_in: Any, who: str
) -> None:
    client, page = signed_in(getattr(cast, who)), f"/reviews/{review.pk}/timeline/lanes"
    for address in (page, f"{page}?part=table", f"{page}/evidence", data, f"{data}?since=1&until=2"):
        assert client.get(address).status_code == 404


def test_the_drawing_asks_the_same_at_1_and_at_100_moments(
    cast: Cast, review: Review, moment: Moment, data: str, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    client, page = signed_in(cast.bo), f"/reviews/{review.pk}/timeline/lanes"
    for address in (data, page, f"{page}/evidence"):
        client.get(address)
        with django_assert_max_num_queries(12) as few:
            client.get(address)
        for number in range(30):
            more = changes.add(review, cast.ana, Row(at=at(number), what="And more", lane=f"Lane {number}"))
            learned_changes.learn(more.pk, cast.ana, f"Lane {number}", at(number + 5))
        with django_assert_max_num_queries(12) as many_:
            client.get(address)
        assert len(few) == len(many_)
