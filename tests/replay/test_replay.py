"""Replay by the cast: who may, what stands there, where steps lead."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from tests.cast import HAPPENED, Cast
from tests.stories import telling
from tests.timeline.evidence import line

from secondstory.replay.asking import written
from secondstory.reviews.models import Review
from secondstory.stories import beside_changes
from secondstory.stories.models import Perspective
from secondstory.timeline import changes, lane_changes, learned_changes, place_changes
from secondstory.timeline.models import Lane, Moment
from secondstory.timeline.rules import Row


def at(minutes: float) -> datetime:
    return HAPPENED + timedelta(minutes=minutes)


@pytest.fixture
def lane(cast: Cast, review: Review) -> Lane:
    """Ana's lane, with an alert before, a war room she came to late, a pivot, and what she was told."""
    line(review, "Firing: checkout latency", at(-3), kind="alert", place="#alerts", author="monitor")
    line(review, "it is the price service", at(4), place="#war-room", reach="private", author="cleo")
    line(review, "rolled back", at(20), place="#ops", author="cleo")
    lane = lane_changes.add_lane(review, cast.bo, "on-call engineer")
    place_changes.between(lane.pk, cast.bo, "#war-room", at(12), None)
    own = Row(
        at=at(2), what="Pager goes off", information="One graph", decision="Restart it", lane=lane.name, pivot=True
    )
    changes.add(review, cast.bo, own)
    told = changes.add(
        review, cast.bo, Row(at=at(5), what="Deploy is stopped", decision="Stop it", lane="release lead")
    )
    learned_changes.learn(told.pk, cast.bo, lane.name, at(15), "by phone")
    changes.add(review, cast.bo, Row(at=at(40), what="Root found", lane=lane.name, pivot=True))
    return lane


def address(lane: Lane, minutes: float | None = None, to: str = "") -> str:
    query = "" if minutes is None else f"?at={written(at(minutes))}" + (f"&to={to}" if to else "")
    return f"/reviews/{lane.review_id}/replay/{lane.pk}{query}"


def page(client: Client, lane: Lane, minutes: float, to: str = "") -> str:
    answer = client.get(address(lane, minutes, to))
    assert answer.status_code == 200
    return answer.content.decode()


def minutes_to(answer: Any) -> float:
    given = parse_qs(urlsplit(answer.headers["Location"]).query)["at"][0]
    return (datetime.fromisoformat(given) - HAPPENED) / timedelta(minutes=1)


WORDS = ("checkout latency", "Pager goes off", "One graph", "Restart it", "it is the price service", "Deploy is stopped", "by phone", "Stop it", "rolled back", "Root found")  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "known"),
    [
        (-4, 0),
        (-3, 1),
        (2, 3),
        (2.5, 4),
        (11, 4),
        (12, 5),
        (15, 7),
    ],
)
def test_each_thing_is_there_from_when_it_could_be_known(
    cast: Cast, lane: Lane, signed_in: Any, minutes: float, known: int
) -> None:
    told = page(signed_in(cast.cleo), lane, minutes)
    assert [word for word in WORDS if word in told] == list(WORDS[:known])


def test_of_anothers_moment_one_learns_that_it_happened_and_not_how_it_was_decided(
    cast: Cast, lane: Lane, signed_in: Any
) -> None:
    told = page(signed_in(cast.cleo), lane, 60)
    assert [word for word in WORDS if word not in told] == ["Stop it"]


@pytest.mark.parametrize("who", ["ana", "bo", "cleo", "gil"])
def test_whoever_takes_part_may_stand_in_any_lane(cast: Cast, lane: Lane, signed_in: Any, who: str) -> None:
    client = signed_in(getattr(cast, who))
    assert lane.name in client.get(f"/reviews/{lane.review_id}/replay").content.decode()
    assert "Pager goes off" in page(client, lane, 3)
    assert client.get("/api" + address(lane, 3)).json()["moments"][0]["what"] == "Pager goes off"


@pytest.mark.parametrize("who", ["dov", "eve", "nobody"])
def test_for_everybody_else_replay_is_absent(cast: Cast, lane: Lane, signed_in: Any, who: str) -> None:
    client = signed_in(getattr(cast, who))
    absent = {302, 401} if who == "nobody" else {404}
    for place in (f"/reviews/{lane.review_id}/replay", address(lane), address(lane, 3), address(lane, 3, "next")):
        assert client.get(place).status_code in absent
    for place in (address(lane, 3), address(lane).replace(lane.pk, f"{lane.pk}/step") + f"?at={written(at(3))}"):
        assert client.get("/api" + place).status_code in absent


def test_a_lane_of_another_review_is_absent_here(cast: Cast, lane: Lane, review: Review, signed_in: Any) -> None:
    assert signed_in(cast.bo).get(f"/reviews/{review.pk}/replay/aaaaaaaaaaaa").status_code == 404


