"""Runs code beside the served product, each piece in a fork of one process where Django is ready.

Asked for by a line of JSON, answered by another: whether it ended well, what it printed, what was wrong.
"""

from __future__ import annotations

import json
import os
import sys
from tempfile import TemporaryFile

import django
from django.urls import get_resolver


def main() -> None:
    django.setup()
    get_resolver().url_patterns  # noqa: B018 - whoever asks for a page would wait for all of them each time
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


def answer(code: str) -> dict[str, object]:
    with TemporaryFile() as printed, TemporaryFile() as wrong:
        child = os.fork()
        if not child:
            os.dup2(printed.fileno(), 1)
            os.dup2(wrong.fileno(), 2)
            exec(code, {"__name__": "__main__"})
            sys.exit()
        _, ended = os.waitpid(child, 0)
        for file in (printed, wrong):
            file.seek(0)
        return {"well": ended == 0, "printed": printed.read().decode(), "wrong": wrong.read().decode()}


main()
