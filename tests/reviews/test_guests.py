from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.cast import PASSWORD, Cast

from secondstory.notify.changes import send_due
from secondstory.notify.models import Letter
from secondstory.reviews.models import GuestLink, Participation, Review, ReviewEvent

ADDRESS = "hal@river.example"
INVITATION = {"guest-email": "Hal@river.example", "guest-role_label": "customer contact", "guest-days": "10"}


def links() -> Any:
    return GuestLink.objects.for_system("a test's question")


def last_letter() -> str:
    send_due()
    return str(mail.outbox[-1].body)


def invited(client: Client, review: Review) -> str:
    assert client.post(f"/reviews/{review.pk}/guests", INVITATION).status_code == 302
    found = re.search(r"http://localhost:\d+(/guests/\S+)", last_letter())
    assert found
    return found[1]


def code_from(letter: str) -> str:
    found = re.search(r"\b\d{8}\b", letter)
    assert found
    return found[0]


@pytest.fixture
def address(cast: Cast, review: Review, signed_in: Any) -> str:
    return invited(signed_in(cast.bo), review)


@pytest.fixture
def asked(address: str) -> tuple[Client, str]:
    """A browser that has asked for a code, and the right code."""
    browser = Client()
    assert browser.post(address)["Location"] == f"{address}code"
    return browser, code_from(last_letter())


def test_the_letter_says_only_that_a_review_needs_somebody(address: str, review: Review) -> None:
    letter = mail.outbox[-1]
    assert letter.to == [ADDRESS]
    assert "A review needs you" in letter.subject
    assert review.title not in letter.subject + str(letter.body)
    assert review.pk not in str(letter.body)
    assert "Bo" not in re.sub(r"/guests/\S+", "", str(letter.body))


def test_the_token_is_stored_nowhere(address: str) -> None:
    token = address.split("/")[2]
    assert token not in str(list(links().values()))
    assert token not in str(list(Letter.objects.for_system("a test's question").values()))


def test_looking_at_the_link_changes_nothing(address: str) -> None:
    before = list(links().values())
    page = Client().get(address)
    assert page.status_code == 200
    assert b"<button" in page.content
    assert list(links().values()) == before
    assert Letter.objects.for_system("a test's question").filter(done_at=None).count() == 0


def test_a_guest_comes_in_with_the_code_and_sees_one_review(
    asked: tuple[Client, str], address: str, review: Review
) -> None:
    browser, code = asked
    answer = browser.post(f"{address}code", {"code": f"{code[:4]} {code[4:]}"})
    assert answer["Location"] == f"/reviews/{review.pk}/"
    assert browser.get(f"/reviews/{review.pk}/").status_code == 200
    assert browser.get("/reviews/new").status_code == 404
    part = Participation.objects.for_system("a test's question").get(person__email=ADDRESS)
    assert part.role_label == "customer contact"
    assert part.person.is_guest
    assert not part.person.has_usable_password()
    assert part.until == links().get().expires_at
    assert browser.get(address)["Location"] == f"/reviews/{review.pk}/"


def test_a_wrong_code_lets_nobody_in_and_five_of_them_void_the_right_one(
    asked: tuple[Client, str], address: str, review: Review
) -> None:
    browser, code = asked
    wrong = "00000000" if code != "00000000" else "11111111"
    for _ in range(5):
        assert browser.post(f"{address}code", {"code": wrong}).status_code == 400
    assert browser.post(f"{address}code", {"code": code}).status_code == 400
    assert browser.get(f"/reviews/{review.pk}/").status_code == 302
    links().update(code_sent_at=timezone.now() - timedelta(minutes=2))
    browser.post(address)
    assert browser.post(f"{address}code", {"code": code_from(last_letter())}).status_code == 302


def test_an_old_code_is_refused(asked: tuple[Client, str], address: str) -> None:
    browser, code = asked
    links().update(code_sent_at=timezone.now() - timedelta(minutes=16))
    answer = browser.post(f"{address}code", {"code": code})
    assert answer.status_code == 400
    assert "too old" in answer.content.decode()


def test_a_code_is_sent_once_a_minute_at_most(asked: tuple[Client, str], address: str) -> None:
    browser, _ = asked
    sent = len(mail.outbox)
    browser.post(address)
    send_due()
    assert len(mail.outbox) == sent


