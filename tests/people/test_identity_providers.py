"""Sign-in through the organisation's identity provider, set up as docs/operate/sign-in.md says."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from tests.cast import PASSWORD, Cast
from tests.people.identity_provider import CLIENT, SECRET, IdentityProvider, identity_provider

from secondstory.people import changes
from secondstory.people.models import Person, SignInChange, unshared_sealed
from secondstory.site.settings import providers

DOCUMENT = Path(__file__).parents[2] / "docs/operate/sign-in.md"
HOST = "localhost:8000"
ANA = {"email": "ana@lantern.example", "email_verified": True}
NEW = {"email": "Nell.Moss@Lantern.example", "email_verified": True}
PROTOCOLS = ["oidc", "saml"]
FAULTS = {
    "oidc": [
        *("signature", "unsigned", "unknown key", "audience", "issuer", "expired", "no token", "other person"),
        *("another question", "no question"),
    ],
    "saml": ["signature", "unsigned", "changed afterwards", "audience", "destination", "expired"],
}


@pytest.fixture(scope="module")
def listening() -> Iterator[IdentityProvider]:
    with identity_provider() as provider:
        yield provider


def as_documented(protocol: str, provider: IdentityProvider) -> dict[str, str]:
    """The variable as the document shows it, with this provider's address and its secret put in."""
    name = f"SECONDSTORY_{protocol.upper()}"
    found = re.search(rf"export {name}='(.+)'", DOCUMENT.read_text())
    assert found
    given = json.loads(found[1].replace("https://id.example.com", provider.address))
    if protocol == "oidc":
        given |= {"client_id": CLIENT, "secret": SECRET}
    return {name: json.dumps(given)}


@pytest.fixture
def provider(listening: IdentityProvider, settings: Any) -> IdentityProvider:
    listening.becomes()
    settings.SOCIALACCOUNT_PROVIDERS = providers(as_documented("oidc", listening) | as_documented("saml", listening))
    return listening


def claims(protocol: str, who: str, **said: Any) -> dict[str, Any]:
    """What the provider says of a person, in the words of the protocol."""
    if protocol == "oidc":
        return {"sub": who, "given_name": "Nell", "family_name": "Moss", "name": "Nell Moss", **said}
    return {"uid": who, "givenName": "Nell", "sn": "Moss", **said}


# The providers of the tests speak plain HTTP: no certificates are read for each of many clients.
outside = httpx.Client()


def browser() -> Client:
    return Client(headers={"host": HOST})


def outward(client: Client, protocol: str) -> str:
    """The provider's address that the product sends a browser to."""
    page = client.post(f"/account/{protocol}/company/login/")
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())
    assert found, page.content.decode()
    return html.unescape(found[1])


def back(client: Client, protocol: str, address: str) -> Any:
    """Sign in at the provider and carry its answer back, as a browser does."""
    answer = outside.get(address)
    if protocol == "oidc":
        return answer.headers["Location"]
    form = re.search(r'action="([^"]+)"', answer.text)
    assert form
    return form[1], dict(re.findall(r'name="([^"]+)" value="([^"]*)"', answer.text))


def bring(client: Client, carried: Any) -> HttpResponse:
    if isinstance(carried, str):
        parts = urlsplit(carried)
        return client.get(f"{parts.path}?{parts.query}")
    address, fields = carried
    return client.get(client.post(urlsplit(address).path, fields).headers["Location"])


def sign_in(client: Client, protocol: str) -> HttpResponse:
    return bring(client, back(client, protocol, outward(client, protocol)))


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_member_comes_in_for_the_first_time(cast: Cast, provider: IdentityProvider, protocol: str):
    provider.becomes(**claims(protocol, "n1", **NEW))
    client = browser()
    assert sign_in(client, protocol).headers["Location"] == "/"
    nell = Person.objects.get(email="nell.moss@lantern.example")
    assert (nell.name, nell.is_guest, nell.is_administrator) == ("Nell Moss", False, False)
    assert not nell.has_usable_password()
    assert signed_in_as(client) == nell.pk


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_second_time_is_the_same_person_whatever_their_address_became(
    cast: Cast, provider: IdentityProvider, protocol: str
):
    provider.becomes(**claims(protocol, "n1", **NEW))
    sign_in(browser(), protocol)
    before = Person.objects.get_queryset().count()
    provider.becomes(**claims(protocol, "n1", email="nell.reed@lantern.example", email_verified=True))
    client = browser()
    sign_in(client, protocol)
    assert signed_in_as(client) == Person.objects.get(email="nell.moss@lantern.example").pk
    assert Person.objects.get_queryset().count() == before


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_known_member_with_the_same_verified_address_is_connected(
    cast: Cast, provider: IdentityProvider, protocol: str
):
    provider.becomes(**claims(protocol, "a1", email="Ana@lantern.example", email_verified=True))
    client = browser()
    sign_in(client, protocol)
    assert signed_in_as(client) == cast.ana.pk
    cast.ana.refresh_from_db()
    assert cast.ana.name == "Ana"
    [change] = SignInChange.objects.visible_to(cast.ana)
    assert (change.what, change.seals) == (SignInChange.What.PROVIDER_ADDED, True)
    assert unshared_sealed(cast.ana)


