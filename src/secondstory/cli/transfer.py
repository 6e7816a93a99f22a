"""`secondstory import` and `secondstory export`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from secondstory.cli.ready import err, get_ready, out, person_of, stop, taking_part

if TYPE_CHECKING:
    from secondstory.evidence.importers.record import Choices
    from secondstory.evidence.models import Import
    from secondstory.people.models import Person
    from secondstory.reviews.models import Review

importing = typer.Typer(help="Bring evidence or a written review in.", no_args_is_help=True)
SURROUNDINGS = timedelta(hours=2)
PROBLEMS_SHOWN = 20

As = Annotated[str | None, typer.Option("--as", help="Whose work this is, by e-mail address.")]
Zone = Annotated[str, typer.Option(help="The time zone of times that have none.")]


class Format(StrEnum):
    """What a review can be written as."""

    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    PDF = "pdf"


@importing.command("evidence")
def evidence(
    places: Annotated[
        list[str], typer.Argument(metavar="[REVIEW] FILE…", help="A review's id, then files, zips, folders.")
    ],
    *,
    new_review: Annotated[str, typer.Option(help="Open a new review of this title for them.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every public channel, whatever the time.")] = False,
    channel: Annotated[list[str] | None, typer.Option(help="Only this channel or place; private ones by name.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only from this time on.")] = None,
    until: Annotated[datetime | None, typer.Option(help="Only up to this time.")] = None,
    date: Annotated[datetime | None, typer.Option(help="The day of times that have none.")] = None,
    zone: Zone = "UTC",
    as_: As = None,
) -> None:
    """Bring in chat exports, alerts, logs, commits, calendars and pictures.

    Without --all, --since or --until: what happened within two hours of the review.
    """
    get_ready()
    files = [Path(each) for each in (places if new_review else places[1:])]
    _refuse_absent(files)
    review, by = _opened(new_review, person_of(as_), zone) if new_review else taking_part(places[0], as_)
    window = (None, None) if everything or new_review else _around(review)
    choices = _choices(channel, since, until, date, zone, window)
    rows = [_with_progress(review, by, file, choices) for file in files]
    if new_review:
        _date_by_evidence(review, by)
        out.print(f"The review is {review.pk}.")
    if any(row.refusal for row in rows):
        raise typer.Exit(1)


def _refuse_absent(files: list[Path]) -> None:
    if not files:
        stop("Which files?", "secondstory import evidence REVIEW FILE…")
    for file in files:
        if not file.exists():
            stop(f"There is no {file}.")


def _opened(title: str, by: Person, zone: str) -> tuple[Review, Person]:
    from secondstory.reviews import changes

    return changes.create_review(by=by, kind="incident", title=title, happened_at=datetime.now(UTC), zone=zone), by


def _date_by_evidence(review: Review, by: Person) -> None:
    from secondstory.evidence.models import Evidence
    from secondstory.reviews import changes

    if first := Evidence.objects.visible_to(by).filter(review=review).order_by("at").first():
        kind, title, zone = review.kind, review.title, review.zone
        changes.edit_review(review, by=by, kind=kind, title=title, happened_at=first.at, zone=zone)


def _around(review: Review) -> tuple[datetime, datetime]:
    return review.happened_at - SURROUNDINGS, review.happened_at + SURROUNDINGS


def _choices(
    channels: list[str] | None,
    since: datetime | None,
    until: datetime | None,
    day: datetime | None,
    zone: str,
    window: tuple[datetime | None, datetime | None],
) -> Choices:
    from secondstory.evidence.importers.record import Choices

    try:
        zone_info = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        stop(f"There is no time zone {zone}.", "Name it like Europe/Berlin.")
    first, last = (
        (since.replace(tzinfo=zone_info) if since else None),
        (until.replace(tzinfo=zone_info) if until else None),
    )
    if first is None and last is None:
        first, last = window
    return Choices(
        places=frozenset(channels) if channels else None,
        since=first,
        until=last,
        anchor=day.date() if day else None,
        zone=zone_info,
    )


def _with_progress(review: Review, by: Person, file: Path, choices: Choices) -> Import:
    from secondstory.evidence.jobs import import_files

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[read]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(escape(file.name), total=None, read="")

        def tell(tally: Any) -> None:
            bar.update(task, read=f"{tally.read:,} read, {tally.added:,} new")

        row = import_files(review, by, [file], choices, tell)[0]
    _report(file, row)
    return row


def _report(file: Path, row: Import) -> None:
    if row.refusal:
        err.print(f"[bold]{escape(file.name)}[/bold] was refused: {escape(row.refusal)}")
    else:
        out.print(
            f"{escape(file.name)}: {row.format}, {row.read:,} read, {row.added:,} new, {row.known:,} here already"
        )
    for problem in row.problems[:PROBLEMS_SHOWN]:
        err.print(f"  {escape(problem['where'])}: {escape(problem['what'])}. {escape(problem['do'])}")
    if (more := row.problems_met - PROBLEMS_SHOWN) > 0:
        err.print(f"  and {more:,} more")


@importing.command("review")
def review(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Markdown as this system exports it.")],
    as_: As = None,
) -> None:
    """Open a review from Markdown: its facts, timeline, sections, factors and actions."""
    get_ready()
    from secondstory.library.changes import Unreadable, bring_in

    by = person_of(as_)
    try:
        made = bring_in(file.read_text(encoding="utf-8"), by)
    except (Unreadable, UnicodeDecodeError) as unreadable:
        stop(f"{file.name} could not be read: {unreadable}", "Nothing was kept.")
    out.print(f"The review is {made.pk}.")


def export(
    review: Annotated[str, typer.Argument(metavar="REVIEW", help="The review's id or address.")],
    *,
    form: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.MARKDOWN,
    to: Annotated[Path | None, typer.Option(help="The file to write; otherwise it is printed.")] = None,
    as_: As = None,
) -> None:
    """Write a review into a file, as it stands in the workshop."""
    get_ready()
    from secondstory.writing.export_views import FORMATS
    from secondstory.writing.exporters.pdf import NotInstalled
    from secondstory.writing.pictures import draft_picture

    found, by = taking_part(review, as_)
    try:
        content = FORMATS[form.value][2](_draft(found, by), lambda number: draft_picture(found, by, number), None)
    except NotInstalled:
        stop("PDF needs WeasyPrint.", "pip install 'secondstory[pdf]'")
    if to:
        to.write_bytes(content)
        out.print(f"Written to {to}.")
    else:
        typer.echo(content, nl=False)


def _draft(review: Review, by: Person) -> Any:
    from django.contrib.auth.models import AnonymousUser

    from secondstory.writing.composing import draft
    from secondstory.writing.quotes import as_read

    # Nobody is signed in here: of what people let be quoted, only what anybody may read goes into the file.
    return as_read(draft(review, by), review, AnonymousUser())
