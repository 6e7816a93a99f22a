"""Getting Django ready for a command, and finding what a command names."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import django
import typer
from rich.console import Console

if TYPE_CHECKING:
    from secondstory.people.models import Person
    from secondstory.reviews.models import Review

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def get_ready() -> None:
    """Load the settings and the apps. Commands call it first, so that `--help` stays quick."""
    django.setup()


def stop(what: str, do: str = "") -> NoReturn:
    """End the command with what is wrong and what to do about it."""
    err.print(f"[bold]{what}[/bold]" + (f"\n{do}" if do else ""), markup=True)
    raise typer.Exit(1)


def person_of(email: str | None) -> Person:
    """The person a command acts as: the one named, or the only one there is."""
    from secondstory.people.models import Person

    members = Person.objects.get_queryset().filter(is_guest=False, is_active=True)
    if email:
        return members.filter(email=email.lower()).first() or stop(
            f"Nobody signs in as {email}.", "`secondstory person list` shows who does."
        )
    found = list(members[:2])
    if len(found) != 1:
        stop("Whose work is this?", "Name the person with --as their e-mail address.")
    return found[0]


def review_of(review_id: str, person: Person) -> Review:
    """The review of that id, as far as this person takes part in it."""
    from secondstory.reviews.models import Review

    review_id = review_id.rstrip("/").rpartition("/reviews/")[2].partition("/")[0]
    mine = Review.objects.visible_to(person).with_part_of(person)
    return mine.filter(pk=review_id).first() or stop(
        f"{person.email} takes part in no review {review_id}.", "The id is the last part of the review's address."
    )
