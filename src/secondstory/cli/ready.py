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


def get_ready(*, whatever_the_keys: bool = False) -> None:
    """Load the apps and bring the database to this version. Commands call it first, so that `--help` stays quick.

    Nothing is touched, not even by a migration, while the keys do not fit what is sealed.
    """
    django.setup()
    from django.core.management import call_command

    if not whatever_the_keys:
        stop_unless_keys_fit()
    call_command("migrate", interactive=False, verbosity=0)


def stop_unless_keys_fit() -> None:
    """Ends the command when something is sealed and none of it with the keys there are."""
    from django.conf import settings

    from secondstory.sealing.boxes import WrongKeys, refuse_wrong_keys
    from secondstory.sealing.keys import KeyMissing, Unreadable

    if settings.KEYS_ARE_LOST:
        return
    try:
        refuse_wrong_keys()
    except WrongKeys as wrong:
        stop(
            f"These are not the keys that {wrong.rows:,} sealed rows were sealed with. Nothing was touched.",
            f"They were sealed with {', '.join(wrong.ids)}. Put that key file at {settings.KEY_FILE}, or its keys into"
            " SECONDSTORY_KEYS. If they are lost for good, docs/operate/keys.md says how to go on.",
        )
    except (Unreadable, KeyMissing) as unreadable:
        stop(f"The keys cannot be read: {unreadable}.", f"Look at {settings.KEY_FILE} or SECONDSTORY_KEYS.")


def stop(what: str, do: str = "") -> NoReturn:
    """End the command with what is wrong and what to do about it."""
    err.print(f"[bold]{what}[/bold]" + (f"\n{do}" if do else ""), markup=True)
    raise typer.Exit(1)


def person_of(email: str | None) -> Person:
    """The person of that address; without one the installation's first, or the command line's own."""
    from secondstory.people import changes
    from secondstory.people.models import Person

    members = Person.objects.get_queryset().filter(is_guest=False, is_active=True)
    if email:
        return members.filter(email=email.lower()).first() or stop(
            f"Nobody signs in as {email}.", "`secondstory person list` shows who does."
        )
    return members.filter(is_administrator=True).order_by("created_at").first() or changes.operator()


def taking_part(review_id: str, email: str | None) -> tuple[Review, Person]:
    """The review of that id or address, and who works on it: the person named, or else its facilitator."""
    from secondstory.reviews.models import Participation, Review

    review_id = review_id.rstrip("/").rpartition("/reviews/")[2].partition("/")[0]
    if email:
        by = person_of(email)
    else:
        parts = Participation.objects.for_system("who facilitates the review a command names").active()
        part = parts.filter(review_id=review_id, duty=Participation.Duty.FACILITATOR).select_related("person").first()
        by = part.person if part else person_of(None)
    review = Review.objects.visible_to(by).with_part_of(by).filter(pk=review_id).first()
    return review or stop(f"There is no review {review_id}.", "The id is the last part of the review's address."), by
