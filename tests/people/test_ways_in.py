from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from tests.cast import PASSWORD, Cast

from secondstory.notify.changes import send_due
from secondstory.people import changes
from secondstory.people.models import Invitation, Person


@pytest.fixture
def first_code(db: None) -> str:
    code = changes.fresh_setup_code()
    assert code
    return code


def setup_form(code: str) -> dict[str, str]:
    return {"code": code, "name": "Ana", "email": "Ana@lantern.example", "password": PASSWORD}


def invitation_link() -> str:
    send_due()
    return (
        next(word for word in mail.outbox[-1].body.split() if "/invitations/" in word)
        .partition("testserver")[0]
        .split("8000")[1]
    )


def test_whoever_holds_the_printed_code_becomes_the_first_person_and_is_signed_in(
    first_code: str, client: Client
) -> None:
    answer = client.post("/setup", setup_form(first_code))
    assert answer.status_code == 302
    ana = Person.objects.get()
    assert (ana.email, ana.is_administrator) == ("ana@lantern.example", True)
    assert client.get("/").status_code == 200


def test_a_wrong_code_makes_nobody_and_keeps_what_was_typed(first_code: str, client: Client) -> None:
    answer = client.post("/setup", setup_form("00000000"))
    assert "not the code" in answer.content.decode()
    assert 'value="Ana@lantern.example"' in answer.content.decode()
    assert not Person.objects.exists()


def test_starting_again_ends_the_earlier_code(first_code: str, client: Client) -> None:
    changes.fresh_setup_code()
    client.post("/setup", setup_form(first_code))
    assert not Person.objects.exists()


def test_setup_is_absent_once_there_is_somebody(cast: Cast, client: Client) -> None:
    assert changes.fresh_setup_code() is None
    assert client.get("/setup").status_code == 404


def test_too_many_codes_are_refused_for_a_while(first_code: str, client: Client) -> None:
    statuses = [client.post("/setup", setup_form("1"), REMOTE_ADDR="10.9.8.7").status_code for _ in range(12)]
    assert statuses[-1] == 429


def test_eve_invites_somebody_who_comes_in_once(cast: Cast, signed_in: Any, client: Client) -> None:
    signed_in(cast.eve).post("/settings/people", {"emails": "new@lantern.example"})
    link = invitation_link()
    assert client.get(link).status_code == 200
    assert not Person.objects.filter(email="new@lantern.example").exists()
    client.post(link, {"name": "New", "password": PASSWORD})
    assert client.get("/").status_code == 200
    again = Client().post(link, {"name": "Other", "password": PASSWORD})
    assert again.status_code == 404
    assert Person.objects.get(email="new@lantern.example").name == "New"


@pytest.mark.parametrize(
    "change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(hours=1)}]
)
def test_an_ended_invitation_lets_nobody_in(cast: Cast, client: Client, change: dict[str, Any]) -> None:
    changes.invite(by=cast.eve, email="new@lantern.example")
    link = invitation_link()
    Invitation.objects.for_system("time passes").update(**change)
    assert client.get(link).status_code == 404
    client.post(link, {"name": "New", "password": PASSWORD})
    assert not Person.objects.filter(email="new@lantern.example").exists()


def test_the_invitation_letter_names_no_review_and_no_person(cast: Cast) -> None:
    changes.invite(by=cast.eve, email="new@lantern.example")
    send_due()
    assert "Eve" not in mail.outbox[-1].body
    assert mail.outbox[-1].to == ["new@lantern.example"]


def test_nobody_signs_up_without_an_invitation(cast: Cast, client: Client) -> None:
    client.post("/account/signup/", {"email": "x@lantern.example", "password1": PASSWORD})
    assert not Person.objects.filter(email="x@lantern.example").exists()


def test_ana_signs_in_with_her_password(cast: Cast, client: Client) -> None:
    answer = client.post("/account/login/", {"login": "ana@lantern.example", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/profile").status_code == 200


def test_a_blocked_person_is_out_at_once(cast: Cast, signed_in: Any) -> None:
    ana = signed_in(cast.ana)
    changes.set_active(cast.ana, active=False)
    assert ana.get("/profile").status_code == 302


@pytest.mark.parametrize("address", ["/settings", "/settings/people", "/settings/teams", "/settings/role-labels"])
@pytest.mark.parametrize("who", ["ana", "bo", "cleo", "dov", "gil"])
def test_settings_are_absent_for_everybody_but_administrators(
    cast: Cast, signed_in: Any, address: str, who: str
) -> None:
    assert signed_in(cast.eve).get(address).status_code == 200
    assert signed_in(getattr(cast, who)).get(address).status_code == 404


def test_a_person_keeps_their_own_zone_and_handles(cast: Cast, signed_in: Any) -> None:
    form = {"name": "Ana", "handles": "@ana, anaf", "time_zone": "Asia/Tokyo", "locale": "en", "theme": "dark"}
    signed_in(cast.ana).post("/profile", form)
    cast.ana.refresh_from_db()
    assert (cast.ana.handles, cast.ana.time_zone, cast.ana.theme) == (["ana", "anaf"], "Asia/Tokyo", "dark")


def test_a_key_is_shown_once_and_stored_hashed(cast: Cast, signed_in: Any) -> None:
    ana = signed_in(cast.ana)
    shown = ana.post("/profile/tokens", {"name": "build", "scopes": ["read"], "days": 30}).context["shown"]
    assert shown not in ana.get("/profile/tokens").content.decode()
    page = ana.get("/profile/tokens").content.decode()
    assert "build" in page
    assert "<span>Read everything I take part in</span>" in page
    assert "build" not in signed_in(cast.bo).get("/profile/tokens").content.decode()


def test_a_guest_has_no_keys(cast: Cast, signed_in: Any) -> None:
    assert signed_in(cast.ana).get("/profile/tokens").status_code == 200
    assert signed_in(cast.gil).get("/profile/tokens").status_code == 404


def test_eve_makes_a_team_and_a_label(cast: Cast, signed_in: Any) -> None:
    eve = signed_in(cast.eve)
    eve.post("/settings/teams", {"name": "Payments", "members": [cast.ana.pk]})
    eve.post("/settings/role-labels", {"name": "engineer on the team"})
    assert "Payments" in eve.get("/settings/teams").content.decode()
    assert "engineer on the team" in eve.get("/settings/role-labels").content.decode()
    assert "already" in eve.post("/settings/role-labels", {"name": "Engineer on the team"}).content.decode()
