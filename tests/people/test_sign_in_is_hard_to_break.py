"""Letters about sign-in, limits, sessions, and what a stranger can find out."""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time
from pathlib import Path
from typing import Any

import allauth
from django.core import mail
from django.core.cache import cache
from django.test import Client
from tests.cast import PASSWORD, Cast

from secondstory.notify.changes import send_due
from secondstory.notify.models import Letter
from secondstory.people import changes
from secondstory.people.letters import LETTERS, letter
from secondstory.people.models import Person

NEW_PASSWORD = "another long enough one"
# Occasions of the library that nothing here leads to: codes by mail are off.
UNREACHABLE = {"account/email/login_code", "account/email/password_reset_code"}


def sign_in(client: Client, email: str = "ana@lantern.example", password: str = PASSWORD) -> Any:
    return client.post("/account/login/", {"login": email, "password": password})


def signed_in_just_now() -> Client:
    """Ana, who has shown once more that it is she."""
    client = Client()
    sign_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client


def letters() -> list[tuple[str, str, str]]:
    send_due()
    return [(message.to[0], message.subject, message.body) for message in mail.outbox]


def link_in(words: str) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", words)
    assert found, words
    return found[1]


def reset(client: Client, words: str) -> Any:
    page = client.get(link_in(words), follow=True)
    assert "A new password" in page.content.decode()
    return client.post(page.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})


def test_a_forgotten_password_is_set_anew_by_a_letter_from_the_one_outbox(cast: Cast, client: Client):
    client.post("/account/password/reset/", {"email": "Ana@lantern.example"})
    assert mail.outbox == []
    assert Letter.objects.for_system("counting").count() == 1
    [(to, subject, words)] = letters()
    assert (to, subject) == ("ana@lantern.example", "A new password for Second Story")
    assert "Ana" not in words
    reset(client, words)
    assert sign_in(Client(), password=PASSWORD).status_code == 200
    assert sign_in(Client(), password=NEW_PASSWORD).status_code == 302
    assert [subject for _, subject, _ in letters()][1:] == ["Your password was changed"]


def test_the_link_in_the_letter_works_once(cast: Cast, client: Client):
    client.post("/account/password/reset/", {"email": "ana@lantern.example"})
    words = letters()[0][2]
    reset(client, words)
    assert "This link has ended" in Client().get(link_in(words), follow=True).content.decode()


def test_opening_the_link_changes_nothing(cast: Cast, client: Client):
    client.post("/account/password/reset/", {"email": "ana@lantern.example"})
    client.get(link_in(letters()[0][2]), follow=True)
    assert sign_in(Client()).status_code == 302


def test_letters_tell_no_place_no_device_and_no_name():
    context = {"password_reset_url": "https://s.example/a", "activate_url": "https://s.example/b"}
    for occasion in LETTERS:
        subject, words = letter(occasion, context | {"ip": "10.1.2.3", "user_agent": "Browser", "user": "Ana"})
        assert not re.search(r"10\.1|Browser|Ana\b|%\(", subject + words), occasion


def test_every_letter_the_library_writes_has_our_words():
    folder = Path(allauth.__file__).parent / "templates"
    suffix = "_subject.txt"
    known = {str(path.relative_to(folder)).removesuffix(suffix) for path in folder.rglob(f"email/*{suffix}")}
    assert len(known) > 15
    assert known - UNREACHABLE == set(LETTERS)


def test_sessions_elsewhere_end_when_the_password_is_changed(cast: Cast):
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    assert elsewhere.get("/profile").status_code == 200
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    here.post("/account/password/change/", form)
    assert here.get("/profile").status_code == 200
    assert elsewhere.get("/profile").status_code == 302
    assert [(to, subject) for to, subject, _ in letters()] == [("ana@lantern.example", "Your password was changed")]


def test_sessions_end_when_the_password_is_reset(cast: Cast):
    here, letter_reader = Client(), Client()
    sign_in(here)
    letter_reader.post("/account/password/reset/", {"email": "ana@lantern.example"})
    reset(letter_reader, letters()[0][2])
    assert here.get("/profile").status_code == 302


def test_guessing_one_persons_password_is_stopped_and_the_right_one_waits_too(cast: Cast):
    for _ in range(5):
        assert "not correct" in sign_in(Client(), password="wrong").content.decode()
    assert sign_in(Client()).status_code == 200
    assert sign_in(Client(), email="bo@lantern.example").status_code == 302


