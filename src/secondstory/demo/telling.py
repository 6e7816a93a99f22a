"""The told example: an invented company's incident, brought in the way anybody would bring theirs in."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from secondstory.actions import changes as actions
from secondstory.demo.accounts import tell_accounts
from secondstory.evidence import jobs
from secondstory.evidence.importers.record import Choices
from secondstory.evidence.models import Evidence
from secondstory.library.changes import bring_in
from secondstory.people import changes as people
from secondstory.people.models import Person
from secondstory.reviews import changes as reviews
from secondstory.reviews import lists_changes as lists
from secondstory.reviews.models import Audience, Review, Service, Severity
from secondstory.reviews.people_changes import Joining, add_people
from secondstory.texts import changes as texts
from secondstory.timeline import agreement_changes
from secondstory.timeline import changes as timeline
from secondstory.timeline.learned_changes import learn
from secondstory.timeline.models import Moment
from secondstory.timeline.rules import Row
from secondstory.timeline.triage_changes import accept
from secondstory.writing import chain_changes
from secondstory.writing import changes as writing
from secondstory.writing import publishing_changes as publishing
from secondstory.writing.chains import links_of
from secondstory.writing.composing import draft
from secondstory.writing.exporters.chain_lists import CHAINS, STORIES, chains_in
from secondstory.writing.models import Chain, Section
from secondstory.writing.naming import KEEP, naming

MATERIAL = Path(__file__).parent / "material"
CAST: tuple[tuple[str, str, list[str]], ...] = (
    ("Bo Lindqvist", "bo@lantern.example", ["bo"]),
    ("Ana Ferreira", "ana@lantern.example", ["ana"]),
    ("Cleo Marsh", "cleo@lantern.example", ["cleo"]),
    ("Noor Haddad", "noor@lantern.example", ["noor"]),
    ("Tess Varga", "tess@lantern.example", ["tess"]),
    ("Dov Adler", "dov@lantern.example", ["dov"]),
    ("Eve Okafor", "eve@lantern.example", []),
)
ZONE = "Europe/Lisbon"
SERVICES = ("Checkout", "Label printing", "Address lookup", "Depot systems")


def tell_the_example() -> None:
    """Fill an empty copy."""
    cast = {email: _person(name, email, handles) for name, email, handles in CAST}
    bo, eve = cast["bo@lantern.example"], cast["eve@lantern.example"]
    for name in SERVICES:
        lists.save_service(None, by=eve, name=name, patterns=[name.lower().replace(" ", "-")])
    people.save_team(by=eve, name="Checkout team", members=[cast["cleo@lantern.example"], cast["tess@lantern.example"]])
    for file in sorted((MATERIAL / "reviews").glob("*.md")):
        _tell_and_publish(file, bo, cast)
    _tell_the_incident(cast, bo)


def _person(name: str, email: str, handles: list[str]) -> Person:
    person = people.add_person(email=email, name=name, password=None, is_administrator=email.startswith("eve"))
    people.change_profile(person, time_zone=ZONE, handles=handles)
    person.refresh_from_db()
    return person


def _tell_and_publish(file: Path, bo: Person, cast: dict[str, Person]) -> None:
    review = bring_in(file.read_text(encoding="utf-8"), bo)
    for section in Section.objects.visible_to(bo).filter(review=review).select_related("text"):
        if section.state == Section.State.OPEN and not section.text.body and not section.required:
            writing.mark(section.pk, by=bo, state=Section.State.REMOVED)
    for doubt in naming(review, bo, draft(review, bo)).undecided:
        publishing.choose_name(review, by=bo, about=doubt, choice=KEEP)
    publishing.ask(review, by=bo, audience=Audience.ORGANISATION)
    others = [Joining(cast["noor@lantern.example"], role_label="support lead")]
    others.append(Joining(cast["tess@lantern.example"], role_label="checkout engineer"))
    add_people(review, by=bo, people=others)


def _tell_the_incident(cast: dict[str, Person], bo: Person) -> None:
    told = tomllib.loads((MATERIAL / "sections.toml").read_text(encoding="utf-8"))
    review = _opened(told, cast, bo)
    choices = Choices(since=review.happened_at - timedelta(days=4), until=review.happened_at + timedelta(hours=3))
    jobs.import_files(review, bo, [MATERIAL / name for name in ("slack", "alerts.jsonl", "releases.log")], choices)
    for moment in told["moments"]:
        _say_more(_accept(review, bo, moment), moment, cast, bo)
    _write(review, bo, told)
    tell_accounts(review, cast, bo)


def _opened(told: dict[str, Any], cast: dict[str, Person], bo: Person) -> Review:
    times = {name: datetime.fromisoformat(at) for name, at in told["times"].items()}
    review = reviews.create_review(
        by=bo,
        kind=Review.Kind.INCIDENT,
        title=told["title"],
        happened_at=times["started"],
        zone=ZONE,
        severity=Severity.objects.visible_to(bo).first(),
        services=Service.objects.visible_to(bo).filter(name__in=SERVICES[:3]),
        people=[Joining(cast[email], role_label=label) for email, label in told["people"].items()],
    )
    reviews.set_times(review, by=bo, times=times)
    reviews.move_to_stage(review, by=bo, stage=Review.Stage.WRITING)
    return review


def _accept(review: Review, bo: Person, told: dict[str, Any]) -> Moment:
    words = {name: told.get(name, "") for name in ("what", "information", "decision", "lane")}
    row = Row(at=datetime.fromisoformat(told["at"]), pivot=told.get("pivot", False), **words)
    if numbers := _cited(review, bo, told.get("cites", [])):
        return accept(review, bo, numbers, row)
    return timeline.add(review, bo, row)


def _say_more(moment: Moment, told: dict[str, Any], cast: dict[str, Person], bo: Person) -> None:
    for row in told.get("learned", ()):
        learn(moment.pk, bo, row["lane"], datetime.fromisoformat(row["at"]), row["how"])
    for row in told.get("differs", ()):
        agreement_changes.mark(moment.pk, cast[row["by"]], row["words"])


def _cited(review: Review, bo: Person, cites: list[str]) -> list[int]:
    lines = Evidence.objects.visible_to(bo).filter(review=review)
    numbers: list[int] = []
    for cite in cites:
        place, _, clock = cite.partition(" ")
        at = datetime.combine(review.happened_at.date(), datetime.strptime(clock, "%H:%M:%S").time())  # noqa: DTZ007
        at = at.replace(tzinfo=review.happened_at.tzinfo)
        found = lines.filter(place__icontains=place, at__gte=at, at__lt=at + timedelta(seconds=1))
        numbers += found.values_list("number", flat=True)
    return numbers


def _write(review: Review, bo: Person, told: dict[str, Any]) -> None:
    writing.lay_out(review, by=bo)
    for section in Section.objects.visible_to(bo).filter(review=review).select_related("text"):
        if words := told["sections"].get(section.key):
            texts.save(section.text_id, words.strip(), section.text.version, bo)
    for factor in told["factors"]:
        writing.add_factor(review, by=bo, group=factor["group"], words=factor["words"])
    for kind, title in ((Chain.Kind.HOW, CHAINS), (Chain.Kind.STORY, STORIES)):
        for chain in chains_in(told["chains"].split("\n"), title):
            chain_changes.add(review, by=bo, kind=kind, question=chain.question, links=links_of(chain.links))
    for row in told["actions"]:
        due = date.fromisoformat(row["due"]) if "due" in row else None
        words = actions.Words(row["wording"], state=row["state"], due=due, success_metric=row.get("metric", ""))
        actions.add(review, words, by=bo)
