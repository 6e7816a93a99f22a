"""Text that must not end up in a log, a traceback or a message to an operator."""

from __future__ import annotations


class Private(str):
    """A string whose repr says nothing, so that tracebacks and logs that show variables stay silent."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "…"
