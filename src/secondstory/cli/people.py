"""`secondstory person`: who signs in. No command shows or opens what a person wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from secondstory.cli.ready import get_ready, out, person_of, stop

if TYPE_CHECKING:
    from secondstory.people.models import Person

app = typer.Typer(help="Who signs in here.", no_args_is_help=True)

CLOSED = "What they shared with nobody stays closed for seven days, or until they use a passkey or code of their own."
Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]


@app.command("list")
def everyone() -> None:
    """Show who signs in."""
    get_ready()
    from secondstory.people.models import Person

    table = Table("name", "e-mail", "")
    for person in Person.objects.get_queryset().filter(is_guest=False):
        notes = ["administrator"] * person.is_administrator + ["may not sign in"] * (not person.is_active)
        table.add_row(person.name, person.email, ", ".join(notes))
    out.print(table)


@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(prompt=True)],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
    *,
    administrator: bool = False,
) -> None:
    """Add a person who signs in with a password."""
    get_ready()
    from secondstory.people import changes

    changes.add_person(email=email, name=name, password=password, is_administrator=administrator)
    out.print(f"{name} can sign in as {email}.")


@app.command()
def administrator(email: Email, *, off: Annotated[bool, typer.Option(help="Take it away.")] = False) -> None:
    """Make a person an administrator; that opens no review."""
    get_ready()
    from secondstory.people import changes

    changes.make_administrator(person_of(email), yes=not off)
    out.print(f"{email} is {'no longer' if off else 'now'} an administrator.")


@app.command()
def block(email: Email, *, off: Annotated[bool, typer.Option(help="Let them in again.")] = False) -> None:
    """Keep a person from signing in; what they wrote stays theirs."""
    get_ready()
    from secondstory.people import changes
    from secondstory.people.models import Person

    changes.set_active(Person.objects.get(email=email.lower()), active=off)
    out.print(f"{email} {'can sign in again' if off else 'can no longer sign in'}.")


@app.command("password")
def new_password(
    email: Email,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Choose a password for somebody who cannot get in. They are told, and what they shared with nobody closes."""
    get_ready()
    from secondstory.people import sign_in_changes

    sign_in_changes.give_password(_member(email), password, by=person_of(None))
    out.print(f"{email} signs in with it from now on and is told so. {CLOSED}")


@app.command()
def address(email: Email, new: Annotated[str, typer.Argument(help="The new address.")]) -> None:
    """Change where somebody's letters go. The old address is told, and what they shared with nobody closes."""
    get_ready()
    from secondstory.people import sign_in_changes
    from secondstory.people.rules import Taken

    try:
        sign_in_changes.change_address(_member(email), new, by=person_of(None))
    except Taken:
        stop(f"Somebody signs in as {new} already.")
    out.print(f"{new} is the address now; {email} is told so. {CLOSED}")


def _member(email: str) -> Person:
    from secondstory.people.models import Person

    known = Person.objects.get_queryset().filter(email=email.lower(), is_guest=False).first()
    return known or stop(f"Nobody signs in as {email}.", "`secondstory person list` shows who does.")
