"""Evidence in a real browser: dropped, chosen from, imported by the worker, read, struck."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.driving import Served, axe_finds, sign_in
from tests.evidence.making import slack_zip

pytestmark = pytest.mark.browser
MAKE_REVIEW = """
from secondstory.people.models import Person
from secondstory.reviews.models import Participation, Review
from tests.cast import HAPPENED
bo = Person.objects.get(email="bo@lantern.example")
review = Review(title="Checkout answered slowly", created_by=bo, happened_at=HAPPENED)
review.save()
Participation(review=review, person=bo, duty="facilitator", involved=False, accepted_at=HAPPENED).save()
print(review.pk)
"""


def test_a_slack_zip_is_dropped_chosen_from_imported_read_and_a_line_struck(
    page: Page, served_to_the_cast: Served, tmp_path: Path
) -> None:
    review = served_to_the_cast.ran(MAKE_REVIEW)
    packed, essay = tmp_path / "lantern-slack.zip", tmp_path / "essay.txt"
    packed.write_bytes(slack_zip(payments_private=[]))
    essay.write_text("A long walk by the river.\n")
    sign_in(page, "Bo")
    page.goto(f"/reviews/{review}/evidence")
    expect(page.get_by_text("Nothing has been brought in yet")).to_be_visible()
    found = axe_finds(page)
    page.goto(f"/reviews/{review}/evidence/new")
    found += axe_finds(page)
    page.set_input_files("#files", [packed, essay])
    page.wait_for_url("**/choose")
    expect(page.get_by_text("essay.txt is not this product")).to_be_visible()
    found += axe_finds(page)
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**/imports")
    # The page says it by itself once the worker is done.
    expect(page.locator(".facts").first).to_contain_text(re.compile(r"Added\s*3"), timeout=30_000)
    found += axe_finds(page)
    page.get_by_role("link", name="Read the evidence").click()
    expect(page.locator(".line")).to_have_count(3)
    found += axe_finds(page)
    page.get_by_label("Word").fill("rolled")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".line")).to_have_count(1)
    page.get_by_role("link", name="Line 2 in its context").click()
    found += axe_finds(page)
    page.get_by_text("Strike this line").click()
    page.get_by_label("Reason").fill("names a customer")
    page.get_by_role("button", name="Strike it").click()
    page.get_by_role("dialog").get_by_role("button").last.click()
    expect(page.get_by_text("Struck: names a customer")).to_be_visible()
    expect(page.get_by_text("rolled back the basket")).to_have_count(0)
    assert not found, "\n".join(found)


def test_a_pasted_conversation_needs_no_script(page: Page, served_to_the_cast: Served) -> None:
    review = served_to_the_cast.ran(MAKE_REVIEW)
    assert page.context.browser
    plain = page.context.browser.new_context(base_url=served_to_the_cast.origin, java_script_enabled=False)
    try:
        window = plain.new_page()
        sign_in(window, "Bo")
        window.goto(f"/reviews/{review}/evidence/new")
        window.get_by_label("Paste a conversation").fill("14.03 ana: checkout is slow\n14.09 bo: rolled back\n")
        window.get_by_role("button", name="Look at it").click()
        window.get_by_role("button", name="Import", exact=True).click()
        window.get_by_role("link", name="Read the evidence").click()
        for _ in range(60):
            if window.locator(".line").count() == 2:
                break
            window.wait_for_timeout(500)
            window.reload()
        assert window.locator(".line").count() == 2
    finally:
        plain.close()


def test_an_administrator_makes_an_address_and_sees_its_secret_once(page: Page) -> None:
    sign_in(page, "Eve")
    page.goto("/hooks/new")
    found = axe_finds(page)
    page.get_by_label("Name").fill("Alerts, production")
    page.get_by_role("button", name="Make the address").click()
    expect(page.locator("#hook-secret")).to_have_text(re.compile(r"\S{40,}"))
    found += axe_finds(page)
    page.get_by_role("link", name="Done").click()
    expect(page.get_by_text("Alerts, production")).to_be_visible()
    found += axe_finds(page)
    page.goto("/inbox")
    found += axe_finds(page)
    assert not found, "\n".join(found)
