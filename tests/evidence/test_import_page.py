"""The page that tells how to import says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from secondstory.evidence.importers.clock import NO_TIME
from secondstory.evidence.importers.git_log import RECIPE
from secondstory.evidence.importers.record import Kind
from secondstory.evidence.importers.registry import IMPORTERS

PAGE = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")
SECTIONS = {
    "git_log": "git log",
    "csv": "Tables (CSV)",
    "json_log": "Plain logs",
    "plain_log": "Plain logs",
    "ics": "Calendars (ICS)",
    "image": "Images",
    "mail": "E-mail",
    "transcript": "Call transcripts",
    "irc": "IRC logs and server admin logs",
    "sal": "IRC logs and server admin logs",
    "pasted": "Pasted chat",
}


@pytest.mark.parametrize("importer", IMPORTERS, ids=lambda importer: importer.name)
def test_every_format_has_its_section(importer: object) -> None:
    name = importer.name  # type: ignore[attr-defined]
    assert re.search(rf"^## {re.escape(SECTIONS.get(name, name))}$", PAGE, re.MULTILINE | re.IGNORECASE)


def test_the_recipe_and_the_reason_are_the_ones_in_the_code() -> None:
    assert RECIPE in PAGE
    assert NO_TIME in PAGE


def test_every_kind_is_explained() -> None:
    table = PAGE.partition("| kind |")[2].partition("\n\n")[0]
    assert [kind for kind in Kind if not re.search(rf"\b{kind.value}\b", table)] == []
