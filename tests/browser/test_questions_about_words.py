"""Blaming words are underlined where they are typed, asked about by keyboard, and let stand for good."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.driving import Served, Windows, axe_finds
from tests.browser.test_telling_a_story import PHONE, PREPARED

pytestmark = pytest.mark.browser

WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
BLAMING = "The engineer should have checked the board."
UNDERLINED = "should have checked"
REASON = "The runbook says so, wombatcanary."
WRITTEN = (
    PREPARED
    + """
from secondstory.writing import changes
from secondstory.timeline import margin_changes
changes.lay_out(review, by=people["bo"])
margin_changes.begin_note(review, people["bo"])
"""
)
TALKED = (
    PREPARED
    + """
from secondstory.stories import interview_changes
interview = interview_changes.begin_interview(review, people["cleo"].pk, by=people["bo"])
print(interview.pk)
"""
)
SHARED = (
    PREPARED
    + f"""
from tests.stories.telling import told
part = told(review, people["ana"], "participants", words="{BLAMING}")
print(part.text_id)
"""
)


def underlined(where: Locator, words: str = UNDERLINED) -> None:
    """Awaited: the line comes within the second that the server is given."""
    expect(where.locator(".asks-mark", has_text=words).first).to_be_attached()


def card_of(page: Page) -> Locator:
    return page.get_by_role("group", name=f"“{UNDERLINED}”")


def test_in_a_story_the_card_works_by_keyboard_and_what_is_let_stand_stays_so(
    windows: Windows, served_to_the_cast: Served
) -> None:
    review = served_to_the_cast.ran(PREPARED)
    page = windows.open_as("Ana", **WIDE)
    page.goto(f"/reviews/{review}/story")
    page.get_by_role("button", name="Begin").click()
    part = page.locator("#s-did")
    part.locator(".cm-content").click()
    page.keyboard.type(BLAMING)
    underlined(part)
    assert axe_finds(page) == []
    page.keyboard.press("Alt+q")
    card = card_of(page)
    expect(card).to_be_focused()
    expect(card.locator(".asks-card__question").first).not_to_be_empty()
    assert axe_finds(page) == []
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(part.locator(".cm-content")).to_be_focused()
    _let_it_stand_by_keyboard(page)
    expect(part.locator(".asks-mark")).to_have_count(0)
    page.keyboard.press("Control+End")
    page.keyboard.type(" Somebody failed to read it.")
    underlined(part, "failed to read")
    expect(part.locator(".asks-mark")).to_have_count(1)
    expect(part.locator(".editor__state")).to_have_text("Saved")
    page.reload()
    page.locator("#s-did .cm-content").click()
    underlined(part, "failed to read")
    expect(part.locator(".asks-mark")).to_have_count(1)
    _ask_again(page)
    expect(part.locator(".asks-mark")).to_have_count(2)


def _let_it_stand_by_keyboard(page: Page) -> None:
    page.keyboard.press("Alt+q")
    expect(card_of(page)).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('summary')"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_label("Why may it stand?")).to_be_focused()
    assert axe_finds(page) == []
    page.keyboard.type(REASON)
    page.keyboard.press("Enter")
    expect(card_of(page)).to_have_count(0)


def _ask_again(page: Page) -> None:
    page.locator("#s-did").get_by_role("button", name="Question").click()
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".asks-card")).to_contain_text(REASON)
    page.get_by_role("button", name="Ask again").click()


def test_in_a_section_a_beginning_is_put_in_and_words_are_changed(windows: Windows, served_to_the_cast: Served) -> None:
    review = served_to_the_cast.ran(WRITTEN)
    page = windows.open_as("Bo", **WIDE)
    page.goto(f"/reviews/{review}/write")
    section = page.locator("#s-summary")
    section.locator(".cm-content").click()
    page.keyboard.type(BLAMING)
    underlined(section)
    section.locator(".asks-mark").click()
    expect(section.locator(".cm-content")).to_be_focused()
    card_of(page).locator(".asks-card__skeleton").first.click()
    expect(section.locator(".cm-content")).to_contain_text(f"{BLAMING} What was known at {{time}}")
    page.keyboard.type("14:05")
    expect(section.locator(".cm-content")).to_contain_text("What was known at 14:05 was {what}")
    page.keyboard.press("Control+End")
    page.keyboard.type("\nThe root cause was the queue.")
    underlined(section, "The root cause was")
    page.keyboard.press("Alt+q")
    page.get_by_role("button", name="Say that it was one of several").press("Enter")
    expect(section.locator(".cm-content")).to_contain_text("One contributing factor was the queue.")
    expect(section.locator(".editor__state")).to_have_text("Saved")
    page.keyboard.press("Control+z")
    expect(section.locator(".cm-content")).to_contain_text("The root cause was the queue.")
    assert axe_finds(page) == []


def test_in_a_margin_note_a_moment_and_a_factor(windows: Windows, served_to_the_cast: Served) -> None:
    review = served_to_the_cast.ran(WRITTEN)
    page = windows.open_as("Bo", **WIDE)
    page.goto(f"/reviews/{review}/timeline")
    note = page.locator(".margin-note").first
    note.locator(".cm-content").click()
    page.keyboard.type(BLAMING)
    underlined(note)
    page.goto(f"/reviews/{review}/timeline/new")
    for name in ("What happened", "Information available", "Decision or action taken"):
        _a_plain_field_is_asked_about(page, name)
    page.goto(f"/reviews/{review}/write")
    page.get_by_text("Add a contributing factor").click()
    _a_plain_field_is_asked_about(page, "What contributed, and how")


def _a_plain_field_is_asked_about(page: Page, name: str) -> None:
    field = page.get_by_role("textbox", name=name).first
    # what is let stand in one form of a review is let stand in all of them: each field has a sentence of its own
    blaming = BLAMING.replace("the board", f"the board of {name}")
    field.fill(blaming)
    around = field.locator("xpath=..")
    underlined(around)
    mark, box = around.locator(".asks-mark").bounding_box(), field.bounding_box()
    assert mark
    assert box
    assert box["x"] < mark["x"] < box["x"] + box["width"]
    assert box["y"] < mark["y"] < box["y"] + box["height"]
    field.press("Home")
    field.press("Alt+q")
    expect(card_of(page)).to_be_focused()
    assert axe_finds(page) == []
    card_of(page).locator(".asks-card__skeleton").first.press("Enter")
    expect(field).to_be_focused()
    assert "{time}" in field.input_value()
    field.press("Control+z")
    expect(field).to_have_value(blaming)
    field.press("Alt+q")
    page.get_by_text("Let it stand").first.press("Enter")
    page.get_by_label("Why may it stand?").fill(REASON)
    page.keyboard.press("Enter")
    expect(around.locator(".asks-mark")).to_have_count(0)
    field.press("ControlOrMeta+a")
    field.press("Delete")


def test_a_question_that_closes_is_offered_as_an_open_one(windows: Windows, served_to_the_cast: Served) -> None:
    review = served_to_the_cast.ran(WRITTEN)
    page = windows.open_as("Bo", **WIDE)
    page.goto(f"/reviews/{review}/write")
    page.get_by_text("Ask how something came about").click()
    asked = page.get_by_role("textbox", name="What came about")
    around = asked.locator("xpath=..")
    for closed, marked, opened in (
        ("Why did you restart it?", "Why did", "How did it come about that"),
        ("Were you aware of the alert?", "Were you", "What did you see when"),
        ("Surely it was seen?", "Surely", "What choices were open when"),
    ):
        asked.fill(closed)
        underlined(around, marked)
        asked.press("Alt+q")
        expect(page.locator(".asks-card")).to_contain_text(opened)
        page.keyboard.press("Escape")
        expect(asked).to_be_focused()
    asked.press("Alt+q")
    page.locator(".asks-card__skeleton").first.press("Enter")
    expect(asked).to_have_value("What choices were open when {event}?")


def test_the_notes_of_a_conversation_are_asked_about(windows: Windows, served_to_the_cast: Served) -> None:
    review, interview = served_to_the_cast.ran(TALKED).split()
    page = windows.open_as("Bo", **WIDE)
    page.goto(f"/reviews/{review}/interviews/{interview}")
    note = page.locator(".editor").first
    note.locator(".cm-content").click()
    page.keyboard.type(BLAMING)
    underlined(note)


def test_on_a_phone_a_tap_opens_the_card(windows: Windows, served_to_the_cast: Served) -> None:
    review = served_to_the_cast.ran(PREPARED)
    page = windows.open_as("Ana", color_scheme="dark", **PHONE)
    page.goto(f"/reviews/{review}/story")
    page.get_by_role("button", name="Begin").click()
    part = page.locator("#s-did")
    part.locator(".cm-content").tap()
    page.keyboard.type(BLAMING)
    underlined(part)
    part.locator(".asks-mark").first.tap()
    expect(card_of(page)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe_finds(page) == []
    card_of(page).get_by_role("button", name="Close").tap()
    expect(page.locator(".asks-card")).to_have_count(0)


def test_others_hear_and_read_nothing_of_what_was_asked_or_let_stand(
    windows: Windows, served_to_the_cast: Served
) -> None:
    """Even where the part is shared with them, and their page is open while the author is asked."""
    review, text = served_to_the_cast.ran(SHARED).split()
    cleo, bo = windows.open_as("Cleo", **WIDE), windows.open_as("Bo", **WIDE)
    heard: list[str] = []
    for other in (cleo, bo):
        other.on("websocket", lambda line: line.on("framereceived", lambda frame: heard.append(str(frame))))
        other.goto(f"/reviews/{review}/stories")
        expect(other.locator("main")).to_contain_text(BLAMING)
        other.wait_for_timeout(700)
    heard.clear()
    ana = windows.open_as("Ana", **WIDE)
    ana.goto(f"/reviews/{review}/story")
    ana.locator("#s-did .cm-content").click()
    underlined(ana.locator("#s-did"))
    _let_it_stand_by_keyboard(ana)
    expect(ana.locator("#s-did .asks-mark")).to_have_count(0)
    cleo.wait_for_timeout(700)
    assert heard == []
    for other in (cleo, bo):
        other.reload()
        expect(other.locator("main")).to_contain_text(BLAMING)
        assert other.locator(".asks-mark, .asks-card, .asks-open").count() == 0
        assert "wombatcanary" not in other.content()
        sent = json.dumps({"text": text, "paragraphs": [{"words": BLAMING}]})
        assert _status(other, sent) == 404
    printed = (served_to_the_cast.folder / "printed").read_text()
    assert "wombatcanary" not in printed
    assert UNDERLINED not in printed


def _status(page: Page, body: str) -> int:
    token = page.locator("meta[name=csrf-token]").get_attribute("content")
    ask = """([body, token]) => fetch('/texts/questions', {method: 'POST', body, headers: {
        'Content-Type': 'application/json', 'X-CSRFToken': token}}).then(answer => answer.status)"""
    return int(page.evaluate(ask, [body, token]))
