"""Triage and the timeline as one works with them: by keyboard, by mouse, by touch, without script, two at once."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.driving import Served, Windows, axe_finds, sign_in

pytestmark = pytest.mark.browser

# With its line's time; not "Accept in other words".
ACCEPT = re.compile(r"^Accept \d")
PREPARED = """
import json
import re
from tests.cast import Cast, HAPPENED, make_review
from tests.timeline.evidence import story
from secondstory.people.models import Person
people = {name: Person.objects.get(name=name.title()) for name in ("ana", "bo", "cleo", "dov", "eve", "gil")}
review = make_review(Cast(**people, nobody=None))
print(json.dumps([review.pk, [line.number for line in story(review)]]))
"""


@pytest.fixture
def review(served_to_the_cast: Served) -> tuple[str, list[int]]:
    """A review of its own for each test, with a short incident as its evidence."""
    pk, numbers = json.loads(served_to_the_cast.ran(PREPARED))
    return f"/reviews/{pk}", numbers


def as_cleo(windows: Windows, **options: object) -> Page:
    page = windows.open(**({"viewport": {"width": 1440, "height": 900}} | options))
    sign_in(page, "Cleo")
    return page


def open_triage(page: Page, address: str) -> None:
    """The page, once its keys are heard: exactly one line can then be reached by Tab."""
    page.goto(f"{address}/triage?show=all")
    page.locator('.line[tabindex="0"]').wait_for()


def line(page: Page, number: int):
    return page.locator(f"#line-{number}")


def test_triage_by_keyboard_accepts_rewords_leaves_out_merges_and_takes_back(windows: Windows, review):
    address, (alert, symptom, *_, decision, _deploy, _recovery) = review
    page = as_cleo(windows)
    open_triage(page, address)
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(line(page, alert)).to_be_focused()
    page.keyboard.press("a")
    expect(line(page, alert)).to_contain_text("in the timeline")
    expect(line(page, symptom)).to_be_focused()
    page.keyboard.press("x")
    expect(line(page, symptom)).to_contain_text("left out")
    page.keyboard.press("u")
    expect(line(page, symptom)).not_to_contain_text("left out")
    expect(line(page, symptom)).to_be_focused()
    page.keyboard.press("Shift+J")
    page.keyboard.press("m")
    expect(page.locator(".line--taken")).to_have_count(3)
    expect(page.locator(".accepted__moment")).to_have_count(2)
    line(page, decision).focus()
    page.keyboard.press("e")
    expect(page.get_by_label("What happened")).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type("Ana decides to roll back")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#accepted")).to_contain_text("Ana decides to roll back")
    expect(line(page, decision)).to_be_focused()
    for _ in range(3):
        page.keyboard.press("u")
    expect(page.locator(".accepted__moment")).to_have_count(0)


def test_keys_pressed_faster_than_the_server_answers_all_count(windows: Windows, review):
    address, numbers = review
    page = as_cleo(windows)
    open_triage(page, address)
    page.keyboard.press("j")
    page.keyboard.press("k")
    for _ in numbers:
        page.keyboard.press("a")
    expect(page.locator(".line--taken")).to_have_count(len(numbers))
    for _ in numbers:
        page.keyboard.press("u")
    expect(page.locator(".line--taken")).to_have_count(0)
    expect(page.locator(".accepted__moment")).to_have_count(0)


def test_triage_by_mouse_and_by_touch(windows: Windows, review):
    address, (alert, symptom, *_, recovery) = review
    page = as_cleo(windows, viewport={"width": 390, "height": 844}, has_touch=True)
    open_triage(page, address)
    line(page, alert).get_by_role("button", name=ACCEPT).tap()
    expect(line(page, alert)).to_contain_text("in the timeline")
    line(page, symptom).get_by_role("checkbox").tap()
    line(page, recovery).get_by_role("checkbox").tap()
    page.get_by_role("button", name="One moment").tap()
    expect(line(page, recovery)).to_contain_text("in the timeline")
    page.get_by_role("button", name="Undo").tap()
    expect(line(page, recovery)).not_to_contain_text("in the timeline")


def test_triage_without_script(windows: Windows, review):
    address, (alert, symptom, *_, recovery) = review
    page = as_cleo(windows, java_script_enabled=False)
    page.goto(f"{address}/triage?show=all")
    line(page, alert).get_by_role("button", name=ACCEPT).click()
    expect(line(page, alert)).to_contain_text("in the timeline")
    line(page, symptom).get_by_role("checkbox").check()
    line(page, recovery).get_by_role("checkbox").check()
    page.get_by_role("button", name="One moment of the ticked lines").click()
    expect(line(page, recovery)).to_contain_text("in the timeline")
    line(page, alert).get_by_role("link", name="Edit").click()
    page.get_by_label("What happened").fill("The alert came")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#accepted")).to_contain_text("The alert came")


def test_of_two_who_change_one_moment_the_second_sees_both_and_a_third_sees_it_come(windows: Windows, review):
    address, (alert, *_) = review
    cleo, ana, bo = as_cleo(windows), windows.open(), windows.open()
    sign_in(ana, "Ana")
    sign_in(bo, "Bo")
    open_triage(cleo, address)
    line(cleo, alert).get_by_role("button", name=ACCEPT).click()
    expect(line(cleo, alert)).to_contain_text("in the timeline")
    for page in (cleo, ana, bo):
        page.goto(f"{address}/timeline")
    for page in (cleo, ana):
        page.locator(".moment").hover()
        page.get_by_role("link", name="Edit").click()
        expect(page.locator(".moment").get_by_label("What happened")).to_be_focused()
    cleo.locator(".moment").get_by_label("What happened").fill("What Cleo wrote")
    cleo.keyboard.press("Control+Enter")
    expect(cleo.locator(".moment__what")).to_have_text("What Cleo wrote")
    expect(bo.locator(".moment__what")).to_have_text("What Cleo wrote")
    ana.locator(".moment").get_by_label("What happened").fill("What Ana wrote")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator(".moment")).to_contain_text("Cleo changed this moment while you were writing.")
    expect(ana.locator(".moment")).to_contain_text("What Cleo wrote")
    expect(ana.locator(".moment").get_by_label("What happened")).to_have_value("What Ana wrote")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(windows: Windows, review, scheme: str, width: int):
    address, (_alert, symptom, *_) = review
    page = windows.open(viewport={"width": width, "height": 900}, color_scheme=scheme)
    sign_in(page, "Bo")
    open_triage(page, address)
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.keyboard.press("x")
    expect(line(page, symptom)).to_contain_text("left out")
    page.keyboard.press("e")
    expect(page.get_by_label("What happened")).to_be_focused()
    # What the sticky bar covers of a line is no small target: it scrolls.
    page.evaluate("scrollTo(0, 0)")
    assert axe_finds(page) == []
    for rest in ("/timeline", "/timeline/table", "/lanes"):
        page.goto(address + rest)
        assert axe_finds(page) == [], rest
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), rest
    page.goto(f"{address}/timeline")
    page.locator(".moment").hover()
    page.get_by_role("link", name="Edit").click()
    expect(page.locator(".moment").get_by_label("What happened")).to_be_focused()
    assert axe_finds(page) == []
