"""Feeds the parser and the engine what a coverage-guided fuzzer thinks of, and checks what must hold for every text.

    lint_fuzz.py FOLDER [libFuzzer options, such as -max_total_time=600]
    lint_fuzz.py FILE

What it found worth keeping stays in FOLDER; a text that breaks something is written there, and read again when its FILE is named.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["secondstory.language"]):
    from tests.language.invariants import FIELDS, MARKUPS, check, check_places

    from secondstory.language import shipped

LONGEST = 4_096
SLOWEST_SECONDS = 20


def one(data: bytes) -> None:
    """The first byte chooses how the rest is read."""
    if not data:
        return
    choice, text = data[0], data[1:].decode("utf-8", "surrogateescape" if data[0] & 64 else "replace")
    check(text, MARKUPS[choice % len(MARKUPS)], FIELDS[choice // 3 % len(FIELDS)])
    check_places(text[:200], ("utf-8", "utf-16", "utf-32")[choice % 3])


def words_of(folder: Path) -> Path:
    """Words to put in, beside the folder: all that is in it is read."""
    return folder.with_suffix(".dict")


def seeds(folder: Path) -> None:
    """Words to begin with: every cue with something around it."""
    folder.mkdir(parents=True, exist_ok=True)
    words = sorted({cue.rstrip("*") for rule in shipped().rules for cue in rule.cues})
    lines = [f'"{"".join(f"{chr(92)}x{byte:02x}" for byte in word.encode())}"' for word in words]
    words_of(folder).write_text("\n".join(lines) + "\n")
    for number in range(0, len(words), 10):
        text = " ".join(f"the engineer {word} it." for word in words[number : number + 10])
        (folder / f"seed-{number:04}").write_text(f"{chr(48 + number % 6)}# Actions\n\n- {text}\n\n| “{text}” |\n")


def main() -> None:
    folder = Path(sys.argv[1])
    if folder.is_file():
        one(folder.read_bytes())
        return
    seeds(folder)
    options = [
        f"-dict={words_of(folder)}",
        f"-max_len={LONGEST}",
        f"-timeout={SLOWEST_SECONDS}",
        f"-artifact_prefix={folder}/broke-",
    ]
    atheris.Setup([sys.argv[0], str(folder), *options, *sys.argv[2:]], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
