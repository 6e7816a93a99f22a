"""Replay as one works with it: by keyboard alone, on a phone, without script."""

from __future__ import annotations

import json
import os
import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser.driving import Served, Windows, axe_finds, sign_in

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
PREPARED = """
import json
from datetime import timedelta
from tests.cast import Cast, HAPPENED, make_review
from tests.timeline.evidence import line, story
from secondstory.people.models import Person
from secondstory.timeline import changes, lane_changes, learned_changes, place_changes
from secondstory.timeline.rules import Row
people = {name: Person.objects.get(name=name.title()) for name in ("ana", "bo", "cleo", "dov", "eve", "gil")}
cast = Cast(**people, nobody=None)
review = make_review(cast)
at = lambda minutes: HAPPENED + timedelta(minutes=minutes)
story(review)
line(review, "price service was slow all morning, we did not think that it mattered", at(1), place="#prices", reach="private", author="dov")
lane = lane_changes.add_lane(review, cast.bo, "on-call engineer")
place_changes.between(lane.pk, cast.bo, "#prices", at(8), None)
pager = Row(at=at(1), what="The pager goes off", information="One graph, and the alert", decision="Look at the deployments first", lane=lane.name, pivot=True)
changes.add(review, cast.bo, pager)
told = changes.add(review, cast.bo, Row(at=at(3), what="Support has twelve calls about checkout", lane="support"))
learned_changes.learn(told.pk, cast.bo, lane.name, at(8), "by phone")
roll = Row(at=at(9), what="Somebody asks for a rollback", information="Nobody knows whether a rollback is safe", decision="Roll back", lane=lane.name, pivot=True)
changes.add(review, cast.bo, roll)
print(json.dumps(f"/reviews/{review.pk}/replay/{lane.pk}?at=2026-03-09T14:05:00Z"))
"""
SHARED = """
from tests.stories.telling import told
from secondstory.people.models import Person
from secondstory.reviews.models import Review
from secondstory.stories import beside_changes
from secondstory.timeline.models import Moment
ana = Person.objects.get(name="Ana")
review = Review.objects.visible_to(ana).get(pk="REVIEW")
part = told(review, ana, "participants", name="assumed", words="I took the deploy to be done")
moment = Moment.objects.visible_to(ana).get(review=review, what="The pager goes off")
beside_changes.lay(part.pk, moment.pk, by=ana, kind="assumed", words="I took the deploy to be done")
"""
NARROWED = """
from tests.stories.telling import part_of, share
from secondstory.people.models import Person
ana = Person.objects.get(name="Ana")
share(part_of(ana, review_id="REVIEW", name="assumed"), ana, "me")
"""


@pytest.fixture
def address(served_to_the_cast: Served) -> str:
    return json.loads(served_to_the_cast.ran(PREPARED))


def picture(page: Page, name: str) -> None:
    """Kept only where somebody wants to look at it."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def tab_to(page: Page, name: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
    pytest.fail(f"no way to {name} by keyboard")


@pytest.mark.parametrize("script", [True, False])
def test_one_walks_through_an_event_by_keyboard_on_a_phone(windows: Windows, address: str, script: bool) -> None:
    page = windows.open(viewport=PHONE, java_script_enabled=script)
    sign_in(page, "Cleo")
    page.goto(address)
    expect(page).to_have_title("Replay · Second Story")
    expect(page.get_by_text("The pager goes off")).to_have_count(0)
    tab_to(page, "Next decision point") if script else page.get_by_role("link", name="Next decision point").click()
    if script:
        page.keyboard.press("Enter")
    expect(page.get_by_text("A decision point")).to_be_visible()
    expect(page.get_by_text("The pager goes off")).to_be_visible()
    expect(page.get_by_text("Look at the deployments first")).to_have_count(0)
    page.get_by_role("link", name="Next thing one could know").click()
    expect(page.get_by_text("Look at the deployments first")).to_be_visible()
    expect(page.get_by_text("twelve calls")).to_have_count(0)
    page.get_by_role("link", name="Next decision point").click()
    expect(page.get_by_text("twelve calls")).to_be_visible()
    expect(page.get_by_text("slow all morning")).to_be_visible()
    expect(page.get_by_text("rolled back to 41")).to_have_count(0)
    picture(page, "replay-390")
    if script:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert axe_finds(page) == []


def test_where_it_ends_is_told_only_by_going_there(windows: Windows, address: str) -> None:
    page = windows.open(viewport={"width": 1440, "height": 900})
    sign_in(page, "Cleo")
    page.goto(address.replace("14:05", "14:30"))
    picture(page, "replay-1440")
    expect(page.get_by_text("nothing more is recorded")).to_have_count(0)
    page.get_by_role("link", name="Next thing one could know").click()
    expect(page.get_by_text("nothing more is recorded")).to_be_visible()
    expect(page).to_have_url(re.compile("14%3A30|14:30"))
    assert axe_finds(page) == []


def test_one_comes_in_from_the_review_and_says_what_a_lane_could_read(windows: Windows, address: str) -> None:
    page = windows.open(viewport=PHONE)
    sign_in(page, "Cleo")
    page.goto(address.partition("/replay")[0] + "/replay")
    picture(page, "choose-390")
    assert axe_finds(page) == []
    page.get_by_role("link", name="on-call engineer: What it could read").click()
    expect(page.get_by_text("#prices").first).to_be_visible()
    page.get_by_label("Place").select_option("#ops")
    page.get_by_label("This lane could read it").select_option("never")
    page.get_by_role("button", name="Say so").click()
    expect(page.get_by_text("at no time", exact=True)).to_be_visible()
    picture(page, "places-390")
    assert axe_finds(page) == []


def test_words_taken_back_leave_an_open_replay_within_a_second(
    windows: Windows, served_to_the_cast: Served, address: str
) -> None:
    review = address.split("/")[2]
    served_to_the_cast.ran(SHARED.replace("REVIEW", review))
    page = windows.open(viewport=PHONE)
    sign_in(page, "Cleo")
    page.goto(address.replace("14:05", "14:07"))
    expect(page.get_by_text("I took the deploy to be done")).to_be_visible()
    assert axe_finds(page) == []
    served_to_the_cast.ran(NARROWED.replace("REVIEW", review))
    expect(page.get_by_text("I took the deploy to be done")).to_have_count(0, timeout=1_000)
    expect(page.get_by_text("The pager goes off")).to_be_visible()
