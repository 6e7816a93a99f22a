"""What a guest reads calls people by their roles, and what others read of a guest tells of no other review."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.cast import Cast, make_review
from tests.timeline.evidence import line
from tests.writing.written import section_of, write

from secondstory.actions import changes as actions
from secondstory.evidence.reading import lines
from secondstory.reviews import people_changes
from secondstory.reviews.models import Participation, Review
from secondstory.writing import changes

NAMES = re.compile(r"\b(Ana|Bo|Cleo|Dov|Eve)\b")


@pytest.fixture
def begun(cast: Cast, review: Review) -> Review:
    changes.lay_out(review, by=cast.bo)
    write(review, "summary", "Checkout answered slowly.", cast.bo)
    actions.add(review, actions.Words("Show the queue", owner=cast.ana.pk), by=cast.bo)
    return review


@pytest.mark.parametrize(
    "page", ["draft/json", "draft/markdown", "draft/html", "publish", "write", "people", "history", "timeline", ""]
)
def test_no_page_or_file_of_the_workshop_names_anybody(cast: Cast, begun: Review, signed_in: Any, page: str) -> None:
    address = f"/reviews/{begun.pk}/{page}"
    assert NAMES.findall(signed_in(cast.ana).get(address).content.decode())
    answer = signed_in(cast.gil).get(address)
    assert (answer.status_code, NAMES.findall(answer.content.decode())) == (200, [])


def test_the_editor_names_nobody_who_saved_in_between(cast: Cast, begun: Review, signed_in: Any) -> None:
    address = f"/texts/{section_of(begun, 'summary').text_id}"
    late: dict[str, Any] = {"data": json.dumps({"body": "Mine", "version": 0}), "content_type": "application/json"}
    assert signed_in(cast.ana).put(address, **late).json()["by"] == "Bo"
    assert signed_in(cast.gil).put(address, **late).json()["by"] == ""
    assert signed_in(cast.gil).get(address).json()["by"] == ""


def test_an_action_keeps_its_owners_label_in_a_guests_file(cast: Cast, begun: Review, signed_in: Any) -> None:
    told = signed_in(cast.gil).get(f"/reviews/{begun.pk}/draft/markdown").content.decode()
    assert "| Show the queue | on-call engineer |" in told


def test_what_a_guest_is_called_in_one_review_is_not_told_in_another(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    cast.gil.name = "courier of the other review"
    cast.gil.save()
    other = make_review(cast, title="Another")
    page = signed_in(cast.ana).get(f"/reviews/{other.pk}/people").content.decode()
    assert "customer contact" in page
    assert "courier" not in page


@pytest.fixture
def said(cast: Cast, review: Review) -> Review:
    cast.ana.handles = ["ana.on.call"]
    cast.ana.save()
    line(
        review,
        "checkout is slow",
        author="@Ana.on.call",
        place="ana.on.call, bo",
        reach="direct",
        payload="ana.on.call",
    )
    line(review, "so it is", author="bo-the-builder", link="https://chat.example/bo-the-builder")
    return review


HANDLES = re.compile(r"ana\.on\.call|bo-the-builder", re.IGNORECASE)


@pytest.mark.parametrize(
    "page", ["evidence", "evidence?q=o", "evidence/1", "evidence/2", "triage?show=all", "triage?show=all&part=lines"]
)
def test_evidence_is_told_to_a_guest_with_roles_in_place_of_handles(
    cast: Cast, said: Review, signed_in: Any, page: str
) -> None:
    address = f"/reviews/{said.pk}/{page}"
    assert HANDLES.findall(signed_in(cast.cleo).get(address).content.decode())
    told = signed_in(cast.gil).get(address).content.decode()
    assert HANDLES.findall(told) == []
    assert {"on-call engineer", "Somebody"} <= set(re.findall("on-call engineer|Somebody", told))


@pytest.mark.parametrize("path", ["evidence", "evidence/lines/1", "evidence/lines/2"])
def test_so_does_the_api(cast: Cast, said: Review, signed_in: Any, path: str) -> None:
    address = f"/api/reviews/{said.pk}/{path}"
    assert HANDLES.findall(signed_in(cast.cleo).get(address).content.decode())
    assert HANDLES.findall(signed_in(cast.gil).get(address).content.decode()) == []


def test_a_guest_finds_no_line_by_a_handle(cast: Cast, said: Review, signed_in: Any) -> None:
    for address in ("evidence?q=builder", "triage?show=all&part=lines&author=builder&place=nowhere"):
        found = {who: signed_in(getattr(cast, who)).get(f"/reviews/{said.pk}/{address}") for who in ("cleo", "gil")}
        by_guest = found["gil"].content.decode()
        assert ("so it is" in by_guest) == ("checkout is slow" in by_guest)
    assert "so it is" in signed_in(cast.cleo).get(f"/reviews/{said.pk}/evidence?q=builder").content.decode()


def test_a_handle_that_two_claim_is_nobodys(cast: Cast, said: Review) -> None:
    cast.cleo.handles = ["ana.on.call"]
    cast.cleo.save()
    assert [row.author for row in lines(said, cast.gil, {}).rows] == ["Somebody", "Somebody"]


def test_a_guest_cannot_ask_whether_a_guessed_name_or_handle_is_right(cast: Cast, said: Review, signed_in: Any) -> None:
    profile = {"name": "Ana", "handles": "ana.on.call\nbo-the-builder", "time_zone": "UTC", "locale": "en"}
    signed_in(cast.gil).post("/profile", profile | {"theme": "system"})
    cast.gil.refresh_from_db()
    assert (cast.gil.name, cast.gil.handles) == ("Ana", [])
    assert "handles" not in signed_in(cast.gil).get("/profile").content.decode()
    cast.gil.handles = ["ana.on.call", "bo-the-builder"]
    cast.gil.save()
    assert [row.author for row in lines(said, cast.gil, {}).rows] == ["on-call engineer", "Somebody"]


def test_a_guest_finds_no_line_by_who_wrote_to_whom(cast: Cast, said: Review, signed_in: Any) -> None:
    address = f"/api/reviews/{said.pk}/evidence"
    numbers = {
        (who, place): [
            line["id"] for line in signed_in(getattr(cast, who)).get(address, {"place": place}).json()["lines"]
        ]
        for who in ("cleo", "gil")
        for place in ("ana.on.call, bo", "nowhere")
    }
    assert numbers["cleo", "ana.on.call, bo"] == ["1"]
    assert numbers["gil", "ana.on.call, bo"] == numbers["gil", "nowhere"]


def test_whoever_left_and_came_back_is_called_what_they_are_now(cast: Cast, said: Review) -> None:
    parts = Participation.objects.for_system("a test's setting").filter(review=said, person=cast.ana)
    people_changes.remove_person(parts.get(), by=cast.bo)
    assert lines(said, cast.gil, {}).rows[0].author == "on-call engineer"
    people_changes.add_people(said, by=cast.bo, people=[people_changes.Joining(cast.ana, "release watcher")])
    assert lines(said, cast.gil, {}).rows[0].author == "release watcher"


@pytest.mark.parametrize("format_", ["plain_log", "irc", "pasted", "transcript", "csv", "ics"])
def test_a_place_that_is_a_files_name_is_not_told_to_a_guest(cast: Cast, review: Review, format_: str) -> None:
    line(review, "checkout is slow", place="talk-with-ana", format=format_)
    line(review, "so it is", place="#checkout")
    assert [row.place for row in lines(review, cast.gil, {}).rows] == ["", "#checkout"]
    assert [row.place for row in lines(review, cast.cleo, {}).rows] == ["talk-with-ana", "#checkout"]


@pytest.mark.parametrize(
    "page", ["email", "password/change", "password/set", "2fa", "2fa/webauthn", "2fa/totp/activate", "3rdparty"]
)
def test_a_guest_has_no_account_to_change(cast: Cast, signed_in: Any, page: str) -> None:
    address = f"/account/{page}/"
    assert signed_in(cast.gil).get(address).status_code == 404
    assert signed_in(cast.gil).post(address, {"email": "gil@elsewhere.example"}).status_code == 404
    assert signed_in(cast.ana).get(address).status_code in {200, 302}
    assert address not in signed_in(cast.gil).get("/profile").content.decode()


def test_a_guest_signs_out(cast: Cast, signed_in: Any) -> None:
    client = signed_in(cast.gil)
    assert client.post("/account/logout/").status_code == 302
    assert client.get("/").status_code == 302
