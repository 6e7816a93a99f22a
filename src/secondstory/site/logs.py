"""Logs that tell what broke and where, never anybody's words, addresses with tokens, or rows."""

from __future__ import annotations

import logging
import re
import traceback
from pathlib import Path
from types import TracebackType

TOKEN = re.compile(r"(/(?:invitations|guests|enter|key|confirm-email|hooks|p)/)[A-Za-z0-9_\-:]{12,}")


class Discreet(logging.Filter):
    """Cuts tokens out of addresses and the query string off them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = TOKEN.sub(r"\1…", record.getMessage()).split("?")[0]
        record.args = ()
        return True


class Line(logging.Formatter):
    """A traceback as type and places only: PostgreSQL puts a whole row into its message, a form its fields."""

    def formatException(  # noqa: N802 - the name is the logging module's
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        kind, _, trace = ei
        places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return f"{kind.__name__ if kind else 'error'} at " + " < ".join(reversed(places))

    def formatStack(self, stack_info: str) -> str:  # noqa: ARG002, N802 - a stack shows variables' lines; not needed
        return ""
