"""The main path again, from sign-in to what is asked of all, without one click; the keyboard is always somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.driving import Windows
from tests.cast import PASSWORD
from tests.evidence.making import slack_zip

pytestmark = pytest.mark.browser

# Where the keyboard is, and whether that can be seen: on the element or on the box that is drawn around it.
HERE = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "nowhere";
  const boxes = ".editor, .choice, .list > li, .line, .card--link, .button";
  const drawn = [here, ...[here.closest(boxes)].filter(Boolean)].some((each) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || (each.matches(".editor, .line") && boxShadow !== "none");
  });
  const { bottom, top } = here.getBoundingClientRect();
  if (!here.matches("main") && !drawn) return `not to be seen on ${here.outerHTML.slice(0, 160)}`;
  return bottom < 0 || top > innerHeight ? `out of sight on ${here.outerHTML.slice(0, 160)}` : "";
}"""
IS_HERE = "element => element === document.activeElement"
FAR = 150


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def seen(page: Page) -> None:
    """An answer that is just being put in may have the keyboard for a blink."""
    for _ in range(10):
        if not page.evaluate(HERE):
            return
        page.wait_for_timeout(50)
    assert page.evaluate(HERE) == "", page.url


def arrive(page: Page, ending: str) -> None:
    """The way past the head of a page stays in its address: `#main`."""
    page.wait_for_url(lambda address: address.split("#")[0].endswith(ending))


def afresh(page: Page, address: str = "") -> None:
    """By its address alone: where a reload of `…#main` begins to read, the top or there, Chromium leaves to chance."""
    page.goto((address or page.url).split("#")[0])


def reach(page: Page, target: Locator) -> None:
    """Tab until the keyboard is there; it is seen all the way, but for one step round the end of the page."""
    left = False
    for _ in range(FAR):
        press(page, "Tab")
        if not left and page.evaluate(HERE) == "nowhere":
            left = True
            continue
        seen(page)
        if target.evaluate(IS_HERE):
            return
    raise AssertionError(f"{target} is not reached by Tab")


