"""When somebody else may have changed how a person signs in, what they shared with nobody closes for a while."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal import flows
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.cast import PASSWORD, Cast
from tests.people.test_sign_in_is_hard_to_break import (
    NEW_PASSWORD,
    code_now,
    letters,
    link_in,
    reset,
    sign_in,
    signed_in_just_now,
)
from typer.testing import CliRunner

from secondstory.cli.commands import app
from secondstory.people import changes
from secondstory.people.closing import note_closed
from secondstory.people.models import ApiToken, Person, SignInChange, unshared_sealed
from secondstory.people.rules import may_be_somebody_elses
from secondstory.people.sign_in_changes import change_address, give_password, open_again
from secondstory.people.stamps import SIGN_IN

What = SignInChange.What


def closed(person: Person) -> bool:
    return unshared_sealed(Person.objects.get(pk=person.pk))


def noted(person: Person) -> list[tuple[str, bool]]:
    rows = SignInChange.objects.visible_to(person).order_by("at")
    return [(row.what, row.seals) for row in rows]


def passkey_of(person: Person, **fields: Any) -> Authenticator:
    row = Authenticator(user=person, type=Authenticator.Type.WEBAUTHN, data={"name": "key"}, **fields)
    row.save()
    return row


def add_passkey(client: Client, person: Person, at: Any = None) -> Authenticator:
    """What the library does once the browser has answered; the browser's part is its own."""
    from allauth.mfa import signals

    row = passkey_of(person)
    request = client.get("/profile").wsgi_request
    signals.authenticator_added.send(sender=Authenticator, request=request, user=person, authenticator=row)
    return row


def test_a_password_set_by_a_letter_closes_what_was_shared_with_nobody(cast: Cast, client: Client) -> None:
    client.post("/account/password/reset/", {"email": "ana@lantern.example"})
    reset(client, letters()[0][2])
    assert closed(cast.ana)
    assert not closed(cast.bo)
    assert noted(cast.ana) == [(What.PASSWORD_RESET, True)]
    assert sign_in(Client(), password=NEW_PASSWORD).status_code == 302


def test_a_password_changed_by_who_knows_the_old_one_closes_nothing(cast: Cast) -> None:
    client = Client()
    sign_in(client)
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post("/account/password/change/", form)
    assert noted(cast.ana) == [(What.PASSWORD_CHANGED, False)]
    assert not closed(cast.ana)


def test_after_seven_days_it_opens_by_itself(cast: Cast) -> None:
    give_password(cast.ana, NEW_PASSWORD, by=cast.eve)
    assert closed(cast.ana)
    over = timezone.now() - timedelta(seconds=1)
    Person.objects.filter(pk=cast.ana.pk).update(sealed_until=over)
    note_closed(cast.ana.pk, over)
    assert not closed(cast.ana)


def test_what_is_closed_cannot_be_opened_in_the_database_by_hand(cast: Cast) -> None:
    give_password(cast.ana, NEW_PASSWORD, by=cast.eve)
    by_hand("UPDATE people_person SET sealed_until = NULL WHERE id = %s", cast.ana.pk)
    by_hand("DELETE FROM people_signinchange WHERE person_id = %s", cast.ana.pk)
    assert closed(cast.ana)
    assert not closed(cast.bo)


def test_a_password_given_by_an_administrator_is_told_and_closes(cast: Cast) -> None:
    give_password(cast.ana, NEW_PASSWORD, by=cast.eve)
    [(to, subject, words)] = letters()
    assert (to, subject) == ("ana@lantern.example", "Your way in to Second Story was changed")
    assert "not by you" in words
    assert noted(cast.ana) == [(What.PASSWORD_GIVEN, True)]


def test_an_address_changed_by_an_administrator_is_told_at_the_old_one(cast: Cast) -> None:
    change_address(cast.ana, "Other@lantern.example", by=cast.eve)
    assert [to for to, _, _ in letters()] == ["ana@lantern.example"]
    assert closed(cast.ana)
    assert Person.objects.get(pk=cast.ana.pk).email == "other@lantern.example"
    assert sign_in(Client(), email="other@lantern.example").status_code == 302


def test_a_passkey_from_before_opens_it_and_one_from_after_does_not(cast: Cast) -> None:
    before = passkey_of(cast.ana, created_at=timezone.now() - timedelta(days=30))
    give_password(cast.ana, NEW_PASSWORD, by=cast.eve)
    after = passkey_of(cast.ana)
    open_again(cast.ana, after.created_at)
    assert closed(cast.ana)
    open_again(cast.ana, before.created_at)
    assert not closed(cast.ana)


