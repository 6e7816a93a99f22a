"""The lanes as one works with them: by keyboard, by mouse, on a phone, without script; and agreement beside them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.driving import Served, Windows, axe_finds

pytestmark = pytest.mark.browser

PREPARED = """
from datetime import timedelta
from tests.cast import Cast, HAPPENED, make_review
from tests.timeline.evidence import story
from secondstory.people.models import Person
from secondstory.reviews.models import KeyTime
from secondstory.timeline import agreement_changes, changes, learned_changes
from secondstory.timeline.rules import Row
people = {name: Person.objects.get(name=name.title()) for name in ("ana", "bo", "cleo", "dov", "eve", "gil")}
cast = Cast(**people, nobody=None)
review = make_review(cast)
first = story(review)[0]
def add(minutes, lane, what, **more):
    return changes.add(review, cast.ana, Row(at=HAPPENED + timedelta(minutes=minutes), what=what, lane=lane, **more))
alert = add(0, "Checkout", "Alert: latency above 2 s")
add(12, "Checkout", "Latency falls")
add(9, "On-call engineer", "Decides to roll back", pivot=True)
add(11, "Support desk", "A customer calls")
changes.cite(alert.pk, cast.ana, [first.number])
learned_changes.learn(alert.pk, cast.ana, "Support desk", HAPPENED + timedelta(minutes=11), "a customer called")
agreement_changes.mark(alert.pk, cast.cleo, "It was slow an hour before.")
KeyTime(review=review, name="detected", at=HAPPENED + timedelta(minutes=2)).save()
print(review.pk)
"""


@pytest.fixture
def review(served_to_the_cast: Served) -> str:
    return f"/reviews/{served_to_the_cast.ran(PREPARED)}"


def drawn(windows: Windows, review: str, name: str = "Ana", width: int = 1440, **options: object) -> Page:
    page = windows.open_as(name, viewport={"width": width, "height": 900}, **options)
    page.goto(f"{review}/timeline/lanes")
    page.locator(".mark").first.wait_for()
    page.locator(".lanes__span:not(:empty)").wait_for()
    return page


def moment(page: Page, words: str):
    return page.locator(f".mark[aria-label*='{words}']")


def test_the_lanes_show_moments_gaps_key_times_and_where_accounts_differ(windows: Windows, review: str):
    page = drawn(windows, review)
    expect(page.locator(".mark")).to_have_count(4)
    expect(page.locator(".gap")).to_have_count(1)
    expect(page.locator(".gap__words")).to_have_text("11 mins")
    expect(page.locator(".time__label")).to_have_text("Detected")
    expect(page.locator(".mark__differs")).to_have_count(1)
    alert = moment(page, "latency above")
    expect(alert).to_have_attribute(
        "aria-label", re.compile(r"Checkout: Alert.*accounts differ.*Support desk learned of it")
    )
    painted = page.evaluate(
        "() => { const it = document.querySelector('.lanes__crowd');"
        " return it.getContext('2d').getImageData(0, 0, it.width, it.height).data.some(each => each > 0) }"
    )
    assert painted


def test_everything_is_reached_by_keyboard(windows: Windows, review: str):
    page = drawn(windows, review)
    moment(page, "latency above").focus()
    page.keyboard.press("ArrowRight")
    expect(moment(page, "Latency falls")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(moment(page, "Decides to roll back")).to_be_focused()
    expect(page.locator(".lanes__card")).to_contain_text("Decides to roll back")
    page.keyboard.press("ArrowDown")
    expect(moment(page, "A customer calls")).to_be_focused()
    before = page.locator(".lanes__span").inner_text()
    page.keyboard.press("+")
    expect(page.locator(".lanes__span")).not_to_have_text(before)
    expect(moment(page, "A customer calls")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    expect(moment(page, "latency above")).to_be_focused()
    ring = page.evaluate("() => getComputedStyle(document.activeElement.querySelector('.mark__ring')).stroke")
    assert ring != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/timeline#m-*")


def test_dragging_pans_and_the_strip_below_brushes(windows: Windows, review: str):
    page = drawn(windows, review)
    shown = page.locator(".lanes__span")
    page.get_by_role("button", name="Closer").click()
    page.get_by_role("button", name="Closer").click()
    page.wait_for_timeout(400)
    first = shown.inner_text()
    box = page.locator(".lanes__svg").bounding_box()
    assert box
    page.mouse.move(box["x"] + 700, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 20, steps=5)
    page.mouse.up()
    expect(shown).not_to_have_text(first)
    second = shown.inner_text()
    strip = page.locator(".lanes__whole").bounding_box()
    assert strip
    page.mouse.move(strip["x"] + 20, strip["y"] + 20)
    page.mouse.down()
    page.mouse.move(strip["x"] + 160, strip["y"] + 20, steps=5)
    page.mouse.up()
    expect(shown).not_to_have_text(second)
    assert "/timeline/lanes" in page.url


def test_a_change_by_somebody_else_is_drawn(windows: Windows, review: str):
    page, other = drawn(windows, review), windows.open_as("Bo")
    other.goto(f"{review}/timeline/new")
    other.get_by_label("What happened").fill("Bo remembers one more")
    other.locator("form.form button.button--main").click()
    expect(page.locator(".mark")).to_have_count(5)
    expect(page.locator("#lanes-table")).to_contain_text("Bo remembers one more")


def test_without_script_the_table_says_it_all(windows: Windows, review: str):
    page = windows.open_as("Ana", java_script_enabled=False)
    page.goto(f"{review}/timeline/lanes")
    expect(page.locator(".lanes")).to_be_hidden()
    table = page.locator("#lanes-table")
    expect(table).to_contain_text("Support desk learned of it at")
    expect(table).to_contain_text("Accounts differ")
    page.get_by_role("link", name="How much evidence lies where, in numbers").click()
    expect(page.get_by_role("table")).to_contain_text("Lines of evidence")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(windows: Windows, review: str, scheme: str, width: int):
    page = drawn(windows, review, "Bo", width, color_scheme=scheme)
    moment(page, "latency above").focus()
    assert axe_finds(page) == []
    first = page.locator(".mark").first.get_attribute("data-moment")
    for rest in ("/timeline", "/agreement", f"/timeline/{first}/learned", f"/timeline/{first}/differs"):
        page.goto(review + rest)
        assert axe_finds(page) == [], rest
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), rest


def test_each_confirms_and_only_the_writer_settles(windows: Windows, review: str):
    bo, cleo = windows.open_as("Bo"), windows.open_as("Cleo")
    bo.goto(f"{review}/agreement")
    bo.get_by_role("button", name="Ask whether it is settled").click()
    expect(bo.get_by_role("button", name="Settled: the timeline says it too")).to_have_count(0)
    cleo.goto(f"{review}/agreement")
    cleo.get_by_role("button", name="Settled: the timeline says it too").click()
    cleo.get_by_role("button", name="I confirm the timeline as it stands").click()
    expect(cleo.get_by_text("You confirmed the timeline as it stands.")).to_be_visible()
    bo.goto(f"{review}/agreement")
    expect(bo.locator("section[aria-labelledby=given]")).to_contain_text("Cleo")
    bo.goto(f"{review}/timeline")
    expect(bo.locator(".voice")).to_have_count(0)