@pytest.mark.parametrize("verified", [{"email_verified": False}, {}])
@pytest.mark.parametrize("email", ["ana@lantern.example", "stranger@lantern.example"])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_unverified_address_connects_to_nobody_and_makes_nobody(
    cast: Cast, provider: IdentityProvider, protocol: str, email: str, verified: dict[str, bool]
):
    before = Person.objects.get_queryset().count()
    provider.becomes(**claims(protocol, "x1", email=email, **verified))
    client = browser()
    answer = sign_in(client, protocol)
    assert signed_in_as(client) is None
    assert Person.objects.get_queryset().count() == before
    assert "is not confirmed there" in answer.content.decode()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_blocked_person_is_not_let_in(cast: Cast, provider: IdentityProvider, protocol: str):
    changes.set_active(cast.ana, active=False)
    provider.becomes(**claims(protocol, "a1", **ANA))
    client = browser()
    assert sign_in(client, protocol).headers["Location"] == "/account/inactive/"
    assert signed_in_as(client) is None


@pytest.mark.parametrize(
    ("protocol", "fault"), [(protocol, fault) for protocol in FAULTS for fault in FAULTS[protocol]]
)
def test_an_answer_with_a_fault_is_refused(cast: Cast, provider: IdentityProvider, protocol: str, fault: str):
    before = Person.objects.get_queryset().count()
    provider.becomes(**claims(protocol, "a1", **ANA))
    provider.fault = fault
    client = browser()
    assert sign_in(client, protocol).status_code == 401
    assert signed_in_as(client) is None
    provider.fault = ""
    sign_in(client, protocol)
    assert signed_in_as(client) == cast.ana.pk
    assert Person.objects.get_queryset().count() == before


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_answer_brought_twice_is_refused(cast: Cast, provider: IdentityProvider, protocol: str):
    provider.becomes(**claims(protocol, "a1", **ANA))
    client = browser()
    carried = back(client, protocol, outward(client, protocol))
    bring(client, carried)
    assert signed_in_as(client) == cast.ana.pk
    client.logout()
    assert bring(client, carried).status_code in {401, 403}
    assert signed_in_as(client) is None


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_answer_to_another_browser_is_refused(cast: Cast, provider: IdentityProvider, protocol: str):
    provider.becomes(**claims(protocol, "a1", **ANA))
    ana, thief = browser(), browser()
    carried = back(ana, protocol, outward(ana, protocol))
    assert bring(thief, carried).status_code in {401, 403}
    assert signed_in_as(thief) is None


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_provider_that_does_not_answer_is_told_in_plain_words(cast: Cast, provider: IdentityProvider, protocol: str):
    provider.becomes(**claims(protocol, "a1", **ANA))
    provider.fault = "down"
    answer = browser().post(f"/account/{protocol}/company/login/")
    assert answer.status_code == 401
    assert "did not work" in answer.content.decode()


def test_who_turns_back_at_the_provider_can_choose_again(cast: Cast, provider: IdentityProvider):
    provider.becomes(**claims("oidc", "a1", **ANA))
    provider.fault = "cancelled"
    client = browser()
    assert sign_in(client, "oidc").headers["Location"] == "/account/3rdparty/login/cancelled/"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_provider_that_is_not_set_up_is_absent(cast: Cast, client: Client, protocol: str):
    assert client.post(f"/account/{protocol}/company/login/").status_code == 404


def test_the_sign_in_page_offers_both_and_the_password(cast: Cast, provider: IdentityProvider):
    page = browser().get("/account/login/").content.decode()
    assert page.count("Company sign-in") == 2
    assert 'type="password"' in page


def test_the_metadata_for_the_saml_provider_names_where_answers_go(cast: Cast, provider: IdentityProvider):
    page = browser().get("/account/saml/company/metadata/").content.decode()
    assert f"http://{HOST}/account/saml/company/acs/" in page


def test_a_member_who_is_connected_keeps_their_password(cast: Cast, provider: IdentityProvider):
    provider.becomes(**claims("oidc", "a1", **ANA))
    sign_in(browser(), "oidc")
    cast.ana.refresh_from_db()
    assert cast.ana.check_password(PASSWORD)


def test_an_address_that_ana_only_asked_for_does_not_make_its_owner_ana(cast: Cast, provider: IdentityProvider):
    EmailAddress.objects.create(user=cast.ana, email="nell.moss@lantern.example", verified=False)
    provider.becomes(**claims("oidc", "n1", **NEW))
    client = browser()
    sign_in(client, "oidc")
    assert signed_in_as(client) != cast.ana.pk


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_who_runs_the_provider_does_not_get_past_a_second_step_set_up_here(
    cast: Cast, provider: IdentityProvider, protocol: str
):
    Authenticator(user=cast.ana, type=Authenticator.Type.WEBAUTHN, data={"name": "key"}).save()
    provider.becomes(**claims(protocol, "a1", **ANA))
    client = browser()
    assert sign_in(client, protocol).headers["Location"] == "/account/2fa/authenticate/"
    assert signed_in_as(client) is None
