"""Templates carry no script, no style, and no address of elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "secondstory"
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\s(?:src=|type=\"application/json\"))|javascript:|hx-on", re.IGNORECASE
)
ELSEWHERE = re.compile(r"""(src|href)=["'](https?:)?//""", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_template_has_nothing_inline_and_fetches_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text()
    assert not INLINE.search(text)
    assert not ELSEWHERE.search(text)
