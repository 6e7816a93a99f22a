"""From an empty installation to a published review, as a new user would go, in a real browser."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.driving import Served, Windows, axe_finds

pytestmark = pytest.mark.browser

PASSWORD = "a long enough password"
LINES = [
    ("14:02", "ana", "Checkout is slow for me, is it slow for anybody else?"),
    ("14:05", "alerts", "[FIRING] CheckoutLatencyHigh: p95 of checkout is 4.2 s"),
    ("14:09", "ana", "My guess is the connection pool, it was the pool in January"),
    ("14:21", "dov", "The address partner answers 429 since a few minutes"),
    ("14:34", "ana", "Decision: roll back to 2026.9.2"),
    ("14:38", "deploybot", "rollback finished: checkout 2026.9.2"),
    ("14:49", "alerts", "[RESOLVED] CheckoutLatencyHigh"),
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A Slack export of one channel, as the product itself writes them."""
    users = [{"id": f"U{name}", "name": name} for name in {line[1] for line in LINES}]
    day = 1772409600  # 2 March 2026
    messages = [
        {
            "type": "message",
            "user": f"U{who}",
            "ts": f"{day + int(at[:2]) * 3600 + int(at[3:]) * 60}.000100",
            "text": text,
        }
        for at, who, text in LINES
    ]
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("users.json", json.dumps(users))
        archive.writestr("channels.json", json.dumps([{"id": "C1", "name": "ops", "members": []}]))
        archive.writestr("ops/2026-03-02.json", json.dumps(messages))
    return tmp_path / "export.zip"


def clean(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert axe_finds(page) == []


def come_in(page: Page, code: str) -> None:
    page.goto("/setup")
    page.get_by_label("The one-time code").fill(code)
    page.get_by_label("Your name").fill("Ana Ferreira")
    page.get_by_label("Your e-mail address").fill("ana@lantern.example")
    page.get_by_label("A password").fill(PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/")
    clean(page)


def open_a_review(page: Page) -> str:
    page.goto("/reviews/new")
    clean(page)
    page.get_by_label("Title").fill("Checkout answered slowly")
    page.locator("input[name=happened_at]").fill("2026-03-02T14:02")
    page.locator("main form button.button--main").click()
    page.wait_for_url(re.compile(r"/reviews/[0-9a-z]{12}/"))
    clean(page)
    return "/reviews/" + page.url.split("/reviews/")[1].split("/")[0]


def bring_evidence_in(page: Page, review: str, export: Path) -> None:
    page.goto(f"{review}/evidence/new")
    clean(page)
    page.set_input_files("#files", [export])
    page.wait_for_url("**/choose")
    clean(page)
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**/imports")
    expect(page.locator(".facts").first).to_contain_text(re.compile(rf"Added\s*{len(LINES)}"), timeout=30_000)
    clean(page)


def accept_by_keyboard(page: Page, review: str, how_many: int) -> None:
    page.goto(f"{review}/triage")
    clean(page)
    expect(page.locator("[data-line]").first).to_be_visible()
    taken = page.locator(".line--taken")
    page.keyboard.press("j")
    for number in range(how_many):
        page.keyboard.press("a")
        expect(taken).to_have_count(number + 1, timeout=10_000)
    page.goto(f"{review}/timeline")
    expect(page.locator("li.moment")).to_have_count(how_many)
    clean(page)


def write(page: Page, review: str) -> None:
    page.goto(f"{review}/write")
    clean(page)
    begin = page.get_by_role("button", name=re.compile("Begin the write-up"))
    if begin.count():
        begin.first.click()
        page.wait_for_load_state()
    for key, words in {
        "summary": "Checkout answered slowly for three quarters of an hour after a release.",
        "learnings": "A changed cache key empties the whole cache at once.",
    }.items():
        editor = page.locator(f"#s-{key} .cm-content")
        editor.click()
        page.keyboard.press("ControlOrMeta+End")
        page.keyboard.type("\n" + words)
        expect(page.locator(f"#s-{key} .editor__state")).to_contain_text("Saved", timeout=15_000)
    for key in ("impact", "factors", "actions"):
        section = page.locator(f"#s-{key}")
        section.locator("details.menu > summary").first.click()
        section.get_by_label("It does not apply, because").fill("Agreed in the meeting; nobody was affected.")
        section.get_by_role("button", name="Mark as not applicable").click()
        page.wait_for_load_state()
        expect(page.locator(f"#s-{key}")).to_contain_text("Agreed in the meeting")
    clean(page)


def publish(page: Page, review: str) -> None:
    page.goto(f"{review}/publish")
    clean(page)
    keep = page.get_by_role("button", name="No name, keep", pressed=False)
    while keep.count():
        keep.first.click()
        page.wait_for_load_state()
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_load_state()
    page.goto(f"{review}/read")
    expect(page.locator("main")).to_contain_text("after a release")
    clean(page)


def download(page: Page, review: str, kind: str) -> bytes:
    page.goto(f"{review}/read")
    with page.expect_download() as started:
        page.evaluate(f'document.querySelector(\'a[href$="/as/{kind}"], a[href$="/{kind}"]\').click()')
    return Path(started.value.path()).read_bytes()


def test_from_an_empty_installation_to_a_published_review(
    windows_of_a_new_installation: Windows, served: Served, export: Path
) -> None:
    page = windows_of_a_new_installation.open(viewport={"width": 1440, "height": 900})
    come_in(page, served.setup_code)
    review = open_a_review(page)
    bring_evidence_in(page, review, export)
    accept_by_keyboard(page, review, 3)
    write(page, review)
    publish(page, review)
    told = download(page, review, "markdown").decode()
    assert "after a release" in told
    assert "| Time | Event |" in told
    assert "not applicable" in told.lower() or "Agreed in the meeting" in told
    assert "Ana Ferreira" not in told
    assert download(page, review, "pdf").startswith(b"%PDF")
