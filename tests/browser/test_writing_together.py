"""The editor of a section: offline, two at once, without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.driving import Served, Windows, axe_finds

pytestmark = pytest.mark.browser

PREPARED = """
from tests.cast import Cast, make_review
from secondstory.people.models import Person
people = {name: Person.objects.get(name=name.title()) for name in ("ana", "bo", "cleo", "dov", "eve", "gil")}
review = make_review(Cast(**people, nobody=None))
from secondstory.writing import changes
changes.lay_out(review, by=people["bo"])
print(review.pk)
"""
CANNOT_REACH = "Not saved: the server cannot be reached. Your words are kept here and sent as soon as it can."


@pytest.fixture
def write(served_to_the_cast: Served) -> str:
    """The address of a write-up in which nobody has written yet."""
    return f"/reviews/{served_to_the_cast.ran(PREPARED)}/write"


def opened(windows: Windows, name: str, address: str, **options: object) -> Page:
    page = windows.open_as(name, **options)
    page.goto(address)
    return page


def words(page: Page, key: str = "summary") -> Locator:
    return page.locator(f"#s-{key} .cm-content")


def state(page: Page, key: str = "summary") -> Locator:
    return page.locator(f"#s-{key} .editor__state")


def type_into(page: Page, text: str, key: str = "summary") -> None:
    words(page, key).click()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type(text)


def stored(page: Page, key: str = "summary") -> str:
    """What another look at the page would show."""
    address = page.locator(f"#body-{key}").get_attribute("data-text-url")
    return page.request.get(address).json()["body"]


def test_offline_the_page_says_so_and_keeps_the_words_until_it_is_back(windows: Windows, write: str):
    page = opened(windows, "Ana", write)
    type_into(page, "Saved before. ")
    expect(state(page)).to_have_text("Saved")
    page.context.set_offline(True)
    type_into(page, "Written offline.")
    expect(state(page)).to_have_text(CANNOT_REACH)
    expect(words(page)).to_contain_text("Written offline.")
    page.context.set_offline(False)
    expect(state(page)).to_have_text("Saved")
    assert stored(page) == "Saved before. Written offline."


def test_words_written_offline_outlive_the_page(windows: Windows, write: str):
    page = opened(windows, "Ana", write)
    words(page).wait_for()
    page.context.set_offline(True)
    type_into(page, "Written offline.")
    expect(state(page)).to_have_text(CANNOT_REACH)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto(write)
    expect(words(page)).to_contain_text("Written offline.")
    expect(state(page)).to_have_text("Saved")
    assert stored(page) == "Written offline."


def test_of_two_who_write_one_section_the_second_chooses_with_both_in_view(windows: Windows, write: str):
    ana, cleo = opened(windows, "Ana", write), opened(windows, "Cleo", write)
    words(cleo).wait_for()
    type_into(ana, "What Ana saw.")
    expect(state(ana)).to_have_text("Saved")
    type_into(cleo, "What Cleo saw.")
    both = cleo.get_by_role("region", name="Two versions of this text")
    expect(both).to_contain_text("Ana saved this text at")
    expect(both).to_contain_text("What Ana saw.")
    expect(both).to_contain_text("What Cleo saw.")
    assert stored(cleo) == "What Ana saw."
    assert axe_finds(cleo) == []
    both.get_by_role("button", name="Put both in and merge by hand").press("Enter")
    expect(state(cleo)).to_have_text("Saved")
    expect(words(cleo)).to_be_focused()
    assert stored(cleo) == "What Cleo saw.\n\n---\n\nWhat Ana saw."


def test_either_version_can_stand_and_the_other_is_not_lost(windows: Windows, write: str):
    ana, cleo = opened(windows, "Ana", write), opened(windows, "Cleo", write)
    words(cleo).wait_for()
    for key in ("summary", "learnings"):
        type_into(ana, "What Ana saw.", key)
        expect(state(ana, key)).to_have_text("Saved")
        type_into(cleo, "What Cleo saw.", key)
    cleo.locator("#s-learnings").get_by_role("button", name="Take theirs").click()
    expect(state(cleo, "learnings")).to_contain_text("Saved")
    assert stored(cleo, "learnings") == "What Ana saw."
    cleo.keyboard.press("ControlOrMeta+z")
    expect(words(cleo, "learnings")).to_have_text("What Cleo saw.")
    cleo.locator("#s-summary").get_by_role("button", name="Keep mine").click()
    expect(state(cleo)).to_have_text("Saved")
    assert stored(cleo) == "What Cleo saw."
    cleo.locator("#s-summary").get_by_role("link", name="History").click()
    expect(cleo.locator("main")).to_contain_text("What Ana saw.")


def test_without_script_a_form_saves_and_a_conflict_is_a_page(windows: Windows, write: str):
    ana = opened(windows, "Ana", write, java_script_enabled=False)
    cleo = opened(windows, "Cleo", write, java_script_enabled=False)
    for page, text in ((ana, "What Ana saw."), (cleo, "What Cleo saw.")):
        page.get_by_role("textbox", name="Summary").fill(text)
        page.get_by_role("button", name="Save Summary").click()
    expect(ana.get_by_role("textbox", name="Summary")).to_have_value("What Ana saw.")
    expect(cleo.get_by_role("heading", level=1)).to_have_text("Not saved")
    expect(cleo.get_by_role("textbox", name="What stands now")).to_have_value("What Ana saw.")
    expect(cleo.get_by_role("textbox", name="What you wrote")).to_have_value("What Cleo saw.")
    cleo.get_by_role("textbox", name="What you wrote").fill("What both saw.")
    cleo.get_by_role("button", name="Save").click()
    expect(cleo.get_by_role("textbox", name="Summary")).to_have_value("What both saw.")
