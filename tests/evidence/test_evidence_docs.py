"""What the page about evidence promises in numbers is what the code does."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from secondstory.evidence import import_changes, pictures
from secondstory.evidence.rules import AROUND

PAGE = " ".join((Path(__file__).parents[2] / "docs" / "evidence.md").read_text().split())


def test_the_numbers_of_the_page_are_those_of_the_code() -> None:
    assert "two hours either side" in PAGE
    assert AROUND.total_seconds() == 2 * 3600
    assert "or a day later" in PAGE
    assert import_changes.KEPT_UNCHOSEN.days == 1
    assert f"up to {pictures.LARGEST_BYTES // 1_000_000} MB" in PAGE
    assert f"413 over {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000} MB" in PAGE
    assert "a minute later" in PAGE
    assert import_changes.LEASE.total_seconds() == 60
