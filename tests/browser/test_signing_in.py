"""Passkeys, the second step, and every page at the way in, in a real browser."""

from __future__ import annotations

import base64
import hmac
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.driving import Served, Windows, axe_finds, serving, sign_in, sign_out
from tests.cast import PASSWORD
from tests.people.identity_provider import IdentityProvider, identity_provider
from tests.people.test_identity_providers import as_documented, claims

pytestmark = pytest.mark.browser

KEYS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
SIGNED_OUT = [
    "/account/login/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/x-y/",
    "/account/password/reset/key/done/",
    "/account/inactive/",
    "/account/signup/",
    "/account/3rdparty/login/cancelled/",
    "/account/oidc/company/login/",
    "/account/saml/company/login/",
    "/account/confirm-email/x/",
]
SIGNED_IN = [
    "/account/logout/",
    "/account/password/change/",
    "/account/email/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/3rdparty/",
    "/account/reauthenticate/",
]


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    with identity_provider() as listening:
        yield listening


@pytest.fixture(scope="module")
def served_to_the_cast(
    tmp_path_factory: pytest.TempPathFactory, provider: IdentityProvider, migrated: Path
) -> Iterator[Served]:
    """With both kinds of identity provider, set up by the environment as the document says."""
    variables = as_documented("oidc", provider) | as_documented("saml", provider)
    with serving(Served(tmp_path_factory.mktemp("served"), variables=variables), migrated=migrated) as ready:
        ready.ran("from tests.cast import make_cast; make_cast()")
        yield ready


def with_keys(page: Page) -> Page:
    """Give the browser a device that keeps passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEYS})
    return page


def show_it_is_still(page: Page) -> None:
    if "/reauthenticate" in page.url:
        page.locator("#id_password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()


def code_now(secret: str) -> str:
    """What an authenticator app shows (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def test_ana_adds_a_passkey_and_signs_in_with_it_alone(page: Page):
    with_keys(page)
    sign_in(page, "Ana")
    page.goto("/account/2fa/webauthn/add/")
    show_it_is_still(page)
    page.get_by_label("A name for it").fill("my laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_text("The passkey is added.")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda address: "/account" not in address)
    page.goto("/account/2fa/")
    expect(page.get_by_role("listitem").filter(has_text="my laptop")).to_have_text("my laptop")
    page.goto("/account/2fa/webauthn/")
    expect(page.get_by_role("heading", name="my laptop")).to_be_visible()
    assert axe_finds(page) == []
    page.get_by_role("link", name="Rename my laptop").click()
    show_it_is_still(page)
    page.get_by_label("A name for it").fill("old laptop")
    assert axe_finds(page) == []
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove old laptop").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Remove “old laptop”?")
    assert axe_finds(page) == []
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You have no passkey yet.")).to_be_visible()


def test_cleo_needs_her_app_or_a_recovery_code_after_the_password(page: Page):
    sign_in(page, "Cleo")
    page.goto("/account/2fa/totp/activate/")
    show_it_is_still(page)
    expect(page.locator(".code-picture svg")).to_be_visible()
    assert axe_finds(page) == []
    page.get_by_label("Code from the app").fill(code_now(page.get_by_label("The secret", exact=True).input_value()))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert axe_finds(page) == []
    codes = page.locator("ol code").all_inner_texts()
    assert len(codes) == 10
    sign_out(page)
    page.locator("#id_login").fill("cleo@lantern.example")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#main").get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One step more")
    assert axe_finds(page) == []
    page.goto("/profile")
    expect(page.get_by_role("heading", level=1)).to_have_text("One step more")
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign in").last.click()
    page.goto("/account/2fa/")
    expect(page.get_by_text("9 codes are left")).to_be_visible()
    assert axe_finds(page) == []
    page.goto("/account/2fa/totp/deactivate/")
    show_it_is_still(page)
    assert axe_finds(page) == []


@pytest.mark.parametrize("protocol", ["oidc", "saml"])
def test_a_member_comes_in_through_the_organisations_sign_in(
    windows: Windows, provider: IdentityProvider, protocol: str
):
    provider.becomes(**claims(protocol, "n1", email=f"{protocol}@lantern.example", email_verified=True))
    page = windows.open()
    page.goto("/account/login/")
    page.locator(f'form[action^="/account/{protocol}/"] button').click()
    if protocol == "saml":
        page.get_by_role("button", name="Go on").click()
    page.wait_for_url(windows.served.origin + "/")
    expect(page.locator("header.top details.menu > summary")).to_have_accessible_name("Nell Moss: profile and sign-out")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_the_way_in(windows: Windows, scheme: str, provider: IdentityProvider):
    page = windows.open(color_scheme=scheme, viewport={"width": 390, "height": 844})
    provider.becomes()
    found = [problem for address in SIGNED_OUT if page.goto(address) for problem in axe_finds(page)]
    sign_in(page, "Dov")
    found += [problem for address in SIGNED_IN if page.goto(address) for problem in axe_finds(page)]
    assert found == []


def test_no_page_at_the_way_in_leads_to_a_sign_up(windows: Windows):
    page = windows.open()
    for address in SIGNED_OUT:
        page.goto(address)
        assert page.locator('#main > :not(#changed) a[href*="signup"], header a[href*="signup"]').count() == 0, address
