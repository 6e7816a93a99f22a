from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def key_file(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key file and a ledger of the test's own. To be asked for before anything is sealed."""
    monkeypatch.delenv("SECONDSTORY_KEYS", raising=False)
    settings.KEY_FILE = tmp_path / "keys"
    settings.LEDGER_FILE = tmp_path / "keys.ledger"
    return Path(settings.KEY_FILE)
