"""Writes the table of rules the analyser reads, docs/language/rules.md and a page for each rule, from the rules and their examples.

python tools/write_language_docs.py          # write
python tools/write_language_docs.py --check  # answer 1 when what is written is not what is true
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from secondstory.language import Rule, shipped
from secondstory.language.catalogue import TABLE, table

TOP = Path(__file__).parents[1]
EXAMPLES = TOP / "src" / "secondstory" / "language" / "examples"
PAGES = TOP / "docs" / "language"
COLUMNS = {"person": "a person", "self": "we, I", "system": "a system", "implicit": "nobody named"}


def pages() -> Mapping[Path, str]:
    """Every page as it should stand."""
    rules = shipped().rules
    index = {PAGES / "rules.md": _index(rules)}
    return index | {PAGES / "rules" / f"{rule.id}.md": _page(rule) for rule in rules}


def _index(rules: tuple[Rule, ...]) -> str:
    rows = "".join(
        f"| [{rule.id}](rules/{rule.id}.md) | {rule.name} | {rule.title} |{_cells(rule)}\n" for rule in rules
    )
    return (
        "# The rules\n\nWhat each points at, and how loudly, by who does it. A rule is a TOML file; its examples run as tests.\n"
        "Rules that begin with SP ask for more of a story and are off unless a project enables them.\n\n"
        f"| rule | name | points at | {' | '.join(COLUMNS.values())} | at most in one text |\n|---|---|---|---|---|---|---|---|\n{rows}"
    )


def _cells(rule: Rule) -> str:
    loud = " | ".join(rule.severity.get(column, "off") for column in COLUMNS)
    return f" {loud} | {rule.cap or ''} |"


def _page(rule: Rule) -> str:
    examples: dict[str, Any] = tomllib.loads((EXAMPLES / f"{rule.id}.toml").read_text(encoding="utf-8"))
    asked = "".join(f"- {_filled(question)}\n" for question in rule.questions)
    skeletons = "".join(f"- {skeleton}\n" for skeleton in rule.skeletons)
    under = f" Under the heading “{examples['heading']}”:" if "heading" in examples else ""
    edits = "".join(f"- {title}\n" for title, _, _ in rule.edits)
    return "".join(
        [
            f"# {rule.id} {rule.name}: {rule.title}\n\n{rule.why}\n\n",
            f"| {' | '.join(COLUMNS.values())} |\n|---|---|---|---|\n",
            f"| {' | '.join(rule.severity.get(column, 'off') for column in COLUMNS)} |\n\n",
            *(f"In {role}: {_loud(table)}.\n\n" for role, table in rule.severity_in.items()),
            "Off unless a project enables it.\n\n" if not rule.enabled else "",
            f"At most {rule.cap} in one text.\n\n" if rule.cap else "",
            "Only where questions are asked.\n\n" if rule.fields == {"question"} else "",
            f"## What to ask instead\n\n{asked}\n",
            f"Begin with:\n\n{skeletons}\n" if skeletons else "",
            f"An editor may offer:\n\n{edits}\n" if edits else "",
            f"## Pointed at\n\n{under.strip()}\n\n".replace("\n\n\n\n", "\n\n"),
            _list(examples["bad"]),
            f"\n## Left alone\n\n{_list(examples['good'])}",
            f"\n## To read\n\n{_list(rule.references)}" if rule.references else "",
        ]
    )


def _loud(table: Mapping[str, str]) -> str:
    return ", ".join(f"{severity} for {COLUMNS[column]}" for column, severity in table.items())


def _list(lines: list[str] | tuple[str, ...]) -> str:
    return "".join(f"- {line}\n" for line in lines)


def _filled(question: str) -> str:
    return question.replace("{who}", "the people involved").replace("{cue}", "…")


def main() -> int:
    """Write or check. The table comes first: the pages are told by the rules it holds."""
    fresh = json.dumps(table(), ensure_ascii=False, separators=(",", ":")) + "\n"
    if "--check" not in sys.argv:
        TABLE.write_text(fresh, encoding="utf-8")
    elif not TABLE.exists() or TABLE.read_text(encoding="utf-8") != fresh:
        return 1
    wanted = pages()
    there = set((PAGES / "rules").glob("*.md"))
    if "--check" in sys.argv:
        stands = all(path.exists() and path.read_text(encoding="utf-8") == text for path, text in wanted.items())
        return 0 if stands and there <= set(wanted) else 1
    (PAGES / "rules").mkdir(parents=True, exist_ok=True)
    for path in there - set(wanted):
        path.unlink()
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
