"""How much of the walk is walked.

`SECONDSTORY_WALK=full` tries everything with everybody. Otherwise every surface is tried with everybody, and the rest (in which
review, after which history, asked for in which way) is taken in turn. Turns differ between the databases, and with any other
word in SECONDSTORY_WALK.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

from django.db import connection

WALK = os.environ.get("SECONDSTORY_WALK") or connection.vendor
IN_FULL = WALK == "full"
T = TypeVar("T")


def in_turn(options: Sequence[T], *place: str) -> Sequence[T]:
    """All of them in the full walk, otherwise the one whose turn it is at this place."""
    if IN_FULL or not options:
        return options
    return [options[crc32(" ".join((WALK, *place)).encode()) % len(options)]]
