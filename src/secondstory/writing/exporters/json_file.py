"""The document as data."""

from __future__ import annotations

import orjson

from secondstory.writing.document import Document


def json_bytes(document: Document) -> bytes:
    """Indented, so that it can be compared line by line. Ids of people never leave."""
    data = document.as_json()
    for action in data["actions"]:
        del action["person"]
    return orjson.dumps({"format": "second-story/1", **data}, option=orjson.OPT_INDENT_2)