def into_the_page(page: Page) -> None:
    """Past what stands on every page, by its first link."""
    press(page, "Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    press(page, "Enter")
    expect(page.locator("main")).to_be_focused()


def go(page: Page, words: str, address: str) -> None:
    """By the search that Ctrl K opens."""
    press(page, "ControlOrMeta+k")
    page.keyboard.type(words)
    expect(page.get_by_role("option").first).to_contain_text(words)
    press(page, "Enter")
    arrive(page, address)


def by_rail(page: Page, name: str, address: str) -> None:
    reach(page, page.get_by_role("navigation", name="This review").get_by_role("link", name=name, exact=True))
    press(page, "Enter")
    arrive(page, address)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def come_in(page: Page) -> None:
    page.goto("/account/login/")
    reach(page, page.locator("#id_login"))
    page.keyboard.type("bo@lantern.example")
    press(page, "Tab")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What needs you")


def begin(page: Page) -> None:
    go(page, "New review", "/reviews/new")
    into_the_page(page)
    reach(page, page.get_by_label("Title"))
    page.keyboard.type("Orders came twice")
    happened = page.locator("input[name=happened_at]")
    reach(page, happened)
    page.keyboard.type("03092026")
    press(page, "Tab")
    page.keyboard.type("0205PM")
    expect(happened).to_have_value("2026-03-09T14:05")
    reach(page, button(page, "Create the review"))
    press(page, "Enter")
    page.wait_for_url(re.compile(r"/reviews/[0-9a-z]{12}/"))


def bring_in(page: Page, packed: Path) -> None:
    by_rail(page, "Evidence", "/evidence")
    into_the_page(page)
    reach(page, page.locator("main").get_by_role("link", name=re.compile("^Bring")).first)
    press(page, "Enter")
    arrive(page, "/evidence/new")
    into_the_page(page)
    reach(page, page.locator("#files"))
    with page.expect_file_chooser() as opened:
        press(page, "Space")
    opened.value.set_files(packed)
    arrive(page, "/choose")
    into_the_page(page)
    reach(page, page.get_by_role("button", name="Import", exact=True))
    press(page, "Enter")
    arrive(page, "/imports")
    expect(page.locator(".facts").first).to_contain_text(re.compile(r"Added\s*3"), timeout=30_000)


def triage(page: Page) -> None:
    by_rail(page, "Triage", "/triage")
    into_the_page(page)
    reach(page, button(page, "All evidence"))
    with page.expect_navigation():
        press(page, "Enter")
    page.locator('.line[tabindex="0"]').wait_for()
    taken = page.locator(".line--taken")
    press(page, "j")
    for number in (1, 2):
        press(page, "a")
        expect(taken).to_have_count(number)
        seen(page)
    press(page, "k", "e")
    expect(page.get_by_label("What happened")).to_be_focused()
    press(page, "ControlOrMeta+a")
    page.keyboard.type("The alert came")
    press(page, "ControlOrMeta+Enter")
    expect(page.locator("#accepted")).to_contain_text("The alert came")
    seen(page)


def work_on_the_timeline(page: Page) -> None:
    by_rail(page, "Timeline", "/timeline")
    into_the_page(page)
    first = page.locator("li.moment").first
    reach(page, first.get_by_role("link", name=re.compile("^Edit")))
    press(page, "Enter")
    expect(first.get_by_label("What happened")).to_be_focused()
    page.keyboard.type("First of all: ")
    press(page, "ControlOrMeta+Enter")
    expect(first.locator(".moment__what")).to_contain_text("First of all: ")
    seen(page)
    reach(page, first.locator("summary"))
    press(page, "Enter")
    reach(page, first.get_by_role("button", name="Pivot point"))
    press(page, "Enter")
    expect(page.locator("li.moment--pivot")).to_have_count(1)
    seen(page)
    last = page.locator("li.moment").last
    reach(page, last.locator("summary"))
    press(page, "Enter")
    reach(page, last.get_by_role("button", name="Take out"))
    press(page, "Enter")
    expect(page.locator("li.moment")).to_have_count(1)
    seen(page)


def write(page: Page) -> None:
    by_rail(page, "Write-up", "/write")
    into_the_page(page)
    reach(page, button(page, "Begin the write-up"))
    press(page, "Enter")
    expect(page.get_by_role("status").first).to_contain_text("Begun")
    into_the_page(page)
    for key in ("summary", "learnings"):
        reach(page, page.locator(f"#s-{key} .cm-content"))
        press(page, "ControlOrMeta+End")
        page.keyboard.type("\nA changed cache key empties the whole cache.")
        press(page, "ControlOrMeta+s")
        expect(page.locator(f"#s-{key} .editor__state")).to_have_text("Saved")
    reach(page, page.locator("#s-actions summary", has_text="Add an action"))
    press(page, "Enter")
    reach(page, page.locator("#actions").get_by_label("What will be done"))
    page.keyboard.type("Watch the cache")
    reach(page, page.locator("#actions").get_by_role("button", name="Add"))
    press(page, "Enter")
    expect(page.locator("#actions li")).to_have_count(1)
    seen(page)
    for key in ("impact", "factors"):
        afresh(page)
        into_the_page(page)
        reach(page, page.locator(f"#s-{key} details.menu > summary").first)
        press(page, "Enter")
        reach(page, page.locator(f"#s-{key}").get_by_label("It does not apply, because"))
        page.keyboard.type("Nobody was touched")
        press(page, "Enter")
        expect(page.locator(f"#s-{key}")).to_contain_text("Not applicable")


def ask_to_publish(page: Page) -> None:
    by_rail(page, "Publish", "/publish")
    keep = page.get_by_role("button", name="No name, keep", pressed=False)
    while keep.count():
        into_the_page(page)
        reach(page, keep.first)
        with page.expect_navigation():
            press(page, "Enter")
    into_the_page(page)
    reach(page, page.get_by_role("radio").nth(1))
    press(page, "ArrowUp")
    expect(page.get_by_role("radio").first).to_be_checked()
    press(page, "ArrowDown")
    reach(page, page.get_by_role("button", name="Ask", exact=True))
    with page.expect_navigation():
        press(page, "Enter")
    afresh(page, page.url.replace("/publish", "/read"))
    expect(page.locator("main")).to_contain_text("A changed cache key empties the whole cache.")


def test_from_signing_in_to_a_published_review_without_a_click(windows: Windows, tmp_path: Path):
    page = windows.open(viewport={"width": 1280, "height": 800})
    packed = tmp_path / "lantern-slack.zip"
    packed.write_bytes(slack_zip(payments_private=[]))
    come_in(page)
    begin(page)
    bring_in(page, packed)
    triage(page)
    work_on_the_timeline(page)
    write(page)
    ask_to_publish(page)
