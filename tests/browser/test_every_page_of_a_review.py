"""Every page of a review: at 400 %, as a screen reader is told of it, and on paper."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from playwright.sync_api import Page
from tests.browser.driving import Served, Windows

pytestmark = pytest.mark.browser

PREPARED = """
import json
from tests.cast import Cast, make_review
from tests.timeline.evidence import story
from tests.writing.written import write_everything
from secondstory.people.models import Person
from secondstory.reviews.models import Review
people = {name: Person.objects.get(name=name.title()) for name in ("ana", "bo", "cleo", "dov", "eve", "gil")}
cast = Cast(**people, nobody=None)
# Earlier tests left reviews of one title here; a list of them would name two links alike.
for number, each in enumerate(Review.objects.for_system("a test's setting")):
    each.title = f"{each.title}, {number}"
    each.save()
review = make_review(cast)
story(review)
write_everything(cast, review)
print(json.dumps(review.pk))
"""
PAGES = [
    "/",
    "/reviews/",
    "/reviews/new",
    "{0}/",
    "{0}/people",
    "{0}/times",
    "{0}/history",
    "{0}/evidence",
    "{0}/evidence/1",
    "{0}/evidence/new",
    "{0}/evidence/imports",
    "{0}/timeline",
    "{0}/timeline/new",
    "{0}/timeline/table",
    "{0}/triage",
    "{0}/triage?show=all",
    "{0}/lanes",
    "{0}/write",
    "{0}/publish",
]
# A sheet that opens out of the window cannot be scrolled to.
TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  const said = document.scrollingElement.scrollWidth > wide ? [`the page is ${document.scrollingElement.scrollWidth} wide`] : [];
  for (const menu of document.querySelectorAll("details.menu")) {
    if (!menu.checkVisibility()) continue;
    menu.open = true;
    const { left, right } = menu.querySelector(".menu__sheet").getBoundingClientRect();
    if (left < 0 || right > wide) said.push(`${menu.querySelector("summary").textContent.trim()}: ${left} to ${right}`);
    menu.open = false;
  }
  return said;
}"""
OPEN_ALL = "document.querySelectorAll('main details:not(.moment .menu)').forEach((each) => { each.open = true })"
ON_PAPER = """() => [...document.querySelectorAll(".menu, .menu__sheet, .button, .rail, .top, form.form, .moment-form")]
  .filter((each) => each.checkVisibility({ contentVisibilityAuto: true })).map((each) => each.outerHTML.slice(0, 120))"""
CONTROL = re.compile(r"""\s*- '?(link|button|checkbox|searchbox|table)(?: "((?:[^"\\]|\\.)*)")?""")


@pytest.fixture(scope="module")
def pages(served_to_the_cast: Served) -> list[str]:
    """The addresses of a review that is written but not published."""
    review = json.loads(served_to_the_cast.ran(PREPARED))
    return [each.format(f"/reviews/{review}") for each in PAGES]


@pytest.fixture
def bo(windows: Windows) -> Page:
    """Bo facilitates: no page shows more."""
    return windows.open_as("Bo", viewport={"width": 320, "height": 256})


def look(page: Page, address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address


def test_no_page_scrolls_sideways_at_400_percent(bo: Page, pages: list[str]):
    wrong = {}
    for address in pages:
        look(bo, address)
        if found := bo.evaluate(TOO_WIDE):
            wrong[address] = found
    assert not wrong


def unclear(page: Page) -> list[str]:
    """Controls and tables without a name, and several of one name that do not lead to the same."""
    lines = page.locator("main").aria_snapshot().splitlines()
    named, without = set(), []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if not (found := CONTROL.match(line)):
            continue
        role, name = found[1], found[2]
        if not name:
            without.append(f"no name: {line.strip()}")
        # Links of one name to one place are one thing; each button does a thing of its own.
        named.add((role, name, following.strip() if role == "link" else str(len(named))))
    often = Counter((role, name) for role, name, _ in named)
    return without + [f"{number} times: {role} {name}" for (role, name), number in often.items() if number > 1]


def test_every_button_link_and_table_has_a_name_of_its_own(bo: Page, pages: list[str]):
    bo.set_viewport_size({"width": 1280, "height": 900})
    wrong = {}
    for address in pages:
        look(bo, address)
        if address.endswith("/write"):
            bo.locator(".cm-content").first.wait_for()
        bo.evaluate(OPEN_ALL)
        if found := unclear(bo):
            wrong[address] = found
        assert bo.locator("main h1").count() == (2 if address.endswith("/publish") else 1), address
    assert not wrong


def test_no_menu_button_or_form_is_printed(bo: Page, pages: list[str]):
    bo.set_viewport_size({"width": 1280, "height": 900})
    bo.emulate_media(media="print")
    for address in pages:
        if address.endswith(("/timeline", "/write", "/evidence", "/publish")):
            look(bo, address)
            assert bo.evaluate(ON_PAPER) == [], address
