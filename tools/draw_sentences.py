"""Draws sentences to be labelled blind, one JSON object a line in the form that `lint_eval.py` scores.

    draw_sentences.py --random 60 --by-cue 60 [--seed 1] [--not FILE …] FILE_OR_FOLDER … > sentences.jsonl

Half of what is worth labelling holds a cue, and what no cue finds can be missed only by a sentence drawn at random: so both are drawn,
and `stratum` says which. Whether the analyser points at a sentence plays no part. Sentences of the files after --not are left out.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from secondstory.language import shipped
from secondstory.language.blocks import blocks
from secondstory.language.inline import is_placeholder, prose, sentences
from secondstory.language.reading import NotReadable, chosen, markup_of, text_of

Row = dict[str, str]
SHORTEST, LONGEST = 4, 600


def rows_of(paths: Iterable[str]) -> Iterator[Row]:
    """Every sentence long enough to say something, with the heading it stands under and its file."""
    for path in paths:
        try:
            text = text_of(path)
        except NotReadable as problem:
            print(problem, file=sys.stderr)
            continue
        heading = ""
        for block in blocks(text, markup_of(path)):
            heading = " ".join(block.text.split()) if block.kind == "heading" else heading
            for begin, end in sentences(prose(block.text)):
                said = " ".join(text[block.start + begin : block.start + end].split())
                if len(said.split()) >= SHORTEST and len(said) <= LONGEST and not is_placeholder(said):
                    yield {"path": path, "heading": heading, "text": said}


def drawn(rows: list[Row], dice: random.Random, at_random: int, by_cue: int) -> list[Row]:
    """So many of all and so many more of those with a cue, mixed; no sentence twice."""
    cue = shipped().cue
    shuffled = list({row["text"]: row for row in dice.sample(rows, len(rows))}.values())
    first, rest = shuffled[:at_random], shuffled[at_random:]
    with_cue = [row for row in rest if cue.search(row["text"].lower())][:by_cue]
    both = [row | {"stratum": "random"} for row in first] + [row | {"stratum": "cue"} for row in with_cue]
    return dice.sample(both, len(both))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--random", type=int, default=60)
    parser.add_argument("--by-cue", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--source", default="", help="how `src` of each sentence reads")
    parser.add_argument("--not", dest="known", nargs="*", default=[], help="files of sentences drawn or read before")
    given = parser.parse_args()
    known = {json.loads(line)["text"] for file in given.known for line in Path(file).read_text().splitlines()}
    rows = [row for row in rows_of(chosen(given.files, [])) if row["text"] not in known]
    dice = random.Random(given.seed)  # noqa: S311 - nothing is kept secret by it
    for number, row in enumerate(drawn(rows, dice, given.random, given.by_cue)):
        print(json.dumps({"id": f"{given.source}{number:04}", "src": given.source} | row, ensure_ascii=False))


if __name__ == "__main__":
    main()