def test_a_recovery_code_from_before_opens_it_at_sign_in(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    client = signed_in_just_now()
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/totp/activate/", {"code": code_now(secret)})
    code = client.get("/account/2fa/recovery-codes/").context["unused_codes"][0]
    assert noted(cast.ana) == [(What.APP_ADDED, False)]
    give_password(Person.objects.get(pk=cast.ana.pk), NEW_PASSWORD, by=cast.eve)
    again = Client()
    sign_in(again, password=NEW_PASSWORD)
    assert closed(cast.ana)
    assert again.post("/account/2fa/authenticate/", {"code": code}).headers["Location"] == "/"
    assert not closed(cast.ana)
    assert "opened again" in again.get("/profile/sign-ins").content.decode()


def test_a_passkey_added_by_password_alone_closes_when_there_was_a_proof_to_ask_for(cast: Cast) -> None:
    passkey_of(cast.ana, created_at=timezone.now() - timedelta(days=30))
    passkey_of(cast.bo)
    ana = Client()
    ana.force_login(cast.ana, backend="django.contrib.auth.backends.ModelBackend")
    add_passkey(ana, cast.ana)
    assert noted(cast.ana) == [(What.PASSKEY_ADDED, True)]
    assert closed(cast.ana)


def test_somebodys_first_passkey_closes_nothing(cast: Cast) -> None:
    client = Client()
    sign_in(client)
    add_passkey(client, cast.ana)
    assert noted(cast.ana) == [(What.PASSKEY_ADDED, False)]
    assert not closed(cast.ana)


def test_what_is_added_while_it_is_closed_proves_nothing(cast: Cast) -> None:
    give_password(cast.ana, NEW_PASSWORD, by=cast.eve)
    client = Client()
    sign_in(client, password=NEW_PASSWORD)
    row = add_passkey(client, cast.ana)
    open_again(cast.ana, row.created_at)
    assert noted(cast.ana)[1:] == [(What.PASSKEY_ADDED, True)]
    assert closed(cast.ana)


def test_new_recovery_codes_are_noted_and_open_nothing_changed_before_them(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in_just_now()
    passkey_of(cast.ana)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/account/2fa/recovery-codes/generate/")
    assert (What.CODES_MADE, False) in noted(cast.ana)
    give_password(Person.objects.get(pk=cast.ana.pk), NEW_PASSWORD, by=cast.eve)
    codes = Authenticator.objects.get(user=cast.ana, type=Authenticator.Type.RECOVERY_CODES)
    codes.delete()
    fresh = RecoveryCodes.activate(cast.ana).instance
    open_again(cast.ana, fresh.created_at)
    assert closed(cast.ana)


def test_a_guest_who_became_a_member_by_a_letter_finds_what_the_guest_wrote_closed(cast: Cast) -> None:
    changes.invite(by=cast.eve, email=cast.gil.email)
    token = letters()[0][2].split("/invitations/")[1].split()[0]
    changes.accept_invitation(token=token, name="Gil", password=NEW_PASSWORD)
    assert closed(cast.gil)


def by_hand(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_password_put_into_the_database_by_hand_closes_it_and_is_told(cast: Cast) -> None:
    by_hand(
        "UPDATE people_person SET password = (SELECT password FROM people_person WHERE id = %s) WHERE id = %s",
        cast.eve.pk,
        cast.ana.pk,
    )
    assert sign_in(Client()).status_code == 302
    assert closed(cast.ana)
    assert noted(cast.ana) == [(What.BY_HAND, True)]
    assert [to for to, _, _ in letters()] == ["ana@lantern.example"]


def test_an_older_kind_of_hash_put_there_by_hand_is_not_stamped_by_being_hashed_anew(cast: Cast) -> None:
    from django.contrib.auth.hashers import make_password

    by_hand(
        "UPDATE people_person SET password = %s WHERE id = %s", make_password("guess", "x" * 22, "md5"), cast.ana.pk
    )
    Person.objects.get(pk=cast.ana.pk).check_password("guess")
    assert not SIGN_IN.fits(Person.objects.get(pk=cast.ana.pk))


def test_a_stamp_of_somebody_else_or_none_at_all_does_not_fit(cast: Cast) -> None:
    for statement in (
        "UPDATE people_person SET sign_in_stamp = (SELECT sign_in_stamp FROM people_person WHERE id = %s) WHERE id = %s",
        "UPDATE people_person SET sign_in_stamp = substr(%s, 1, 0) WHERE id = %s",
    ):
        by_hand(statement, cast.eve.pk, cast.ana.pk)
        assert not SIGN_IN.fits(Person.objects.get(pk=cast.ana.pk))


def passkey_by_hand(person: Person) -> Authenticator:
    long_ago = timezone.now() - timedelta(days=999)
    row = Authenticator(user=person, type="webauthn", data={"name": "x"}, created_at=long_ago)
    Authenticator.objects.bulk_create([row])
    return row


def test_a_new_passkey_is_offered_the_next_number_as_its_name(cast: Cast) -> None:
    passkey_by_hand(cast.ana)
    kind = Authenticator.Type.WEBAUTHN
    assert get_adapter().generate_authenticator_name(cast.ana, kind) == "Passkey 2"
    assert get_adapter().generate_authenticator_name(cast.eve, kind) == "Passkey 1"


def test_a_passkey_put_into_the_database_by_hand_closes_it_however_old_it_says_it_is(cast: Cast) -> None:
    row = passkey_by_hand(cast.ana)
    Client().force_login(cast.ana, backend="django.contrib.auth.backends.ModelBackend")
    assert noted(cast.ana) == [(What.BY_HAND, True)]
    open_again(cast.ana, row.created_at)
    assert closed(cast.ana)


def test_using_a_passkey_put_there_by_hand_is_noticed_before_it_opens_anything(cast: Cast) -> None:
    from allauth.mfa.base.internal.flows import post_authentication

    give_password(cast.ana, NEW_PASSWORD, by=cast.eve)
    client = Client()
    sign_in(client, password=NEW_PASSWORD)
    row = passkey_by_hand(cast.ana)
    post_authentication(client.get("/profile").wsgi_request, row, reauthenticated=True)
    assert (What.BY_HAND, True) in noted(cast.ana)
    assert closed(cast.ana)


def test_a_new_password_does_not_stamp_what_was_put_there_by_hand(cast: Cast, client: Client) -> None:
    passkey_by_hand(cast.ana)
    client.post("/account/password/reset/", {"email": "ana@lantern.example"})
    reset(client, letters()[0][2])
    assert set(noted(cast.ana)) == {(What.BY_HAND, True), (What.PASSWORD_RESET, True)}


def test_signing_in_and_using_what_one_has_leaves_the_stamp_fitting(cast: Cast) -> None:
    for person in (cast.ana, cast.bo, cast.gil):
        assert SIGN_IN.fits(Person.objects.get(pk=person.pk))
    client = signed_in_just_now()
    client.post("/profile", {"name": "Ana B", "time_zone": "UTC", "locale": "en", "theme": "system", "handles": ""})
    sign_in(Client())
    assert noted(cast.ana) == []
    client.post("/account/email/", {"action_add": "yes", "email": "ana.new@lantern.example"})
    client.post(link_in(letters()[0][2]))
    assert noted(cast.ana) == [(What.ADDRESS_CHANGED, False)]
    assert SIGN_IN.fits(Person.objects.get(pk=cast.ana.pk))


def test_what_apps_and_recovery_codes_are_made_from_is_not_in_the_database(cast: Cast) -> None:
    client = signed_in_just_now()
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": code_now(secret)})
    rows = {row.type: row for row in Authenticator.objects.filter(user=cast.ana)}
    assert secret not in str(rows["totp"].data)
    assert ":" in rows["recovery_codes"].data["seed"]


def test_the_log_is_ones_own_and_names_who_did_it(cast: Cast, signed_in: Any) -> None:
    give_password(cast.ana, NEW_PASSWORD, by=cast.eve)
    ana = signed_in(Person.objects.get(pk=cast.ana.pk)).get("/profile/sign-ins").content.decode()
    assert "by Eve" in ana
    assert "stays closed until" in ana
    for other in (cast.bo, cast.eve):
        assert "given by somebody else" not in signed_in(other).get("/profile/sign-ins").content.decode()


def test_a_guest_learns_no_name_from_the_log(cast: Cast, signed_in: Any) -> None:
    SignInChange(person=cast.gil, what=What.GUEST_LINK, by=cast.bo).save()
    told = signed_in(cast.gil).get("/profile/sign-ins").content.decode()
    assert "by somebody else" in told
    assert "by Bo" not in told


def test_the_rule() -> None:
    def rule(**but: bool) -> bool:
        fine = {"signed_in": True, "sealed": False, "had_proof": False, "gave_proof": False}
        return may_be_somebody_elses(**fine | but)

    assert not rule()
    assert rule(signed_in=False)
    assert rule(sealed=True, gave_proof=True)
    assert rule(had_proof=True)
    assert not rule(had_proof=True, gave_proof=True)


@pytest.mark.django_db(transaction=True)
def test_the_command_line_tells_what_it_closes(cast: Cast) -> None:
    told = CliRunner().invoke(app, ["person", "password", "ana@lantern.example", "--password", NEW_PASSWORD])
    assert told.exit_code == 0, told.output
    assert "stays closed" in told.output.replace("\n", " ")
    assert closed(cast.ana)
    assert CliRunner().invoke(app, ["person", "address", "ana@lantern.example", "eve@lantern.example"]).exit_code == 1
    told = CliRunner().invoke(app, ["person", "address", "ana@lantern.example", "ana2@lantern.example"])
    assert told.exit_code == 0, told.output
    assert mail.outbox == []
    assert "ana@lantern.example" in {to for to, _, _ in letters()}


def test_the_library_tells_of_a_new_passkey_before_the_letter_goes(cast: Cast) -> None:
    """What `add_passkey` above sends is what the library sends."""
    assert "signals.authenticator_added.send" in Path(flows.__file__).read_text()


def test_a_token_put_into_the_database_by_hand_lets_nobody_in(cast: Cast, client: Client) -> None:
    token = changes.make_token(owner=cast.ana, name="mine", scopes=["read"], days=1)
    headers = {"authorization": f"Bearer {token}"}
    assert client.get("/api/reviews", headers=headers).status_code == 200
    rows = ApiToken.objects.for_system("somebody with the database")
    rows.update(owner=cast.eve)
    assert client.get("/api/reviews", headers=headers).status_code == 401
    rows.update(owner=cast.ana, scopes=["read", "write"])
    assert client.get("/api/reviews", headers=headers).status_code == 401
