from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.cast import HAPPENED, Cast, make_review

from secondstory.access.ids import new_id
from secondstory.notify.models import Letter
from secondstory.people.models import Person
from secondstory.reviews import changes
from secondstory.reviews.models import Participation, Review, ReviewEvent
from secondstory.timeline.models import Moment

READ = ["", "people", "times", "history"]
DECIDE = ["facts"]
WRITE = {
    "facts": {},
    "times": {"started": "2026-03-09T14:00"},
    "stage": {"stage": "writing"},
    "deletion": {},
    "people/add": {"add-person": "Dov"},
    "people/answer": {"answer": "accept"},
    "people/leave": {},
    "guests": {"guest-email": "x@river.example", "guest-role_label": "x", "guest-days": "3"},
}


def part_of(review: Review, person: Person) -> Participation:
    return Participation.objects.for_system("a test's question").active().get(review=review, person=person)


@pytest.mark.parametrize("page", READ)
@pytest.mark.parametrize("who", ["ana", "bo", "cleo", "gil"])
def test_who_takes_part_opens_every_page(cast: Cast, review: Review, signed_in: Any, who: str, page: str) -> None:
    answer = signed_in(getattr(cast, who)).get(f"/reviews/{review.pk}/{page}")
    assert answer.status_code == 200
    assert review.title in answer.content.decode()


def test_a_page_below_the_overview_marks_the_overview_in_the_menu(cast: Cast, review: Review, signed_in: Any) -> None:
    page = signed_in(cast.bo).get(f"/reviews/{review.pk}/facts").content.decode()
    assert f'<a href="/reviews/{review.pk}/" aria-current="true">' in page


@pytest.mark.parametrize("page", [*READ, *DECIDE])
@pytest.mark.parametrize("who", ["dov", "eve", "nobody"])
def test_a_hidden_review_answers_exactly_as_an_absent_one(
    cast: Cast, review: Review, signed_in: Any, who: str, page: str
) -> None:
    client, absent_id = signed_in(getattr(cast, who)), new_id()
    hidden, absent = (client.get(f"/reviews/{id_}/{page}") for id_ in (review.pk, absent_id))
    assert hidden.status_code == absent.status_code == (302 if who == "nobody" else 404)
    assert _telling(hidden, review.pk) == _telling(absent, absent_id)


@pytest.mark.parametrize("address", WRITE)
@pytest.mark.parametrize("who", ["dov", "eve", "nobody"])
def test_a_stranger_writes_nothing_and_learns_nothing(
    cast: Cast, review: Review, signed_in: Any, who: str, address: str
) -> None:
    client, absent_id = signed_in(getattr(cast, who)), new_id()
    hidden, absent = (client.post(f"/reviews/{id_}/{address}", WRITE[address]) for id_ in (review.pk, absent_id))
    assert hidden.status_code == absent.status_code == (302 if who == "nobody" else 404)
    assert _telling(hidden, review.pk) == _telling(absent, absent_id)
    assert not ReviewEvent.objects.for_system("a test's question").exists()


@pytest.mark.parametrize("address", ["facts", "stage", "deletion", "people/add", "guests"])
@pytest.mark.parametrize("who", ["ana", "gil"])
def test_a_participant_decides_nothing(cast: Cast, review: Review, signed_in: Any, who: str, address: str) -> None:
    answer = signed_in(getattr(cast, who)).post(f"/reviews/{review.pk}/{address}", WRITE[address])
    assert answer.status_code == 404
    assert not ReviewEvent.objects.for_system("a test's question").exists()


