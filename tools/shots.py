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


def pages_of(page: Page) -> dict[str, str]:
    """Every page by name: fixed ones, and those of a review in work and of a published one."""
    origin = page.url.rsplit("/", 1)[0]
    page.goto(f"{origin}/reviews/")
    links = page.locator("main a[href^='/reviews/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    reviews = list(
        dict.fromkeys(link.split("/")[2] for link in links if re.fullmatch(r"/reviews/[0-9a-z]{12}/.*", link))
    )
    found = {"home": "/", "reviews": "/reviews/", "new-review": "/reviews/new", "inbox": "/inbox"}
    found |= {f"profile-{part or 'you'}": f"/profile/{part}".rstrip("/") for part in ("", "tokens")}
    found |= {"password": "/account/password/change/", "passkeys": "/account/2fa/", "email": "/account/email/"}
    inside = ("", "people", "times", "facts", "history", "evidence", "evidence/new", "evidence/1")
    inside += ("timeline", "timeline/new", "triage", "lanes", "write", "publish", "read")
    found |= {f"review-{part.replace('/', '-') or 'overview'}": f"/reviews/{reviews[0]}/{part}" for part in inside}
    found |= {f"published-{part}": f"/reviews/{reviews[-1]}/{part}" for part in ("read", "write", "publish")}
    return {name: origin + path for name, path in found.items()}


def settings_pages(page: Page) -> dict[str, str]:
    """What the administrator sees."""
    origin = page.url.rsplit("/", 1)[0]
    names = ("people", "teams", "role-labels", "severities", "services", "templates", "hooks")
    return {"settings": f"{origin}/settings"} | {f"settings-{name}": f"{origin}/settings/{name}" for name in names}


def shoot(page: Page, name: str, address: str, folder: Path) -> list[str]:
    """Six pictures of one page, and what axe finds on it in light and dark."""
    answer = page.request.get(address)
    if not answer.ok:
        return [f"{name}: {address} answered {answer.status}"]
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
        for name, where in pages_of(page).items():
            wrong += shoot(page, name, where, folder)
        page.goto(page.url.split("/reviews")[0] + "/")
        _become(page, "eve@lantern.example")
        for name, where in settings_pages(page).items():
            wrong += shoot(page, name, where, folder)
        browser.close()
    print("\n".join(wrong) or "nothing found wrong")
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return 1 if wrong else 0


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
