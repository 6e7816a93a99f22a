"""How much script a page loads, compressed: what every page takes, and what each island takes on top.

    python tests/bench/script_sizes.py

Reads what `npm run build` made. Prints a Markdown table.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

BUILT = Path(__file__).parents[2] / "src/secondstory/site/static/built"
BARS = {"src/site.ts": 60, "src/editor.ts": 200}


def main() -> None:
    """Print the table."""
    manifest = json.loads((BUILT / "manifest.json").read_text())
    first = _files(manifest, "src/site.ts")
    print("| script | kB, gzip | bar |\n|---|---|---|")
    for name, part in manifest.items():
        if part.get("isEntry") and part["file"].endswith(".js"):
            more = _files(manifest, name) - (set() if name == "src/site.ts" else first)
            what = "every page" if name == "src/site.ts" else f"{part['name']}, on top"
            print(f"| {what} | {sum(map(_size, more)) / 1000:.1f} | {BARS.get(name, '')} |")


def _files(manifest: dict[str, dict[str, list[str]]], name: str) -> set[str]:
    part = manifest[name]
    return {str(part["file"])}.union(*(_files(manifest, each) for each in part.get("imports", [])))


def _size(name: str) -> int:
    return len(gzip.compress((BUILT / name).read_bytes(), 9))


if __name__ == "__main__":
    main()
