from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import Http404
from tests.cast import HAPPENED, Cast, make_review
from tests.timeline.evidence import line

from secondstory.evidence.models import Import
from secondstory.reviews.models import Review
from secondstory.timeline import lane_changes, place_changes
from secondstory.timeline.models import Lane, LanePlace
from secondstory.timeline.place_reading import places_of, said_of, suggested, windows_of
from secondstory.timeline.rules import ALWAYS, NEVER, Refused, Window, readable_from, windows_for


def at(minutes: int) -> datetime:
    return HAPPENED + timedelta(minutes=minutes)


@pytest.fixture
def lane(cast: Cast, review: Review) -> Lane:
    line(review, "who deployed?", at(3), place="#ops", reach="public", author="dov")
    line(review, "I can see it too", at(5), place="#war-room", reach="private", author="ana-oncall")
    line(review, "rolling back", at(9), place="#war-room", reach="private", author="ana-oncall")
    found = {"places": [{"name": "#ops", "reach": "public"}, {"name": "#war-room", "reach": "private"}]}
    Import(review=review, name="chat.zip", state=Import.State.DONE, found=found).save()
    cast.ana.handles = ["@ana-oncall"]
    cast.ana.save()
    return lane_changes.add_lane(review, cast.bo, "on-call engineer")


def said(lane: Lane) -> list[tuple[str, bool, datetime | None, datetime | None]]:
    rows = LanePlace.objects.for_system("a test's question").filter(lane=lane)
    return [(row.place, row.reads, row.since, row.until) for row in rows]


def test_public_places_are_always_readable_and_others_never_until_something_is_said() -> None:
    assert windows_for("#ops", {}, public=True) == ALWAYS
    assert windows_for("#ops", {}, public=False) == NEVER
    for public in (True, False):
        assert windows_for("#ops", {"#ops": NEVER}, public=public) == NEVER


@pytest.mark.parametrize(
    ("windows", "known"),
    [
        (ALWAYS, at(10)),
        (NEVER, None),
        ((Window(at(20), None),), at(20)),
        ((Window(at(5), at(15)),), at(10)),
        ((Window(None, at(10)),), None),
        ((Window(None, at(9)), Window(at(30), at(40))), at(30)),
        ((Window(at(30), at(40)), Window(at(12), at(13))), at(12)),
    ],
)
def test_a_line_is_known_from_when_its_place_could_first_be_read(
    windows: tuple[Window, ...], known: datetime | None
) -> None:
    assert readable_from(at(10), windows) == known


def test_the_places_of_a_review_name_the_private_ones_first(cast: Cast, review: Review, lane: Lane) -> None:
    assert [(place.name, place.public) for place in places_of(review, cast.ana)] == [
        ("#war-room", False),
        ("#ops", True),
    ]


def test_a_lanes_own_lines_suggest_private_places_until_something_is_said(cast: Cast, lane: Lane) -> None:
    assert [(each.place, each.since) for each in suggested(lane, cast.ana)] == [("#war-room", at(5))]
    place_changes.take_suggestions(lane.pk, cast.ana)
    assert said(lane) == [("#war-room", True, at(5), None)]
    assert suggested(lane, cast.ana) == []


def test_saying_never_or_always_replaces_what_was_said(cast: Cast, lane: Lane) -> None:
    place_changes.between(lane.pk, cast.ana, "#ops", at(1), at(2))
    place_changes.between(lane.pk, cast.ana, "#ops", at(4), None)
    assert windows_of(said_of(lane, cast.ana)) == {"#ops": (Window(at(1), at(2)), Window(at(4), None))}
    place_changes.never(lane.pk, cast.ana, "#ops")
    assert windows_of(said_of(lane, cast.ana)) == {"#ops": NEVER}
    place_changes.always(lane.pk, cast.ana, "#ops")
    assert windows_of(said_of(lane, cast.ana)) == {"#ops": ALWAYS}
    place_changes.between(lane.pk, cast.ana, "#ops", None, at(4))
    assert windows_of(said_of(lane, cast.ana)) == {"#ops": (Window(None, at(4)),)}


@pytest.mark.parametrize(("since", "until"), [(None, None), (at(2), at(2)), (at(2), at(1))])
def test_a_stretch_that_is_none_is_refused(
    cast: Cast, lane: Lane, since: datetime | None, until: datetime | None
) -> None:
    with pytest.raises(Refused):
        place_changes.between(lane.pk, cast.ana, "#ops", since, until)
    assert said(lane) == []


@pytest.mark.parametrize("who", ["dov", "eve", "nobody"])
def test_for_everybody_else_places_are_absent(cast: Cast, review: Review, lane: Lane, signed_in: Any, who: str) -> None:
    row = place_changes.never(lane.pk, cast.ana, "#ops")
    person = getattr(cast, who)
    deeds = [
        lambda: place_changes.always(lane.pk, person, "#ops"),
        lambda: place_changes.never(lane.pk, person, "#ops"),
        lambda: place_changes.between(lane.pk, person, "#ops", at(1), None),
        lambda: place_changes.take_suggestions(lane.pk, person),
        lambda: place_changes.unsay(row.pk, person),
    ]
    for deed in deeds:
        with pytest.raises(Http404):
            deed()
    assert said(lane) == [("#ops", False, None, None)]
    assert signed_in(person).get(f"/reviews/{review.pk}/lanes/{lane.pk}/places").status_code in {302, 404}


def test_the_page_says_takes_over_and_takes_back(cast: Cast, review: Review, lane: Lane, signed_in: Any) -> None:
    client, address = signed_in(cast.cleo), f"/reviews/{review.pk}/lanes/{lane.pk}/places"
    page = client.get(address).content.decode()
    assert "Suggested by the evidence" in page
    assert client.post(address, {"take": "yes"}).status_code == 302
    client.post(address, {"place": "#ops", "could": "between", "since": "2026-03-09T14:10:00"})
    assert [place for place, *_ in said(lane)] == ["#ops", "#war-room"]
    page = client.get(address).content.decode()
    assert "Suggested by the evidence" not in page
    for row in said_of(lane, cast.cleo):
        client.post(address, {"remove": row.pk})
    assert said(lane) == []


@pytest.mark.parametrize("wrong", [{"could": "between"}, {"place": "#elsewhere", "could": "never"}, {"place": "#ops"}])
def test_what_does_not_fit_is_told_and_nothing_is_said(
    cast: Cast, review: Review, lane: Lane, signed_in: Any, wrong: dict[str, str]
) -> None:
    answer = signed_in(cast.cleo).post(f"/reviews/{review.pk}/lanes/{lane.pk}/places", {"place": "#ops"} | wrong)
    assert answer.status_code == 422
    assert said(lane) == []


def test_a_row_of_another_lane_is_not_taken_back_here(cast: Cast, review: Review, lane: Lane, signed_in: Any) -> None:
    other = lane_changes.add_lane(make_review(cast), cast.bo, "support")
    row = place_changes.never(other.pk, cast.bo, "#ops")
    answer = signed_in(cast.bo).post(f"/reviews/{review.pk}/lanes/{lane.pk}/places", {"remove": row.pk})
    assert answer.status_code == 404
    assert said(other) == [("#ops", False, None, None)]
