"""Others change what is on the screen while somebody is about to do something there."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.driving import Served, Windows

pytestmark = pytest.mark.browser

PREPARED = """
import json
from tests.cast import Cast, HAPPENED, make_review
from secondstory.people.models import Person
from secondstory.timeline.models import Moment
people = {name: Person.objects.get(name=name.title()) for name in ("ana", "bo", "cleo", "dov", "eve", "gil")}
review = make_review(Cast(**people, nobody=None))
Moment(review=review, at=HAPPENED, what="The alert came").save()
print(json.dumps(review.pk))
"""
ROWS = "**/timeline?part=rows*"
# Three more parts of the page that are read again by themselves.
MORE_PARTS = """address => ["a", "b", "c"].forEach(id => {
  const part = document.createElement("p");
  Object.assign(part, { id, textContent: "as it was" });
  Object.assign(part.dataset, { live: document.querySelector("#timeline").dataset.live, liveRefresh: `${address}?part=rows&for=${id}` });
  document.querySelector("main").append(part);
})"""


@pytest.fixture
def timeline(served_to_the_cast: Served) -> str:
    return f"/reviews/{json.loads(served_to_the_cast.ran(PREPARED))}/timeline"


@pytest.fixture
def ana(windows: Windows, timeline: str) -> Page:
    """At the timeline, and already hearing what changes."""
    page, asked = windows.open_as("Ana"), []
    page.on("websocket", lambda line: line.on("framesent", lambda _: asked.append(line)))
    page.goto(timeline)
    while not asked:
        page.wait_for_timeout(20)
    return page


def bo_marks_a_pivot_point(windows: Windows, timeline: str) -> None:
    bo = windows.open_as("Bo")
    bo.goto(timeline)
    bo.locator("li.moment summary").click()
    bo.get_by_role("button", name="Pivot point").click()
    expect(bo.locator("li.moment--pivot")).to_have_count(1)


def test_a_menu_opened_while_the_news_is_on_its_way_stays_open(windows: Windows, timeline: str, ana: Page):
    held: list[Route] = []
    ana.route(ROWS, lambda route, _: held.append(route))
    with ana.expect_request(ROWS):
        bo_marks_a_pivot_point(windows, timeline)
    ana.locator("li.moment summary").focus()
    ana.keyboard.press("Enter")
    with ana.expect_response(ROWS):
        held[0].continue_()
    expect(ana.locator("#changed")).to_be_visible()
    expect(ana.get_by_role("button", name="Take out")).to_be_visible()
    ana.keyboard.press("Tab")
    expect(ana.get_by_role("link", name="Add one after this")).to_be_focused()


def test_the_keyboard_stays_where_it_was_when_news_comes(windows: Windows, timeline: str, ana: Page):
    ana.locator("li.moment summary").focus()
    bo_marks_a_pivot_point(windows, timeline)
    expect(ana.locator("li.moment--pivot")).to_have_count(1)
    expect(ana.locator("li.moment summary")).to_be_focused()


def test_every_part_that_changed_is_read_again(windows: Windows, timeline: str, ana: Page):
    ana.evaluate(MORE_PARTS, timeline)
    bo_marks_a_pivot_point(windows, timeline)
    expect(ana.locator("li.moment--pivot").first).to_be_visible()
    expect(ana.get_by_text("as it was")).to_have_count(0)