def test_another_browser_does_not_come_in_even_with_the_code(asked: tuple[Client, str], address: str) -> None:
    _, code = asked
    other = Client()
    assert other.post(f"{address}code", {"code": code})["Location"] == address
    assert links().get().entered_at is None


def test_a_used_link_opens_on_no_other_browser(asked: tuple[Client, str], address: str) -> None:
    browser, code = asked
    browser.post(f"{address}code", {"code": code})
    other = Client()
    for answer in (other.get(address), other.post(address), other.get(f"{address}code")):
        assert answer.status_code == 404


@pytest.mark.parametrize("why", ["used", "revoked", "expired", "unknown", "review deleted"])
def test_every_link_that_no_longer_works_answers_the_same_and_names_no_review(
    address: str, review: Review, why: str
) -> None:
    now = timezone.now()
    if why == "used":
        links().update(entered_at=now)
    elif why == "revoked":
        links().update(revoked_at=now)
    elif why == "expired":
        links().update(expires_at=now)
    elif why == "unknown":
        address = "/guests/not-a-token/"
    else:
        Review.objects.for_system("a test's setting").update(deleted_at=now)
    answer = Client().get(address)
    assert answer.status_code == 404
    page = answer.content.decode()
    assert "This link does not work" in page
    assert review.title not in page
    assert review.pk not in page


def test_ending_a_guests_access_shuts_their_browser_out_at_once(
    cast: Cast, signed_in: Any, asked: tuple[Client, str], address: str, review: Review
) -> None:
    browser, code = asked
    browser.post(f"{address}code", {"code": code})
    signed_in(cast.bo).post(f"/reviews/{review.pk}/guests/{links().get().pk}/revoke")
    assert browser.get(f"/reviews/{review.pk}/").status_code == 404
    told = list(ReviewEvent.objects.visible_to(cast.ana).values_list("what", flat=True))
    assert told == ["guest_revoked", "guest_entered", "guest_invited"]


def test_a_guests_access_ends_with_its_days(asked: tuple[Client, str], address: str, review: Review) -> None:
    browser, code = asked
    browser.post(f"{address}code", {"code": code})
    Participation.objects.for_system("a test's setting").update(until=timezone.now())
    assert browser.get(f"/reviews/{review.pk}/").status_code == 404


def test_a_link_changed_or_put_into_the_database_by_hand_opens_nothing(
    asked: tuple[Client, str], address: str, review: Review
) -> None:
    browser, code = asked
    links().update(email="somebody@elsewhere.example")
    assert Client().get(address).status_code == 404
    assert browser.post(f"{address}code", {"code": code}).status_code == 404
    links().update(email=ADDRESS)
    assert Client().get(address).status_code == 200
    links().update(stamp="")
    assert Client().get(address).status_code == 404


def test_a_members_address_gets_no_guest_link(cast: Cast, review: Review, signed_in: Any) -> None:
    answer = signed_in(cast.bo).post(
        f"/reviews/{review.pk}/guests", INVITATION | {"guest-email": cast.dov.email}, follow=True
    )
    assert "belongs to a member" in answer.content.decode()
    assert not links().exists()


def test_a_guest_who_is_invited_again_takes_part_once(
    cast: Cast, signed_in: Any, asked: tuple[Client, str], address: str, review: Review
) -> None:
    browser, code = asked
    browser.post(f"{address}code", {"code": code})
    again = invited(signed_in(cast.bo), review)
    other = Client()
    other.post(again)
    assert other.post(f"{again}code", {"code": code_from(last_letter())}).status_code == 302
    parts = Participation.objects.for_system("a test's question").active().filter(person__email=ADDRESS)
    assert parts.count() == 1


def test_a_guest_signs_in_by_the_link_alone_even_with_a_password(cast: Cast, review: Review) -> None:
    browser = Client()
    given = {"login": cast.gil.email, "password": PASSWORD}
    answer = browser.post("/account/login/", given, follow=True)
    assert "Guests come in by the link" in answer.content.decode()
    assert browser.get(f"/reviews/{review.pk}/").status_code == 302
    assert browser.post("/account/login/", given | {"login": cast.dov.email})["Location"] == "/"
