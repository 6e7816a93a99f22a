"""What browser tests drive: the served product in its own processes, and pages that report what is wrong with them."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

TOP = Path(__file__).parents[2]
AXE = TOP / "frontend/node_modules/axe-core/axe.min.js"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
# Chromium would draw two pages of its own for the address bar of every window, which nobody sees: a second of work each.
# Only the last such list counts, so what Playwright leaves out stands here too.
LEFT_OUT = [
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "LensOverlay"),
    *("HttpsFirstBalancedModeAutoEnable", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning"),
    *("AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled"),
    "PreconnectToSearch",
]
# A violated policy is told to the test, whatever the page does about it.
TELL = """
document.addEventListener('securitypolicyviolation', found =>
  window.tellTheTest(`${found.violatedDirective} refused ${found.blockedURI} at ${found.sourceFile}:${found.lineNumber}`))
"""
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """One `secondstory serve` with its own data folder, at `http://localhost:PORT`."""

    folder: Path
    port: int = field(default_factory=free_port)
    variables: dict[str, str] = field(default_factory=dict)
    printed: str = ""
    sessions: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    at_hand: subprocess.Popen[str] | None = None

    def kill(self) -> None:
        """As when the power goes: nothing is closed, nothing written any more."""
        assert self.process
        self.process.kill()
        self.process.wait(20)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def setup_code(self) -> str:
        """The one-time code for the first person, as it was printed."""
        found = re.search(r"code\s+(\d{8})", self.printed)
        assert found, self.printed
        return found[1]

    def environment(self) -> dict[str, str]:
        ours = ("SECONDSTORY", "DATABASE", "DJANGO")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        given = {"SECONDSTORY_DATA": str(self.folder), "SECONDSTORY_TEST": "1", "PORT": str(self.port)}
        return kept | given | {"PYTHONPATH": f"{TOP / 'src'}{os.pathsep}{TOP}"} | self.variables

    def ran(self, code: str) -> str:
        """What Python prints that runs `code` against the served database, with Django ready."""
        self.at_hand = self.at_hand or self._made_ready()
        assert self.at_hand.stdin
        assert self.at_hand.stdout
        print(json.dumps(code), file=self.at_hand.stdin, flush=True)
        done = json.loads(self.at_hand.stdout.readline() or '{"well": false, "wrong": "it ended"}')
        assert done["well"], done["wrong"]
        return str(done["printed"]).strip()

    def _made_ready(self) -> subprocess.Popen[str]:
        settings = {"DJANGO_SETTINGS_MODULE": "secondstory.site.settings"}
        return subprocess.Popen(
            [sys.executable, "-m", "tests.browser.at_hand"],
            env=self.environment() | settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


@contextmanager
def serving(served: Served, *, migrated: Path | None = None) -> Iterator[Served]:
    """Start it, on a copy of a migrated file if there is one, wait until it answers, and stop it with its worker."""
    if migrated:
        shutil.copy(migrated, served.folder)
    log = served.folder / "printed"
    with log.open("w") as printed:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "secondstory", "serve"],
            env=served.environment(),
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_it_answers(served.origin, process, log)
        served.printed, served.process = log.read_text(), process
        yield served
    finally:
        process.terminate()
        if served.at_hand:
            served.at_hand.communicate(timeout=60)
        process.wait(60)


def _wait_until_it_answers(origin: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        try:
            httpx.get(f"{origin}/account/login/", timeout=5)
        except httpx.HTTPError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            return
    process.kill()
    raise AssertionError(log.read_text())


def chromium_of(playwright: Playwright) -> Browser:
    """The Chromium of the system, best the one that has no windows; it talks to nobody by itself."""
    where = next(filter(None, map(shutil.which, BROWSERS)), None)
    more = ["--no-first-run", f"--disable-features={','.join(LEFT_OUT)}"]
    return playwright.chromium.launch(executable_path=where, args=[*QUIET.split(), *more])


@dataclass
class Windows:
    """Opens pages of one browser; every page tells of policy violations and script errors."""

    browser: Browser
    served: Served
    wrong: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, **options: Any) -> Page:
        """A page in a browser profile of its own: nobody is signed in. Options are those of a Playwright context."""
        context = self.browser.new_context(
            **({"base_url": self.served.origin, "reduced_motion": "reduce", "accept_downloads": True} | options)
        )
        context.set_default_timeout(20_000)
        context.expose_binding("tellTheTest", lambda _, report: self.wrong.append(f"policy: {report}"))
        context.add_init_script(TELL)
        context.on("console", self._note)
        context.on("weberror", lambda problem: self.wrong.append(f"script: {problem.error}"))
        self.contexts.append(context)
        page = context.new_page()
        # Playwright has choosers handed over from the first listener on, which takes effect too late for a key pressed at once.
        page.on("filechooser", lambda _: None)
        return page

    def open_as(self, name: str, **options: Any) -> Page:
        """A page of one of the cast, who signs in once for all tests."""
        sessions = self.served.sessions
        if name in sessions:
            return self.open(storage_state=sessions[name], **options)
        page = self.open(**options)
        sign_in(page, name)
        sessions[name] = page.context.storage_state()
        return page

    def _note(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.wrong.append(f"policy: {message.text}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def sign_in(page: Page, name: str) -> None:
    """Sign in as one of the cast with their password."""
    page.goto("/account/login/")
    page.locator("#id_login").fill(f"{name.lower()}@lantern.example")
    page.locator("#id_password").fill("a long enough password")
    page.locator("#main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/login" not in address)


def sign_out(page: Page) -> None:
    """Sign out by the menu in the page's head."""
    page.locator("header.top details.menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/")


def axe_finds(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    """What axe finds wrong on the page, one line each. Rules named in `without` are left out."""
    page.evaluate(AXE.read_text())  # evaluated, not added as a tag: the content policy would refuse the tag
    options = {"runOnly": AXE_RULES, "rules": {rule: {"enabled": False} for rule in without}}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{page.url}: {problem['id']}: {problem['help']}: {node['html'][:160]}"
        for problem in found["violations"]
        for node in problem["nodes"]
    ]
