"""`secondstory keys`: under which keys things are sealed, and putting them under a new one."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from secondstory.cli.ready import err, get_ready, out, stop

app = typer.Typer(help="The keys of what is encrypted at rest.", no_args_is_help=True)

Wait = Annotated[
    float, typer.Option(min=0, help="Seconds for pages under way to end before an old key goes; 0 if nothing runs.")
]


@app.command("list")
def everything() -> None:
    """Show the keys by their ids, the one that seals first, and how much lies under each."""
    get_ready(whatever_the_keys=True)
    from secondstory.sealing.boxes import key_ids
    from secondstory.sealing.seal import keys_here

    used, keys = key_ids(), [key.id for key in keys_here()]
    table = Table("key", "", "sealed rows")
    for name in keys:
        table.add_row(name, "seals" if name == keys[0] else "opens what is older", f"{used.pop(name, 0):,}")
    for name, rows in sorted(used.items()):
        table.add_row(name, "[red]not here[/red]", f"{rows:,}")
    out.print(table)


@app.command()
def rotate(
    *,
    keep_old: Annotated[bool, typer.Option(help="Keep earlier keys, for backups that were written with them.")] = False,
    wait: Wait = 30.0,
) -> None:
    """Seal everything anew under a new key, and drop the old one once nothing is left under it."""
    get_ready()
    from secondstory.sealing.rotation_changes import Busy, keys_are_in_the_environment
    from secondstory.sealing.rotation_changes import rotate as under_new_key

    if keys_are_in_the_environment():
        _with_keys_from_the_environment()
        return
    columns = (SpinnerColumn(), TextColumn("{task.fields[done]:,} sealed anew"), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=None, done=0)
        try:
            came = under_new_key(keep_old=keep_old, settle=wait, tell=lambda count: _more(bar, task, count))
        except Busy:
            stop("Another rotation is under way.", "Wait until it has ended.")
    out.print(f"{came.resealed:,} rows were sealed anew. Everything is sealed under {came.first} from now on.")
    if came.dropped:
        out.print(f"Nothing was left under {', '.join(came.dropped)}: gone from the key file.")
        out.print("Backups written before now open only with the key file as it was. Write a new one.")
    if came.kept:
        out.print(f"Still in the key file: {', '.join(came.kept)}.")
    _say_closed(came.closed)


def _more(bar: Progress, task: object, count: int) -> None:
    shown = bar.tasks[0].fields["done"]
    bar.update(task, done=shown + count)  # type: ignore[arg-type]


def _with_keys_from_the_environment() -> None:
    from secondstory.sealing.keys import in_one_line
    from secondstory.sealing.rotation_changes import next_keys, reseal

    resealed, closed = reseal(lambda _count: None)
    following = next_keys()
    out.print(f"{resealed:,} rows were sealed anew under the first key of SECONDSTORY_KEYS.")
    _say_closed(closed)
    out.print("Now set this, and start every process anew:\n", soft_wrap=True)
    out.print(f"SECONDSTORY_KEYS={in_one_line(following)}", soft_wrap=True, markup=False)
    if len(following) > 1:
        out.print("\nThen run `secondstory keys rotate` once more: it seals everything under the first of them.")


def _say_closed(closed: int) -> None:
    if closed:
        err.print(f"{closed:,} rows do not open and were left as they are. `secondstory check` says why.")
