"""Fixtures of browser tests. Every test fails on a violated content policy and on a script error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.browser.driving import Served, Windows, chromium_of, serving

# Two browsers and two servers share two cores: what comes late still comes.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Served]:
    """The product as served, empty: nobody has signed in yet and `served.setup_code` is printed."""
    with serving(Served(tmp_path_factory.mktemp("served")), migrated=migrated) as ready:
        yield ready


@pytest.fixture(scope="session")
def served_to_the_cast(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Served]:
    """The product as served, where the cast of every test can sign in with its password; one for all tests."""
    with serving(Served(tmp_path_factory.mktemp("served")), migrated=migrated) as ready:
        ready.ran("from tests.cast import make_cast; make_cast()")
        yield ready


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A real Chromium. Its life is this folder, so that no event loop is left to tests that follow."""
    with sync_playwright() as playwright:
        chromium = chromium_of(playwright)
        yield chromium
        chromium.close()


def _windows_at(browser: Browser, served: Served) -> Iterator[Windows]:
    windows = Windows(browser, served)
    yield windows
    windows.close()
    assert not windows.wrong, "\n".join(windows.wrong)


@pytest.fixture
def windows(browser: Browser, served_to_the_cast: Served) -> Iterator[Windows]:
    """Opens pages where the cast signs in; one browser profile each."""
    yield from _windows_at(browser, served_to_the_cast)


@pytest.fixture
def windows_of_a_new_installation(browser: Browser, served: Served) -> Iterator[Windows]:
    """Opens pages of the installation where nobody has signed in yet."""
    yield from _windows_at(browser, served)


@pytest.fixture
def page(windows: Windows) -> Page:
    """One page, signed out, of the installation with the cast."""
    return windows.open(viewport={"width": 1440, "height": 900})
