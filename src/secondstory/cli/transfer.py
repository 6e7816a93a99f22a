"""`secondstory import` and `secondstory export`."""

from __future__ import annotations

import typer

importing = typer.Typer(help="Bring evidence or a written review in.", no_args_is_help=True)


def export() -> None:
    """Write a review into a file."""
