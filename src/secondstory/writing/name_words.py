"""Words that are both a name and an ordinary word, and short forms of names, from `name_words.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

_DATA = tomllib.loads((Path(__file__).parent / "name_words.toml").read_text())

ORDINARY = frozenset(_DATA["names"].split()) | frozenset(_DATA["frequent"].split())
SHORT_FORMS: dict[str, list[str]] = {name: forms.split() for name, forms in _DATA["short_forms"].items()}
