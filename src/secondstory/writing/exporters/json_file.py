"""The document as data."""

from __future__ import annotations

from typing import Any

import orjson

from secondstory.writing.document import Document


def json_bytes(document: Document) -> bytes:
    """Indented, so that it can be compared line by line."""
    return orjson.dumps({"format": "second-story/1", **data_of(document)}, option=orjson.OPT_INDENT_2)


def data_of(document: Document) -> dict[str, Any]:
    """As plain data, its quotes filled in already. Ids of people and of quotes never leave."""
    data = document.as_json()
    del data["quotes"]
    for action in data["actions"]:
        del action["person"]
    return data
