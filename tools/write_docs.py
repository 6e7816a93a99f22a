"""Writes docs/api.md from the API's own description.

python tools/write_docs.py          # write
python tools/write_docs.py --check  # answer 1 when what is written is not what is true
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

TOP = Path(__file__).parents[1]
API = TOP / "docs" / "api.md"
INTRODUCTION = """# The API

Everything the pages do, for your own tools, below `/api/`. The full description is at `/api/openapi.json`.

Make a key under *Profile → Keys for the API* and send it as `Authorization: Bearer …`. A key sees what its owner sees, and no
more than its scopes: `read:published`, `read`, `write`, `import`, and
`stories` for one's own story and what was shared with one, which no other scope opens. What you may not read answers 404, as if it did not exist.
Errors are problem documents (RFC 9457). Answers to GET carry an ETag; send it back as `If-None-Match` to be told 304.

| method | address | what it does |
|---|---|---|
"""


def written() -> str:
    """The page as it should stand."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "secondstory.site.settings")
    os.environ.setdefault("SECONDSTORY_DATA", tempfile.mkdtemp(prefix="secondstory-docs-"))
    import django

    django.setup()
    from secondstory.site.api import api

    paths: dict[str, dict[str, Any]] = api.get_openapi_schema(path_prefix="/api/")["paths"]
    return INTRODUCTION + "".join(_rows(paths))


def _rows(paths: dict[str, dict[str, Any]]) -> list[str]:
    return [
        f"| {method.upper()} | `{address}` | {_told(operation)} |\n"
        for address, operations in sorted(paths.items())
        for method, operation in operations.items()
    ]


def _told(operation: dict[str, Any]) -> str:
    text = operation.get("description") or operation.get("summary", "")
    return " ".join(text.split())


def main() -> int:
    """Write or check."""
    if "--check" in sys.argv:
        return 0 if API.exists() and API.read_text() == written() else 1
    API.write_text(written())
    return 0


if __name__ == "__main__":
    sys.exit(main())
