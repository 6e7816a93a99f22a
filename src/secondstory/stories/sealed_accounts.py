"""Whether somebody's sign-in was changed by another: what they shared with nobody then stays shut for a while."""

from __future__ import annotations

from typing import Any


def unshared_sealed(person: Any) -> bool:  # noqa: ARG001
    return False
