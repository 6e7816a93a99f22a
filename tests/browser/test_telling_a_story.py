"""Telling one's account on a phone, and taking it back while somebody looks at it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.browser.driving import Served, Windows, axe_finds, serving

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
PREPARED = """
from tests.cast import HAPPENED, Cast, make_review
from secondstory.people.models import Person
from secondstory.timeline.models import Moment
people = {name: Person.objects.get(name=name.title()) for name in ("ana", "bo", "cleo", "dov", "eve", "gil")}
review = make_review(Cast(**people, nobody=None))
Moment(review=review, at=HAPPENED, what="Rolled back").save()
print(review.pk)
"""
CANARY = "okapicanary"
SHARED = (
    PREPARED
    + f"""
from tests.stories.telling import told
part = told(review, people["ana"], "participants", words="What I did, {CANARY}, at five past.")
from secondstory.stories.beside_changes import lay
moment = Moment.objects.for_system("a browser test").get(review=review)
lay(part.pk, moment.pk, by=people["ana"], kind="did", words="{CANARY}")
print(part.pk)
"""
)
STORED = """
from tests.stories.telling import read
from secondstory.stories.models import Part
print(read(Part.objects.for_system("a browser test").get(story__review_id="{}", name="did")))
"""


def words(page: Page, name: str = "did") -> Locator:
    return page.locator(f"#s-{name} .cm-content")


def state(page: Page, name: str = "did") -> Locator:
    return page.locator(f"#s-{name} .editor__state")


def test_an_account_is_told_on_a_phone(windows: Windows, served_to_the_cast: Served) -> None:
    review = served_to_the_cast.ran(PREPARED)
    page = windows.open_as("Ana", **PHONE)
    page.goto(f"/reviews/{review}/story")
    expect(page.get_by_text("was hard on the people")).to_be_visible()
    assert axe_finds(page) == []
    page.get_by_role("button", name="Begin").click()
    words(page).wait_for()
    assert axe_finds(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    words(page).tap()
    page.keyboard.type("I saw the page")
    expect(state(page)).to_have_text("Saved")
    page.get_by_text("Evidence and timeline beside it").tap()
    page.get_by_role("button", name="Rolled back").first.tap()
    expect(words(page)).to_have_text("I saw the page 14:05 ")
    expect(state(page)).to_have_text("Saved")
    assert axe_finds(page) == []
    page.reload()
    expect(page.get_by_role("link", name="Go on where you stopped: What I did, and when")).to_be_visible()
    expect(words(page)).to_contain_text("I saw the page 14:05")
    _shared_with_the_facilitator(page)


def _shared_with_the_facilitator(page: Page) -> None:
    page.locator("#s-did .writing-section__head a.chip").tap()
    expect(page.get_by_text("Now that is: Bo, Cleo.").first).to_be_visible()
    assert axe_finds(page) == []
    page.get_by_role("radio", name="The facilitator").check()
    page.get_by_role("button", name="Save this choice").tap()
    expect(page.locator("#s-did")).to_contain_text("Can be read by Bo.")
    page.get_by_role("link", name="Who had access").tap()
    expect(page.get_by_role("cell", name="Bo")).to_be_visible()
    assert axe_finds(page) == []


def test_a_time_is_typed_by_keyboard_alone(windows: Windows, served_to_the_cast: Served) -> None:
    review = served_to_the_cast.ran(PREPARED)
    page = windows.open_as("Ana", viewport={"width": 1440, "height": 900})
    page.goto(f"/reviews/{review}/story")
    page.get_by_role("button", name="Begin").click()
    words(page).click()
    page.keyboard.type("At")
    page.keyboard.press("Alt+t")
    page.get_by_role("button", name="Rolled back").first.wait_for()
    page.locator("[data-types]").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("I went")
    expect(words(page)).to_have_text("At 14:05 I went")


@pytest.mark.parametrize("where", ["stories", "timeline"])
def test_narrowing_takes_it_from_anothers_open_page_within_a_second(
    windows: Windows, served_to_the_cast: Served, where: str
) -> None:
    review, part = served_to_the_cast.ran(SHARED).split()
    ana, cleo = windows.open_as("Ana"), windows.open_as("Cleo")
    arrived: list[str] = []
    cleo.on("websocket", lambda line: line.on("framereceived", lambda frame: arrived.append(str(frame))))
    cleo.on("response", lambda answer: arrived.append(_told(answer)))
    cleo.goto(f"/reviews/{review}/{where}")
    expect(cleo.locator("main")).to_contain_text(CANARY)
    ana.goto(f"/reviews/{review}/story/parts/{part}/audience")
    ana.get_by_role("radio", name="Only me").check()
    cleo.wait_for_timeout(500)
    arrived.clear()
    ana.get_by_role("button", name="Save this choice").click()
    ana.wait_for_url("**/story*")
    chosen = time.monotonic()
    expect(cleo.locator("main")).not_to_contain_text(CANARY, timeout=1_000)
    assert time.monotonic() - chosen < 1.0
    words(ana).click()
    ana.keyboard.type("More of it. ")
    expect(state(ana)).to_have_text("Saved")
    cleo.wait_for_timeout(1_000)
    assert not [each for each in arrived if CANARY in each]
    cleo.reload()
    assert CANARY not in cleo.content()


def _told(answer: Any) -> str:
    try:
        return str(answer.text())
    except Exception:  # noqa: BLE001 - redirects and pictures have no text
        return ""


def test_a_server_killed_while_somebody_types_loses_a_second_at_most(
    browser: Browser, tmp_path: Path, migrated: Path
) -> None:
    with serving(Served(tmp_path), migrated=migrated) as served:
        served.ran("from tests.cast import make_cast; make_cast()")
        review = served.ran(PREPARED)
        windows = Windows(browser, served)
        page = windows.open_as("Ana")
        page.goto(f"/reviews/{review}/story")
        page.get_by_role("button", name="Begin").click()
        words(page).click()
        typed, called_saved, pressed = "", "", []
        for letter in "the quick brown fox jumps over the lazy dog " * 2:
            page.keyboard.type(letter)
            typed += letter
            pressed.append(time.monotonic())
            called_saved = typed if state(page).text_content() == "Saved" else called_saved
            page.wait_for_timeout(40)
        killed = time.monotonic()
        served.kill()
        stored = served.ran(STORED.format(review))
        windows.close()
    due = sum(1 for at in pressed if at < killed - 1.0)
    assert due > 20
    assert typed.startswith(stored)
    assert len(stored) >= len(typed[:due].rstrip())
    assert len(stored) >= len(called_saved.rstrip())