def test_the_frame_has_no_title_no_way_to_other_pages_of_the_review_no_script_and_no_socket(
    cast: Cast, lane: Lane, review: Review, signed_in: Any
) -> None:
    answer = signed_in(cast.cleo).get(address(lane, 3))
    told = answer.content.decode()
    for hidden in (review.title, "<script", "data-live", "data-palette", "/live", "/timeline", "/evidence", "csrf"):
        assert hidden not in told
    assert "<title>Replay · Second Story</title>" in told
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_visit_without_a_time_begins_when_it_happened_or_at_the_lanes_first_moment(
    cast: Cast, lane: Lane, signed_in: Any
) -> None:
    client = signed_in(cast.cleo)
    assert minutes_to(client.get(address(lane))) == 0
    assert client.get("/api" + address(lane)).json() == client.get("/api" + address(lane, 0)).json()
    changes.add(lane.review, cast.bo, Row(at=at(-9), what="Goes home", lane=lane.name))
    assert minutes_to(client.get(address(lane))) == -9


@pytest.mark.parametrize(
    ("minutes", "to", "there"),
    [
        (-9, "next", -3),
        (-3, "next", 2),
        (2, "next", 2 + 1 / 60),
        (3, "next", 12),
        (12, "next", 15),
        (15, "next", 20),
        (20, "next", 40),
        (-9, "decision", 2),
        (2, "decision", 40),
        (39, "decision-before", 2),
        (3, "minute", 4),
        (3, "ten", 13),
        (3, "back", 2),
        (3, "back-ten", -7),
    ],
)
def test_a_step_leads_to_what_comes_next_in_this_lane(
    cast: Cast, lane: Lane, signed_in: Any, minutes: float, to: str, there: float
) -> None:
    client = signed_in(cast.cleo)
    assert minutes_to(client.get(address(lane, minutes, to))) == pytest.approx(there)
    if to in {"next", "decision", "decision-before"}:
        place = "/api" + address(lane, minutes, to).replace(lane.pk, f"{lane.pk}/step")
        told = datetime.fromisoformat(client.get(place).json()["at"])
        assert (told - HAPPENED) / timedelta(minutes=1) == pytest.approx(there)


@pytest.mark.parametrize("to", ["next", "decision"])
def test_where_nothing_more_comes_the_page_says_so_only_when_asked(
    cast: Cast, lane: Lane, signed_in: Any, to: str
) -> None:
    client = signed_in(cast.cleo)
    assert "From here n" in page(client, lane, 41, to)
    assert "From here n" not in page(client, lane, 41)


def test_steps_look_the_same_at_every_time(cast: Cast, lane: Lane, signed_in: Any) -> None:
    client = signed_in(cast.cleo)

    def steps(minutes: float) -> str:
        told = page(client, lane, minutes).replace(written(at(minutes)).replace(":", "%3A"), "NOW")
        return told[told.index('class="replay__steps"') : told.index('class="replay__goto"')]

    assert steps(-60) == steps(3) == steps(600)


def test_a_decision_point_is_named_while_one_stands_at_it(cast: Cast, lane: Lane, signed_in: Any) -> None:
    client = signed_in(cast.cleo)
    assert "A decision point" in page(client, lane, 2)
    assert "A decision point" not in page(client, lane, 3)
    for question in ("What do you see?", "What do you expect", "What are you trying to do?", "What else is going on?"):
        assert question in page(client, lane, 2)


def test_times_are_typed_in_the_viewers_zone(cast: Cast, lane: Lane, signed_in: Any) -> None:
    cast.cleo.time_zone = "Europe/Berlin"
    cast.cleo.save()
    told = signed_in(cast.cleo).get(address(lane) + "?at=2026-03-09T15:07:00").content.decode()
    assert 'value="2026-03-09T15:07:00"' in told
    assert "Pager goes off" in told


@pytest.mark.parametrize(
    "wrong", ["yesterday", "2026-13-01T00:00:00Z", "1833-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"]
)
def test_a_time_that_is_none_is_named_and_nothing_is_shown(cast: Cast, lane: Lane, signed_in: Any, wrong: str) -> None:
    client = signed_in(cast.cleo)
    answer = client.get(address(lane), {"at": wrong})
    assert answer.status_code == 422
    assert not any(word in answer.content.decode() for word in WORDS)
    assert client.get("/api" + address(lane), {"at": wrong}).status_code == 422


@pytest.mark.parametrize("given", ["2026-03-09T14:07:00Z", "2026-03-09 14:07", "2026-03-09T15:07:00 01:00"])
def test_a_time_may_be_given_in_several_ways(cast: Cast, lane: Lane, signed_in: Any, given: str) -> None:
    assert "Pager goes off" in signed_in(cast.cleo).get(address(lane), {"at": given}).content.decode()