def test_guessing_from_one_network_address_is_stopped(cast: Cast):
    client = Client(REMOTE_ADDR="10.9.8.7")
    for number in range(30):
        sign_in(client, email=f"guess{number}@lantern.example")
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "tried too often" in answer.content.decode()


def test_asking_for_letters_is_limited(cast: Cast):
    for _ in range(5):
        Client().post("/account/password/reset/", {"email": "ana@lantern.example"})
    assert Client().post("/account/password/reset/", {"email": "ana@lantern.example"}).status_code == 429
    assert Letter.objects.for_system("counting").count() == 5


def plain(answer: Any) -> str:
    """The page without what differs at every visit or repeats what was typed."""
    text = re.sub(r'(value|content|nonce)="[^"]*"', "", answer.content.decode())
    return re.sub(r"\S+@lantern\.example", "", text)


def test_a_stranger_learns_from_no_answer_who_signs_in_here(cast: Cast):
    known = Client().post("/account/password/reset/", {"email": "ana@lantern.example"}, follow=True)
    unknown = Client().post("/account/password/reset/", {"email": "nobody@lantern.example"}, follow=True)
    assert (plain(known), known.redirect_chain) == (plain(unknown), unknown.redirect_chain)
    wrong, absent = sign_in(Client(), password="wrong"), sign_in(Client(), email="nobody@lantern.example")
    changes.set_active(cast.bo, active=False)
    blocked = sign_in(Client(), email="bo@lantern.example", password="wrong")
    assert plain(wrong) == plain(absent) == plain(blocked)


def test_a_blocked_person_is_told_only_with_the_right_password(cast: Cast):
    changes.set_active(cast.ana, active=False)
    client = Client()
    assert sign_in(client).headers["Location"] == "/account/inactive/"
    assert "Your way in is closed" in client.get("/account/inactive/").content.decode()
    assert client.get("/profile").status_code == 302


def code_now(secret: str) -> str:
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def test_the_second_step_asks_for_the_apps_code_and_takes_each_once(
    cast: Cast, django_capture_on_commit_callbacks: Any
):
    client = signed_in_just_now()
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/activate/", {"code": code_now(secret)})
    assert "A second step was added" in [subject for _, subject, _ in letters()]
    cache.clear()  # half a minute passes: the code that set it up is not remembered as used
    again = Client()
    assert sign_in(again).headers["Location"] == "/account/2fa/authenticate/"
    assert again.get("/profile").status_code == 302
    assert again.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    code = code_now(secret)
    assert again.post("/account/2fa/authenticate/", {"code": code}).headers["Location"] == "/"
    assert again.get("/profile").status_code == 200
    thief = Client()
    sign_in(thief)
    assert thief.post("/account/2fa/authenticate/", {"code": code}).status_code == 200
    assert thief.get("/profile").status_code == 302


def test_a_recovery_code_lets_in_once(cast: Cast):
    client = signed_in_just_now()
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": code_now(secret)})
    code = client.get("/account/2fa/recovery-codes/").context["unused_codes"][0]
    for status in (302, 200):
        other = Client()
        sign_in(other)
        assert other.post("/account/2fa/authenticate/", {"code": code}).status_code == status


def test_the_way_in_is_changed_only_by_who_has_just_shown_who_they_are(cast: Cast, signed_in: Any):
    ana = signed_in(cast.ana)
    for address in ("/account/email/", "/account/2fa/webauthn/add/", "/account/2fa/totp/activate/"):
        answer = ana.post(address, {"action_add": "yes", "email": "new@lantern.example"})
        assert "/reauthenticate/" in answer.headers["Location"], address


def test_another_address_counts_only_once_its_letter_is_answered(cast: Cast):
    client = signed_in_just_now()
    client.post("/account/email/", {"action_add": "yes", "email": "ana.new@lantern.example"})
    [(to, _, words)] = letters()
    assert to == "ana.new@lantern.example"
    client.get(link_in(words))
    assert Person.objects.get(pk=cast.ana.pk).email == "ana@lantern.example"
    client.post(link_in(words))
    assert Person.objects.get(pk=cast.ana.pk).email == "ana.new@lantern.example"
    assert "ana@lantern.example" in [to for to, _, _ in letters()[1:]]
