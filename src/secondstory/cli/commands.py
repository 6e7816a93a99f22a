"""Every command of `secondstory`, each a few lines that call what does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from secondstory.cli import keys, people, transfer
from secondstory.cli.ready import err, get_ready, out, stop

app = typer.Typer(
    name="secondstory",
    help="Blameless reviews, self-hosted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(people.app, name="person")
app.add_typer(keys.app, name="keys")
app.add_typer(transfer.importing, name="import")
app.command("export")(transfer.export)

Port = Annotated[int, typer.Option(envvar="PORT", help="The port to listen on.")]
Host = Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 behind a proxy that speaks HTTPS.")]


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Bring the database up to date and start the web and the worker."""
    get_ready()
    from django.conf import settings

    from secondstory.cli import serve as serving

    serving.do_the_ledger_again()
    serving.print_setup_code()
    out.print(f"Second Story listens at {settings.ORIGIN}")
    serving.web_and_worker(host, port)


@app.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
def lint(words: Annotated[list[str] | None, typer.Argument(metavar="FILE…")] = None) -> None:
    """Point at wording that closes a story, in files or in what is piped in."""
    from secondstory.language.command import main

    raise typer.Exit(main(words or []))


@app.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
def lsp(words: Annotated[list[str] | None, typer.Argument(metavar="OPTION…")] = None) -> None:
    """Point at such wording inside an editor, as a language server on standard input and output."""
    from secondstory.language.editors.server import main

    raise typer.Exit(main(words or []))


@app.command()
def worker() -> None:
    """Do the background work alone, for a set-up with several machines."""
    get_ready()
    from secondstory.cli import serve as serving

    serving.work()


@app.command()
def demo(port: Port = 8000, *, browser: Annotated[bool, typer.Option(help="Open the browser.")] = True) -> None:
    """Start a throw-away copy with a told example."""
    from secondstory.cli.demo import run

    run(port, browser=browser)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where to write it; a file that is not there yet.")]) -> None:
    """Write everything into one file. The keys and the ledger are not in it: keep them apart."""
    get_ready(whatever_the_keys=True)
    from django.conf import settings

    from secondstory.cli.backup import write

    if file.exists():
        stop(f"{file} is there already.", "Name a new file; a backup never overwrites one.")
    rows = write(file)
    out.print(f"{rows:,} rows and the stored files are in {file}.")
    out.print(f"The keys are not: keep a copy of {settings.KEY_FILE} somewhere else.")
    out.print(f"Nor is the ledger of what was taken back: whoever restores needs {settings.LEDGER_FILE} as it is then.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    *,
    without_ledger: Annotated[
        bool, typer.Option(help="The ledger is lost: what was taken back since may be there again.")
    ] = False,
) -> None:
    """Fill an empty data folder or database from a backup, without what was taken back since."""
    get_ready()
    from secondstory.cli.backup import Unfit
    from secondstory.cli.backup import restore as fill

    try:
        rows = fill(file, without_ledger=without_ledger)
    except Unfit as unfit:
        stop(str(unfit))
    out.print(f"{rows:,} rows are back. `secondstory check` says whether the keys fit.")


@app.command()
def check() -> None:
    """Say what is in order and what is not."""
    get_ready(whatever_the_keys=True)
    from secondstory.cli.checks import all_of_them

    table = Table(show_header=False, box=None)
    findings = list(all_of_them())
    for finding in findings:
        table.add_row("[green]in order[/green]" if finding.fine else "[red]look[/red]", finding.what, finding.do)
    out.print(table)
    if not all(finding.fine for finding in findings if finding.matters):
        err.print("Something needs you before this is safe to use.")
        raise typer.Exit(1)
