"""Pictures pasted and dropped into a section, chosen by a button, and refused."""

from __future__ import annotations

import base64
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from tests.browser.driving import Served, Windows
from tests.browser.test_writing_together import PREPARED, state, words

pytestmark = pytest.mark.browser

# What a browser itself makes when somebody pastes or lets go of files over the words.
GIVEN = """([where, how, files]) => {
  const carried = new DataTransfer();
  for (const [name, type, content] of files) {
    const bytes = typeof content === "number" ? new Uint8Array(content) : Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
    carried.items.add(new File([bytes], name, { type }));
  }
  const target = document.querySelector(where);
  const { left, bottom } = target.getBoundingClientRect();
  const common = { bubbles: true, cancelable: true };
  const place = { clientX: left + 20, clientY: bottom - 20, dataTransfer: carried };
  if (how === "paste") return !target.dispatchEvent(new ClipboardEvent("paste", { ...common, clipboardData: carried }));
  target.dispatchEvent(new DragEvent("dragover", { ...common, ...place }));
  return !target.dispatchEvent(new DragEvent("drop", { ...common, ...place }));
}"""
OFFICE = """where => {
  const carried = new DataTransfer();
  carried.setData("text/plain", "Orders waiting: 14");
  carried.items.add(new File([new Uint8Array(9)], "image.png", { type: "image/png" }));
  const told = { clipboardData: carried, bubbles: true, cancelable: true };
  document.querySelector(where).dispatchEvent(new ClipboardEvent("paste", told));
}"""
SECTIONS = iter(["summary", "facts", "impact", "well", "luck", "learnings"])


def picture(kind: str = "PNG") -> bytes:
    """A small picture that knows which camera took it."""
    exif = Image.Exif()
    exif[0x010F] = "CanaryCamera"
    out = BytesIO()
    Image.new("RGB", (60, 40), (90, 120, 90)).save(out, kind, exif=exif)
    return out.getvalue()


@pytest.fixture(scope="module")
def write(served_to_the_cast: Served) -> str:
    """The address of a write-up; every test has a section of it for itself."""
    return f"/reviews/{served_to_the_cast.ran(PREPARED)}/write"


@pytest.fixture
def key() -> str:
    """A section in which nobody has written yet."""
    return next(SECTIONS)


@pytest.fixture
def page(windows: Windows, write: str, key: str) -> Page:
    """Ana's page of the write-up; she stands in the section."""
    page = windows.open_as("Ana")
    page.goto(write)
    words(page, key).click()
    return page


def give(page: Page, key: str, how: str, *files: tuple[str, str, bytes | int]) -> None:
    told = [
        (name, kind, base64.b64encode(data).decode() if isinstance(data, bytes) else data) for name, kind, data in files
    ]
    assert page.evaluate(GIVEN, [f"#s-{key} .cm-content", how, told])


@pytest.mark.parametrize("how", ["paste", "drop"])
def test_a_picture_becomes_evidence_and_stands_in_the_text(page: Page, key: str, how: str):
    page.keyboard.type("Before it. ")
    data = picture("JPEG" if how == "drop" else "PNG")
    assert b"CanaryCamera" in data
    give(page, key, how, ("board.png", "image/png", data))
    expect(words(page, key)).to_contain_text("![board](/reviews/")
    expect(words(page, key)).to_contain_text("Before it.")
    expect(state(page, key)).to_have_text("Saved")
    page.locator(f"#s-{key}").get_by_role("button", name="Preview").click()
    shown = page.locator(f"#s-{key} .editor__preview img")
    expect(shown).to_have_attribute("alt", "board")
    expect(shown).to_have_js_property("naturalWidth", 60)
    served = page.request.get(shown.get_attribute("src")).body()
    assert b"CanaryCamera" not in served
    assert Image.open(BytesIO(served)).size == (60, 40)
    page.goto(page.url.split("#")[0].replace("/write", "/evidence"))
    expect(page.locator(".line").last).to_contain_text("board.png")


def test_a_picture_can_be_chosen_by_keyboard(page: Page, key: str):
    page.keyboard.press("Tab")
    chooser = page.locator(f"#s-{key} input[type=file]")
    expect(page.locator(f"#s-{key}").get_by_role("button", name="Preview")).to_be_focused()
    page.keyboard.press("Tab")
    expect(chooser).to_be_focused()
    with page.expect_file_chooser() as opened:
        page.keyboard.press("Space")
    opened.value.set_files({"name": "board.png", "mimeType": "image/png", "buffer": picture()})
    expect(words(page, key)).to_contain_text("![board](/reviews/")


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
REFUSED = [
    ("drawing.svg", "image/svg+xml", SVG, "is not taken as an image: an SVG can hold script. Save it as PNG."),
    ("large.png", "image/png", 25_000_001, "is larger than the 25 MB a picture may have. Make it smaller."),
    ("torn.png", "image/png", picture()[:60], "is a damaged image. Save it again."),
]


def test_what_is_refused_says_why_and_leaves_the_words_as_they_were(page: Page, key: str):
    page.keyboard.type("Before it.")
    for name, kind, content, why in REFUSED:
        give(page, key, "paste", (name, kind, content))
        expect(page.locator(f"#s-{key}").get_by_role("alert")).to_have_text(f"{name} {why}")
    expect(state(page, key)).to_have_text("Saved")
    expect(words(page, key)).to_have_text("Before it.")
    expect(page.locator(f"#s-{key}").get_by_role("alert")).to_contain_text("torn.png")


def test_words_that_come_with_a_picture_of_themselves_stay_words(page: Page, key: str):
    page.evaluate(OFFICE, f"#s-{key} .cm-content")
    expect(words(page, key)).to_have_text("Orders waiting: 14")
