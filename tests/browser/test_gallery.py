"""Every part of the look, drawn by a browser: nothing for axe to find, nothing wider than the screen."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

TOP = Path(__file__).parents[2]
AXE = TOP / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Says nothing of what it serves."""


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("gallery")
    subprocess.run([sys.executable, "tools/gallery.py", folder], cwd=TOP, env={"PYTHONPATH": "src"}, check=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    server.server_close()


@pytest.fixture
def opened(gallery: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens the gallery in a profile of its own, as wide and in the theme asked for."""

    def open_it(width: int, theme: Any = "light") -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
        page.goto(gallery)
        page.wait_for_selector(".cm-content")
        return page

    yield open_it
    for context in browser.contexts:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 768, 390])
def test_axe_finds_nothing(opened: Callable[..., Page], width: int, theme: str) -> None:
    page = opened(width, theme)
    page.add_script_tag(path=AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []


@pytest.mark.parametrize("width", [1440, 768, 390, 320])
def test_nothing_is_wider_than_the_screen_even_at_400_percent(opened: Callable[..., Page], width: int) -> None:
    page = opened(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_palette_opens_by_keyboard_and_gives_the_focus_back(opened: Callable[..., Page]) -> None:
    page = opened(1440)
    before = page.locator("a[href]").nth(2)
    before.focus()
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"
    page.keyboard.press("Escape")
    assert before.evaluate("link => link === document.activeElement")


def test_the_theme_chosen_on_this_device_is_kept_in_a_cookie(opened: Callable[..., Page]) -> None:
    page = opened(1440)
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert "theme=dark" in page.evaluate("document.cookie")
    assert page.evaluate("getComputedStyle(document.body.parentElement).backgroundColor") == "rgb(25, 23, 20)"
