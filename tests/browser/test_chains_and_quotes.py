"""A chain typed by keyboard, on a phone and without script; a quote that goes from open pages when it is taken back."""

from __future__ import annotations

import json
import os
import re
import time

import pytest
from playwright.sync_api import Page, expect
from tests.browser.driving import Served, Windows, axe_finds, sign_in

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
PEOPLE = """
import json
from tests.cast import Cast, make_review
from secondstory.people.models import Person
people = {name: Person.objects.get(name=name.title()) for name in ("ana", "bo", "cleo", "dov", "eve", "gil")}
cast = Cast(**people, nobody=None)
review = make_review(cast)
"""
LAID_OUT = (
    PEOPLE
    + """
from secondstory.writing import chain_changes, changes
changes.lay_out(review, by=cast.bo)
chain_changes.add(review, by=cast.ana, kind="how", question="The queue grew for forty minutes before anybody saw it")
print(f"/reviews/{review.pk}/write")
"""
)
QUOTED = (
    PEOPLE
    + """
from tests.stories.telling import told
from tests.writing.written import publish, section_of, write_everything
from secondstory.writing.quoting_changes import put_quote
write_everything(cast, review)
words = "I took the okapicanary for noise."
part = told(review, cast.ana, "quotable", words=words)
put_quote(section_of(review, "summary").pk, part_id=part.pk, words=words, by=cast.bo)
publish(cast, review)
print(json.dumps([review.pk, part.pk]))
"""
)


def picture(page: Page, name: str) -> None:
    """Kept only where somebody wants to look at it."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def drawn(page: Page) -> list[str]:
    """The lines of the first chain as they hang."""
    return page.evaluate(
        """() => [...document.querySelectorAll("form[data-chain] .branch")].map((line) => {
          let depth = 0;
          for (let up = line.parentElement.closest(".branch"); up; up = up.parentElement.closest(".branch")) depth += 1;
          return "  ".repeat(depth) + line.querySelector("[name=words]").value;
        })"""
    )


@pytest.fixture
def write(served_to_the_cast: Served) -> str:
    return served_to_the_cast.ran(LAID_OUT)


def type_a_tree(page: Page) -> None:
    # Until its script is there, the form is sent by Enter.
    page.wait_for_load_state("networkidle")
    page.locator("form[data-chain] .chain__question").click()
    page.keyboard.press("Enter")
    page.keyboard.type("The new board shows rates, not lengths")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("It was built for the sales team")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Somebody looked at the old board")
    page.keyboard.press("Alt+ArrowUp")


TREE = [
    "Somebody looked at the old board",
    "The new board shows rates, not lengths",
    "  It was built for the sales team",
]


def test_a_chain_is_typed_by_keyboard_alone_and_saves_itself(windows: Windows, write: str) -> None:
    page = windows.open_as("Ana", viewport={"width": 1440, "height": 900})
    page.goto(write)
    type_a_tree(page)
    assert drawn(page) == TREE
    saved = page.locator("[data-chain-state]").first
    expect(saved).to_have_text("Saved")
    page.reload()
    assert drawn(page) == TREE
    page.locator("form[data-chain] select[name=kind]").first.select_option("person")
    expect(page.get_by_text("What made this the sensible thing to do?").first).to_be_visible()
    expect(saved).to_have_text("Saved")
    assert axe_finds(page) == []
    picture(page, "chain-1440")
    page.emulate_media(color_scheme="dark")
    picture(page, "chain-1440-dark")


def test_a_line_removed_comes_back_by_undo_and_nobody_is_caught_in_the_tree(windows: Windows, write: str) -> None:
    page = windows.open_as("Ana")
    page.goto(write)
    type_a_tree(page)
    for _ in range(len(TREE[0])):
        page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert drawn(page) == TREE[1:]
    page.locator("[data-step=undo]").first.click()
    assert drawn(page) == ["", *TREE[1:]]
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "kind"


@pytest.mark.parametrize("script", [True, False])
def test_a_chain_grows_on_a_phone(windows: Windows, write: str, script: bool) -> None:
    page = windows.open(viewport=PHONE, java_script_enabled=script)
    sign_in(page, "Cleo")
    page.goto(write)
    if script:
        page.get_by_role("button", name="How did that come about?").first.click()
        page.keyboard.type("Two boards")
        expect(page.locator("[data-chain-state]").first).to_have_text("Saved")
        assert axe_finds(page) == []
    else:
        page.get_by_label("One more line").first.fill("Two boards")
        page.locator(".without-script").get_by_role("button", name=re.compile("Save.*The queue grew")).click()
    page.goto(write)
    assert page.locator("form[data-chain] .branch [name=words]").first.input_value() == "Two boards"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") if script else True
    picture(page, f"chain-390-{'script' if script else 'plain'}")


def test_a_quote_taken_back_leaves_every_open_page_within_a_second(
    windows: Windows, served_to_the_cast: Served
) -> None:
    review, part = json.loads(served_to_the_cast.ran(QUOTED))
    words = "I took the okapicanary for noise."
    pages = []
    for name, where in (("Dov", "read"), ("Cleo", "write"), ("Bo", "read")):
        page = windows.open_as(name)
        page.goto(f"/reviews/{review}/{where}")
        expect(page.get_by_text(words)).to_be_visible()
        pages.append(page)
    picture(pages[0], "quote-read")
    picture(pages[1], "quote-write")
    ana = windows.open_as("Ana")
    ana.goto(f"/reviews/{review}/story/parts/{part}/audience")
    picture(ana, "quote-left")
    ana.locator("input[name=audience][value=me]").check()
    ana.get_by_role("button", name="Save this choice").click()
    ana.wait_for_load_state()
    began = time.monotonic()
    for page in pages:
        expect(page.get_by_text(words)).to_have_count(0)
        expect(page.get_by_text("withdrawn by its author")).to_be_visible()
    assert time.monotonic() - began < 1
