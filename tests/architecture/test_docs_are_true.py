from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_about_the_api_is_what_the_api_says() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "DATABASE"))}
    environment |= {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run([sys.executable, "tools/write_docs.py", "--check"], cwd=ROOT, env=environment, check=False)
    assert done.returncode == 0, "run `make docs`"


def test_the_pages_about_rules_are_what_the_rules_say() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    tool = [sys.executable, "tools/write_language_docs.py", "--check"]
    assert subprocess.run(tool, cwd=ROOT, env=environment, check=False).returncode == 0, "run `make docs`"


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.name}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if page.name != "look.md" and not (page.parent / link).exists()
    ]
    assert broken == []