def test_a_removed_moment_and_a_struck_line_say_nothing(cast: Cast, lane: Lane, review: Review, signed_in: Any) -> None:
    gone = changes.add(review, cast.bo, Row(at=at(1), what="Never mind", lane=lane.name))
    changes.remove(gone.pk, cast.bo)
    line(review, "walrus", at(1), author="dov", place="#ops", struck_at=timezone.now())
    told = page(signed_in(cast.cleo), lane, 3)
    assert "Never mind" not in told
    assert "walrus" not in told
    assert "[taken out at the request of whom it concerns]" in told


def test_many_lines_are_read_a_page_at_a_time_and_none_twice_or_never(
    cast: Cast, lane: Lane, review: Review, signed_in: Any
) -> None:
    for number in range(150):
        line(review, f"line {number:03}.", at(100) + timedelta(microseconds=number // 4), place="#ops")
    client, found, query = signed_in(cast.cleo), [], {"at": written(at(101))}
    while query:
        told = client.get("/api" + address(lane), query).json()
        found = [each["text"] for each in told["lines"]] + found
        query = query | {"before": told["earlier"]} if told["earlier"] else {}
    assert [text for text in found if text.startswith("line")] == [f"line {number:03}." for number in range(150)]
    assert "Before this" in page(client, lane, 101)
    assert "line 000." not in page(client, lane, 101)


def test_a_page_asks_the_database_as_often_for_many_rows_as_for_few(
    cast: Cast, lane: Lane, review: Review, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        line(review, f"line {number}", at(3), place="#ops")
        changes.add(review, cast.bo, Row(at=at(1), what=f"Moment {number}", lane=lane.name))
    client = signed_in(cast.cleo)
    with django_assert_max_num_queries(12):
        client.get(address(lane, 60))


def test_a_decision_point_in_the_timeline_leads_to_where_one_can_stand(cast: Cast, lane: Lane, signed_in: Any) -> None:
    client = signed_in(cast.cleo)
    told = client.get(f"/reviews/{lane.review_id}/timeline").content.decode()
    ways = re.findall(r'href="(/reviews/[^"]*/replay/[^"]*)"', told)
    assert [unquote(way) for way in ways] == [address(lane, 2), address(lane, 40)]
    assert "A decision point" in client.get(ways[0]).content.decode()


@pytest.fixture
def passage(cast: Cast, lane: Lane) -> Perspective:
    """Ana, who is called as her lane is, let Bo and those who take part read what she took to be so at her pager."""
    part = telling.told(lane.review, cast.ana, "participants", name="assumed", words="I took the deploy to be done")
    moment = Moment.objects.visible_to(cast.ana).get(what="Pager goes off")
    return beside_changes.lay(part.pk, moment.pk, by=cast.ana, kind="assumed", words="I took the deploy to be done")


def test_the_lanes_own_words_are_there_from_their_moment_on_for_who_may_read_them(
    cast: Cast, lane: Lane, passage: Perspective, signed_in: Any
) -> None:
    for who, told in (("ana", True), ("cleo", True), ("gil", False)):
        client = signed_in(getattr(cast, who))
        assert ("I took the deploy" in page(client, lane, 2)) is told
        assert "I took the deploy" not in page(client, lane, 1)


def test_that_it_was_otherwise_is_there_from_when_it_was_found(
    cast: Cast, lane: Lane, passage: Perspective, signed_in: Any
) -> None:
    beside_changes.found_otherwise(passage.pk, by=cast.ana, at=at(30), how="The list said so")
    client = signed_in(cast.cleo)
    assert "I took the deploy" in page(client, lane, 29)
    assert "The list said so" not in page(client, lane, 29)
    assert "The list said so" in page(client, lane, 30)


def test_words_of_another_lane_are_not_this_lanes(cast: Cast, lane: Lane, passage: Perspective, signed_in: Any) -> None:
    other = Lane.objects.visible_to(cast.cleo).get(name="release lead")
    assert "I took the deploy" not in page(signed_in(cast.cleo), other, 60)


def test_words_taken_back_leave_the_page_and_what_hears_of_it(
    cast: Cast, lane: Lane, passage: Perspective, signed_in: Any
) -> None:
    client = signed_in(cast.cleo)
    told = page(client, lane, 2)
    assert re.findall(r'data-live="([^"]*)"', told) == [f"held:{cast.cleo.pk} review:{lane.review_id}"]
    again = html.unescape(re.findall(r'data-live-refresh="([^"]*)"', told)[0])
    assert "I took the deploy" in client.get(again).content.decode()
    telling.share(passage.part, cast.ana, "me")
    told = client.get(again).content.decode()
    assert "I took the deploy" not in told
    assert 'id="their-words"' in told
    assert "data-live" not in page(client, lane, 2)
