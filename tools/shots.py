"""Pictures of every page of the demo, at three sizes, light and dark; and what axe finds on each.

    python tools/shots.py FOLDER

Starts the demo on a free port, enters it as the facilitator, and goes through every page that a person can reach.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOP = Path(__file__).parents[1]
sys.path.insert(0, str(TOP))

from playwright.sync_api import Page, sync_playwright  # noqa: E402
from tests.browser.driving import axe_finds, chromium_of, free_port  # noqa: E402

SIZES = {"1440": (1440, 900), "768": (768, 1024), "390": (390, 844)}
THEMES = ("light", "dark")
TALLEST = 6_000
# A link inside a drawing has no address as text.
WHERE = "all => all.map(a => new URL(a.getAttribute('href'), location.href).href)"


@contextmanager
def the_demo(port: int) -> Iterator[str]:
    """The running demo; gives the address that enters it once."""
    environment = os.environ | {"PORT": str(port), "PYTHONPATH": str(TOP / "src"), "COLUMNS": "200"}
    command = [sys.executable, "-u", "-m", "secondstory", "demo", "--no-browser"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _entrance(process)
        finally:
            process.terminate()


def _entrance(process: subprocess.Popen[str]) -> str:
    if process.stdout is None:
        sys.exit("the demo prints nothing")
    for line in process.stdout:
        if found := re.search(r"http://\S+/demo/enter/\S+", line):
            return found[0]
    sys.exit("the demo did not start")


def enter(page: Page, address: str) -> None:
    """Go in by the printed link."""
    for _ in range(100):
        try:
            page.goto(address)
            break
        except Exception:  # noqa: BLE001 - the server is not up yet
            page.wait_for_timeout(200)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/demo/" not in url)


def pages_of(page: Page, start: str) -> dict[str, str]:
    """Every page that links lead to from `start`, one of each sort, by a name made of its address."""
    origin = "/".join(page.url.split("/")[:3])
    found, waiting = {_name(start): start}, [start]
    while waiting:
        path = waiting.pop(0)
        if not _is_page(page, origin + path):
            found.pop(_name(path))
            continue
        page.goto(origin + path)
        for link in page.locator(f"a[href^='/'], a[href^='{origin}/']").evaluate_all(WHERE):
            if not link.startswith(origin + "/"):
                continue
            path = re.split("[?#]", link.removeprefix(origin))[0]
            if _name(path) not in found:
                found[_name(path)] = path
                waiting.append(path)
    return {name: origin + path for name, path in found.items()}


def _name(path: str) -> str:
    """An address with an x for whatever stands for a row."""
    parts = [re.sub(r"^([0-9a-z]{12}|\d+)$", "x", part) for part in path.split("/")]
    return "-".join(filter(None, parts)) or "home"


def _is_page(page: Page, address: str) -> bool:
    answer = page.request.get(address)
    taken_along = "attachment" in answer.headers.get("content-disposition", "")
    return answer.ok and not taken_along and answer.headers.get("content-type", "").startswith("text/html")


def shoot(page: Page, name: str, address: str, folder: Path) -> list[str]:
    """Six pictures of one page, and what axe finds on it in light and dark."""
    page.goto(address)
    found = []
    for theme in THEMES:
        page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(80)
            overflow = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
            found += [f"{name}: wider than {size} px"] * bool(overflow)
            tall = min(TALLEST, page.evaluate("document.documentElement.scrollHeight"))
            clip = {"x": 0, "y": 0, "width": width, "height": max(height, tall)}
            page.screenshot(path=folder / f"{name}-{size}-{theme}.png", full_page=True, clip=clip)
        found += [f"{name} ({theme}): {each}" for each in axe_finds(page)]
    return found


def main() -> int:
    """Shoot everything; answer 1 when anything was found wrong."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "shots")
    folder.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with the_demo(free_port()) as address, sync_playwright() as playwright:
        browser = chromium_of(playwright)
        page = browser.new_page(reduced_motion="reduce")
        enter(page, address)
        origin = "/".join(page.url.split("/")[:3])
        mine = pages_of(page, "/")
        last = f"{origin}{_published(page, origin)}"
        mine |= {f"published-{part}": f"{last}/{part}" for part in ("read", "write", "publish")}
        # Where scripts run its link gives way to what it leads to.
        mine["reviews-x-publish-read-through"] = f"{mine['reviews-x-publish']}/read-through"
        for name, where in mine.items():
            wrong += shoot(page, name, where, folder)
        _become(page, "ana@lantern.example")
        for name, where in pages_of(page, "/stories").items():
            if "story" in name:
                wrong += shoot(page, f"{name}-as-author", where, folder)
        _become(page, "eve@lantern.example")
        for name, where in pages_of(page, "/settings").items():
            if name not in mine:
                wrong += shoot(page, name, where, folder)
        page.context.clear_cookies()
        outside = {
            "sign-in": "/account/login/",
            "password-forgotten": "/account/password/reset/",
            "nothing-here": "/nothing",
        }
        for name, path in outside.items():
            wrong += shoot(page, name, origin + path, folder)
        browser.close()
    print("\n".join(wrong) or "nothing found wrong")
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return 1 if wrong else 0


def _published(page: Page, origin: str) -> str:
    page.goto(f"{origin}/reviews/?stage=published")
    links = page.locator("main a[href^='/reviews/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return next(link.rstrip("/") for link in reversed(links) if re.fullmatch(r"/reviews/[0-9a-z]{12}/", link))


def _become(page: Page, email: str) -> None:
    page.evaluate(
        """email => { const form = document.createElement('form'); form.method = 'post'; form.action = '/demo/as';
        for (const [name, value] of [['email', email], ['csrfmiddlewaretoken', document.querySelector('meta[name=csrf-token]').content]])
          { const field = document.createElement('input'); field.name = name; field.value = value; form.append(field); }
        document.body.append(form); form.submit(); }""",
        email,
    )
    page.wait_for_load_state()
    page.wait_for_timeout(500)


if __name__ == "__main__":
    sys.exit(main())
