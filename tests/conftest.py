from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from hypothesis import settings
from tests.cast import Cast, make_cast, make_review
from tests.clients import client_of
from tests.migrated import migrated_in
from tests.privacy.leak import walked

from secondstory.reviews.models import Review

# How long one example takes says something about the machine, not about the code.
settings.register_profile("here", deadline=None)
settings.load_profile("here")


@pytest.fixture(scope="session")
def patterns(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The folder, shared by all workers of a run, of what is made once and copied."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if hasattr(request.config, "workerinput") else own) / "migrated"


@pytest.fixture(scope="session")
def migrated(patterns: Path) -> Path:
    """A migrated, empty SQLite file to copy, so that not every installation of a test waits for migrations."""
    return migrated_in(patterns)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def review(cast: Cast) -> Review:
    return make_review(cast)


@pytest.fixture
def signed_in() -> Any:
    """Makes a client for whom it is given."""
    return client_of


def pytest_runtest_setup() -> None:
    """No test meets a limit that others used up: all of them come from one address."""
    cache.clear()


def pytest_sessionfinish(session: Any) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["walked"] = walked.sent()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    if sent := getattr(node, "workeroutput", {}).get("walked"):
        walked.add(sent)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: Any) -> None:
    """How much the privacy walk tried."""
    if walked.cases:
        terminalreporter.write_line(str(walked))
