"""How long an editor waits: one letter typed into a paragraph, until the marks of the whole text are there anew.

    lint_editing.py [WORDS …]

For invented reviews of 1,000, 5,000 and 20,000 words: inside the server alone, and there and back over standard input and output with
a real client. The bar is 10 ms for the 95th percentile at 5,000 words inside the server; the exit code says whether it was met.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from lsprotocol import types
from tests.language.editor import Editor

from secondstory.language.editors import answers
from secondstory.language.editors.documents import Document
from secondstory.language.editors.projects import Projects

TYPED = "The engineer failed to notice the alert because the page was late. "
EDITS = 300
BAR_MS, BAR_AT = 10.0, 5_000
PARTS = [
    "## {n:02}:14\n\nThe deploy of the cart service began, and the queue in front of it grew. We should have asked earlier.",
    "| {n:02}:20 | The on-call engineer opened the dashboard, which showed green for every region. |",
    "- Bo rolled back at {n:02}:31; the error rate fell within a minute. 😀",
    """The root cause was a full disk on the second node, and nobody had seen the warning, which was sent to a list.
It could have been worse: the backup had finished an hour before, and the two nodes behind the balancer took what was left
of the traffic without a word.""",
]


def review(words: int) -> str:
    """An invented review about that long."""
    parts: list[str] = ["# Carts were slow\n\nBegin here.\n"]
    count = 0
    while count < words:
        part = PARTS[len(parts) % len(PARTS)].format(n=len(parts) % 24) + f" It was step {len(parts)}."
        count += len(part.split())
        parts.append(part)
    return "\n\n".join(parts)


def typed(at: types.Position, number: int) -> types.TextDocumentContentChangePartial:
    """The next letter of a sentence, behind the one before."""
    where = types.Position(at.line, at.character + number)
    return types.TextDocumentContentChangePartial(types.Range(where, where), TYPED[number % len(TYPED)])


def place(text: str) -> types.Position:
    """Where `Begin here.` ends."""
    return types.Position(2, len("Begin here."))


def inside(text: str) -> list[float]:
    """In the server's own process."""
    item = types.TextDocumentItem("file:///review.md", "markdown", 0, text)
    document, project = Document(item, None, "utf-16"), Projects().of(None)
    document.read(project)
    took = []
    for number in range(EDITS):
        begin = time.perf_counter()
        document.edit([typed(place(text), number)], number)
        document.read(project)
        answers.diagnostics(document)
        took.append((time.perf_counter() - begin) * 1000)
    return took


async def there_and_back(text: str, folder: Path) -> list[float]:
    """From the moment the change is sent until the marks have arrived and are read."""
    editor = Editor(folder)
    await editor.begin()
    await editor.open("review.md", text)
    took = []
    for number in range(EDITS):
        begin = time.perf_counter()
        which = types.VersionedTextDocumentIdentifier(number + 2, editor.uri("review.md"))
        editor.client.text_document_did_change(types.DidChangeTextDocumentParams(which, [typed(place(text), number)]))
        await editor.told.get()
        took.append((time.perf_counter() - begin) * 1000)
    await editor.end()
    return took


def row(words: int, where: str, took: list[float]) -> float:
    """Print one line, and give the 95th percentile."""
    high = statistics.quantiles(took, n=20)[-1]
    print(f"{words:>8,} words  {where:<16} median {statistics.median(took):7.2f} ms   95th percentile {high:7.2f} ms")
    return high


def main() -> int:
    met = True
    for words in [int(word) for word in sys.argv[1:]] or [1_000, BAR_AT, 20_000]:
        text = review(words)
        high = row(words, "in the server", inside(text))
        met = met and (words != BAR_AT or high <= BAR_MS)
        with tempfile.TemporaryDirectory() as folder:
            row(words, "there and back", asyncio.run(there_and_back(text, Path(folder))))
    print(f"bar: {BAR_MS:.0f} ms at {BAR_AT:,} words in the server, {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
