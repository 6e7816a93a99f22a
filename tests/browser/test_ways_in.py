"""Signing in with a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.browser.driving import Served, Windows, axe_finds, sign_in, sign_out
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser


def test_the_first_person_comes_in_with_the_printed_code(windows_of_a_new_installation: Windows, served: Served):
    page = windows_of_a_new_installation.open()
    page.goto("/setup")
    assert axe_finds(page) == []
    page.get_by_label("The one-time code").fill(served.setup_code)
    page.get_by_label("Your name").fill("Ana")
    page.get_by_label("Your e-mail address").fill("ana@lantern.example")
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    expect(page).to_have_url(served.origin + "/")


def test_ana_signs_in_and_out(page: Page):
    page.goto("/account/login/")
    assert axe_finds(page) == []
    sign_in(page, "Ana")
    expect(page.locator("header.top details.menu > summary")).to_have_accessible_name("Ana: profile and sign-out")
    sign_out(page)
    page.goto("/profile")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
