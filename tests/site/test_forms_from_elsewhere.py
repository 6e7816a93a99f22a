"""Forms sent by somebody else's page are refused; ours are not, though our pages send no referrer."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.cast import PASSWORD, Cast


def signing_in(headers: dict[str, str], *, secure: bool = False, token: str | None = None) -> int:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/account/login/", secure=secure).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    form = {"login": "ana@lantern.example", "password": PASSWORD, "csrfmiddlewaretoken": token or found[1]}
    return client.post("/account/login/", form, headers=headers, secure=secure).status_code


@pytest.mark.parametrize("secure", [False, True])
def test_a_form_of_ours_is_taken_though_its_origin_is_withheld(cast: Cast, secure: bool):
    assert signing_in({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, secure=secure) == 302


@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_from_another_site_is_refused(cast: Cast, site: str, secure: bool):
    assert signing_in({"Origin": "null", "Sec-Fetch-Site": site}, secure=secure) == 403


def test_another_origin_is_refused(cast: Cast):
    assert signing_in({"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}) == 403


def test_over_https_a_browser_must_say_where_the_form_came_from(cast: Cast):
    assert signing_in({"Origin": "null"}, secure=True) == 403
    assert signing_in({"Origin": "null"}, secure=False) == 302


def test_the_forms_own_token_is_always_asked_for(cast: Cast):
    wrong = "x" * 64
    assert signing_in({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, token=wrong) == 403


def test_no_page_sends_a_referrer(cast: Cast, client: Client):
    assert client.get("/account/login/").headers["Referrer-Policy"] == "no-referrer"