def test_a_part_of_another_review_cannot_be_changed_through_ones_own(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    other = changes.create_review(by=cast.dov, kind="incident", title="Elsewhere", happened_at=HAPPENED, zone="UTC")
    answer = signed_in(cast.bo).post(f"/reviews/{review.pk}/people/{part_of(other, cast.dov).pk}", {"remove": "1"})
    assert answer.status_code == 404
    assert Review.objects.visible_to(cast.dov).filter(pk=other.pk).exists()


def test_a_reader_of_a_published_review_is_taken_to_the_reading_page(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    changes.mark_published(review, audience="organisation", title="Slow checkout", summary="In short.", by=cast.bo)
    answer = signed_in(cast.dov).get(f"/reviews/{review.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/reviews/{review.pk}/read")
    for page in ("people", "times", "history"):
        assert signed_in(cast.dov).get(f"/reviews/{review.pk}/{page}").status_code == 404


def test_a_guest_sees_role_labels_and_no_name(cast: Cast, review: Review, signed_in: Any) -> None:
    changes.move_to_stage(review, by=cast.bo, stage="writing")
    for page in READ:
        text = signed_in(cast.gil).get(f"/reviews/{review.pk}/{page}").content.decode()
        assert not [name for name in (">Ana<", ">Bo<", ">Cleo<", "Ana ", "Bo moved") if name in text]
    assert "on-call engineer" in signed_in(cast.gil).get(f"/reviews/{review.pk}/people").content.decode()
    assert "Facilitator moved the review to" in text


def test_a_review_is_created_with_people_and_a_facilitator_to_ask(cast: Cast, signed_in: Any) -> None:
    typed = {
        "kind": "near_miss",
        "title": "The backup was nearly empty",
        "happened_at": "2026-03-09T15:05",
        "zone": "Europe/Berlin",
        "facilitator": "Bo",
        "role_label": "release lead",
        "involved": "on",
        "people-TOTAL_FORMS": "2",
        "people-INITIAL_FORMS": "0",
        "people-0-person": "ana",
        "people-0-role_label": "on-call engineer",
        "people-0-involved": "on",
        "people-1-person": "",
    }
    cast.dov.time_zone = "Europe/Berlin"
    cast.dov.save()
    answer = signed_in(cast.dov).post("/reviews/new", typed)
    assert answer.status_code == 302
    review = Review.objects.visible_to(cast.ana).get()
    assert review.happened_at == HAPPENED
    assert part_of(review, cast.dov).role_label == "release lead"
    assert part_of(review, cast.bo).accepted_at is None
    assert Letter.objects.for_system("a test's question").count() == 2
    home = signed_in(cast.bo).get("/").content.decode()
    assert "You are asked to facilitate" in home
    assert "The backup was nearly empty" in home
    signed_in(cast.bo).post(f"/reviews/{review.pk}/people/answer", {"answer": "accept"})
    assert "You are asked to facilitate" not in signed_in(cast.bo).get("/").content.decode()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", "", "required"),
        ("happened_at", "yesterday", "no date and time"),
        ("happened_at", "1970-01-01T00:00", "1970"),
        ("happened_at", "2100-01-01T00:00", "2100"),
        ("zone", "Middle/Earth", "no time zone"),
        ("facilitator", "Nobody Known", "Nobody here is called that"),
        ("people-0-person", "Gil", "Nobody here is called that"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_stays(
    cast: Cast, signed_in: Any, field: str, typed: str, said: str
) -> None:
    given = {
        "kind": "incident",
        "title": "Kept as typed",
        "happened_at": "2026-03-09T15:05",
        "zone": "UTC",
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0",
        field: typed,
    }
    answer = signed_in(cast.dov).post("/reviews/new", given)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert typed in answer.content.decode()
    assert not Review.objects.visible_to(cast.dov).exists()


def test_a_guest_cannot_open_the_page_for_a_new_review(cast: Cast, signed_in: Any) -> None:
    assert signed_in(cast.gil).get("/reviews/new").status_code == 404


def test_markup_in_a_title_stays_text(cast: Cast, signed_in: Any) -> None:
    review = make_review(cast, title="<script>alert(1)</script>")
    for address in (f"/reviews/{review.pk}/", "/reviews/", "/", "/go?q=script"):
        assert b"<script>alert" not in signed_in(cast.bo).get(address).content


def test_impossible_orders_are_saved_and_pointed_out(cast: Cast, review: Review, signed_in: Any) -> None:
    client = signed_in(cast.cleo)
    given = {"started": "2026-03-09T15:00", "detected": "2026-03-09T14:00"}
    client.post(f"/reviews/{review.pk}/times", given)
    for page in ("", "times"):
        assert "“Detected” stands before “Started”" in client.get(f"/reviews/{review.pk}/{page}").content.decode()
    client.post(f"/reviews/{review.pk}/times", given | {"started": ""})
    page = client.get(f"/reviews/{review.pk}/").content.decode()
    assert "stands before" not in page
    assert "unknown" in page


def test_a_review_says_what_it_still_lacks_until_it_is_there(cast: Cast, signed_in: Any) -> None:
    review = changes.create_review(by=cast.dov, kind="incident", title="New", happened_at=HAPPENED, zone="UTC")
    page = signed_in(cast.dov).get(f"/reviews/{review.pk}/").content.decode()
    assert "Key times that are still unknown" in page
    assert "The people who were involved" in page
    given = {name: f"2026-03-09T15:0{minute}" for minute, name in enumerate(("started", "detected", "mitigated"))}
    signed_in(cast.dov).post(f"/reviews/{review.pk}/times", given | {"resolved": "2026-03-09T16:00"})
    signed_in(cast.dov).post(f"/reviews/{review.pk}/people/add", {"add-person": "Ana", "add-involved": "on"})
    page = signed_in(cast.dov).get(f"/reviews/{review.pk}/").content.decode()
    assert "Key times that are still unknown" not in page
    assert "The people who were involved" not in page


def test_changes_of_people_are_shown_to_all_who_take_part(cast: Cast, review: Review, signed_in: Any) -> None:
    bo = signed_in(cast.bo)
    bo.post(
        f"/reviews/{review.pk}/people/add", {"add-person": "Dov", "add-role_label": "support", "add-involved": "on"}
    )
    dov = part_of(review, cast.dov)
    given = {f"{dov.pk}-role_label": "support lead", f"{dov.pk}-duty": "note_taker"}
    bo.post(f"/reviews/{review.pk}/people/{dov.pk}", given)
    bo.post(f"/reviews/{review.pk}/people/{dov.pk}", {"remove": "1"})
    page = signed_in(cast.cleo).get(f"/reviews/{review.pk}/history").content.decode()
    assert "Bo added Dov as support" in page
    assert "support lead, Note-taker" in page
    assert "Bo removed Dov from the review" in page
    assert signed_in(cast.dov).get(f"/reviews/{review.pk}/").status_code == 404


def test_who_leaves_is_taken_home_and_sees_nothing_more(cast: Cast, review: Review, signed_in: Any) -> None:
    client = signed_in(cast.cleo)
    assert client.post(f"/reviews/{review.pk}/people/leave")["Location"] == "/"
    assert client.get(f"/reviews/{review.pk}/").status_code == 404
    assert review.title not in client.get("/").content.decode()


def _telling(answer: Any, id_: str) -> tuple[Any, ...]:
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Security-Policy"}
    body = answer.content.decode().replace(id_, "ID")
    nonce = answer.headers.get("Content-Security-Policy", "").partition("'nonce-")[2].partition("'")[0]
    body = body.replace(nonce, "NONCE") if nonce else body
    return (answer.status_code, {k: v.replace(id_, "ID") for k, v in headers.items()}, _without_tokens(body))


def _without_tokens(body: str) -> str:

    return re.sub(r"(csrfmiddlewaretoken\" value=|csrf-token\" content=)\"[^\"]*\"", "TOKEN", body)


def test_the_overview_takes_twelve_queries_at_most_and_as_many_with_a_hundred_moments(
    cast: Cast, review: Review, signed_in: Any
) -> None:
    client, counts = signed_in(cast.bo), []
    for number in (1, 99):
        for count in range(number):
            Moment(review=review, what=f"Step {count}", at=HAPPENED).save()
            ReviewEvent(review=review, by=cast.bo, what="stage", detail="Writing").save()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/reviews/{review.pk}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


@pytest.mark.parametrize("who", ["dov", "eve", "nobody"])
def test_what_a_review_lacks_is_told_to_participants_only(cast: Cast, review: Review, signed_in: Any, who: str) -> None:
    address = f"/reviews/{review.pk}/missing"
    assert "Still missing" in signed_in(cast.ana).get(address).content.decode()
    assert signed_in(getattr(cast, who)).get(address).status_code == (302 if who == "nobody" else 404)


def test_somebody_added_without_a_duty_is_a_participant(cast: Cast, review: Review, signed_in: Any) -> None:
    page = signed_in(cast.bo).get(f"/reviews/{review.pk}/people").content.decode()
    assert '<option value="participant" selected>' in page.partition('name="add-duty"')[2].partition("</select>")[0]
    signed_in(cast.bo).post(f"/reviews/{review.pk}/people/add", {"add-person": "Dov"})
    assert part_of(review, cast.dov).duty == "participant"


def test_a_facilitator_who_was_involved_is_pointed_out(cast: Cast, review: Review, signed_in: Any) -> None:
    client, address = signed_in(cast.ana), f"/reviews/{review.pk}/people"
    assert "facilitates and was involved" not in client.get(address).content.decode()
    Participation.objects.for_system("a test's setting").filter(person=cast.bo).update(involved=True)
    assert "Bo facilitates and was involved" in client.get(address).content.decode()
