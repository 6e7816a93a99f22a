"""Reviews full of words that must not get out, one for each audience."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.cast import HAPPENED, Cast, make_person, make_review
from tests.privacy.histories import HISTORIES, MEMBERS, Happened, tell_all

from secondstory.access.tokens import hash_of
from secondstory.actions.models import Action
from secondstory.evidence.models import Delivery, Evidence, Hook, Import
from secondstory.people.models import ApiToken, Invitation, Person, RoleLabel, SignInChange, Team
from secondstory.reviews.models import (
    Audience,
    GuestLink,
    KeyTime,
    Participation,
    Review,
    ReviewEvent,
    Service,
    Severity,
)
from secondstory.sealing.seal import sealed
from secondstory.texts import changes as texts
from secondstory.texts.models import LetStand, Text
from secondstory.timeline.models import (
    Agreement,
    Citation,
    Difference,
    Dismissal,
    Lane,
    LanePlace,
    Learned,
    MarginNote,
    Moment,
    MomentChange,
)
from secondstory.writing import chain_changes, publishing_changes
from secondstory.writing.chains import Link
from secondstory.writing.changes import lay_out
from secondstory.writing.composing import draft
from secondstory.writing.models import Chain, ChainSnapshot, Factor, Publication, Section, SectionChange, Version
from secondstory.writing.naming import KEEP, naming

# One word each, so that neither escaping nor highlighting can hide it from the search.
WORKSHOP = "quetzalcanary"  # a review that was never published
RAW = "narwhalcanary"  # what never leaves the workshop even of a published one: evidence, history, objections
DRAFT = "ibexcanary"  # written after publishing
HANDLE = "tamarincanary"  # who wrote a line of evidence, as chat calls them, and what a line came in
MARGIN = "axolotlcanary"  # Bo's own notes
PUBLISHED = "pelicancanary"  # what the organisation may read
SECRET = "ocelotcanary"  # nobody

PARTICIPANTS = {"ana", "bo", "cleo", "gil"}
AUDIENCES: dict[str, set[str]] = {
    WORKSHOP: PARTICIPANTS,
    RAW: PARTICIPANTS,
    DRAFT: PARTICIPANTS,
    HANDLE: PARTICIPANTS - {"gil"},
    MARGIN: {"bo"},
    PUBLISHED: PARTICIPANTS | MEMBERS,
    SECRET: set(),
}
for _history in HISTORIES.values():
    AUDIENCES |= _history.readers()


@dataclass(slots=True)
class World:
    """Two reviews and what fills their addresses: a value by the name each route gives it."""

    cast: Cast
    # Somebody else changed how she signs in, a moment ago.
    sue: Person
    hidden: Review
    shown: Review
    told: list[Happened] = field(default_factory=list)
    everywhere: dict[str, Any] = field(default_factory=dict)
    inside: dict[str, dict[str, Any]] = field(default_factory=dict)

    def places(self) -> list[dict[str, Any]]:
        return [self.everywhere | inside for inside in self.inside.values()]

    def after(self, happened: Happened) -> dict[str, Any]:
        """What fills addresses of a review in which something happened to those who hold a part."""
        return self.everywhere | self.inside[self.hidden.pk] | happened.values

    def people(self) -> dict[str, Any]:
        return self.cast.everyone() | {"sue": self.sue}

    def taking(self) -> dict[str, set[str]]:
        """Who takes part, by review."""
        both = {self.hidden.pk: PARTICIPANTS, self.shown.pk: PARTICIPANTS}
        return both | {each.review.pk: set(each.history.taking) for each in self.told}


def make_world(cast: Cast) -> World:
    """Everything a review can hold, with its audience's word in every field that takes words."""
    sue = make_person("Sue")
    Person.objects.filter(pk=sue.pk).update(sealed_until=timezone.now() + timedelta(days=7))
    sue.refresh_from_db()
    world = World(cast, sue, make_review(cast, f"Hidden {WORKSHOP}"), make_review(cast, f"Shown {PUBLISHED}"))
    _fill(world, world.hidden, WORKSHOP, WORKSHOP)
    _fill(world, world.shown, PUBLISHED, RAW)
    _publish(world)
    _go_on_writing(world.shown)
    _organisation(world)
    world.told = tell_all(cast, sue)
    world.everywhere |= {
        name: value for name, value in world.told[0].values.items() if name not in world.inside[world.hidden.pk]
    }
    return world


def _fill(world: World, review: Review, word: str, raw: str) -> None:
    line = _evidence(world, review, raw)
    moment = _timeline(world, review, word, raw, line)
    _writing(world, review, word, raw)
    _margin(world, review, moment)
    _people(world, review, raw)
    action = Action(review=review, wording=word, success_metric=word, declined_because=raw, owner=world.cast.ana)
    action.save()
    world.inside[review.pk] |= {"review_id": review.pk, "action_id": action.pk}


def _people(world: World, review: Review, raw: str) -> None:
    KeyTime(review=review, name="started", at=HAPPENED).save()
    ReviewEvent(review=review, what="joined", by=world.cast.bo, about=world.cast.ana, detail=raw).save()
    expires = timezone.now() + timedelta(days=3)
    link = GuestLink(review=review, email=f"{raw}@elsewhere.example", role_label=raw, expires_at=expires)
    link.token_hash = hash_of(review.pk)
    link.save()
    part = Participation.objects.for_system("filling the world").filter(review=review, person=world.cast.cleo).get()
    world.inside[review.pk] |= {"link_id": link.pk, "part_id": part.pk}


def _evidence(world: World, review: Review, raw: str) -> Evidence:
    source = Import(review=review, name=f"{HANDLE}.zip", format="slack", state=Import.State.DONE, refusal=HANDLE)
    source.problems = [{"where": HANDLE, "what": HANDLE, "do": HANDLE}]
    source.save()
    words = dict.fromkeys(("place", "text", "thread", "service"), raw)
    words |= {"author": HANDLE, "payload": HANDLE, "link": f"https://chat.example/{HANDLE}"}
    for number in (1, 2, 3):
        line = Evidence(
            review=review, number=number, source=source, format="slack", kind="message", at=HAPPENED, **words
        )
        line.digest = f"{number}{raw}".encode()[:16]
        line.save()
        if number == 2:
            Dismissal(review=review, evidence=line).save()
    for number, place in ((4, {"format": "plain_log", "place": HANDLE}), (5, {"reach": "direct", "place": HANDLE})):
        named = {"format": "slack", "kind": "log", "at": HAPPENED, "digest": f"{number}{raw}".encode()[:16]} | place
        Evidence(review=review, number=number, source=source, text=raw, **named).save()
    world.inside[review.pk] = {"import_id": source.pk, "number": 1, "line": 1}
    return Evidence.objects.for_system("filling the world").get(review=review, number=1)


def _timeline(world: World, review: Review, word: str, raw: str, line: Evidence) -> Moment:
    lane = Lane(review=review, name=word)
    lane.save()
    LanePlace(review=review, lane=lane, place=raw).save()
    moment = Moment(review=review, lane=lane, at=HAPPENED, what=word, information=word, decision=word)
    moment.save()
    Citation(review=review, moment=moment, evidence=line, quote=raw).save()
    MomentChange(review=review, moment=moment, by=world.cast.ana, what="edited", before={"what": raw}, after={}).save()
    learned = Learned(review=review, moment=moment, lane=lane, at=HAPPENED, how=raw)
    learned.save()
    difference = Difference(review=review, moment=moment, by=world.cast.ana, words=word)
    difference.save()
    Agreement(review=review, person=world.cast.cleo, upto=raw).save()
    world.inside[review.pk] |= {"lane_id": lane.pk, "moment_id": moment.pk}
    world.inside[review.pk] |= {"learned_id": learned.pk, "difference_id": difference.pk}
    return moment


def _margin(world: World, review: Review, moment: Moment) -> None:
    text = texts.begin("margin", MARGIN, world.cast.bo)
    note = MarginNote(review=review, moment=moment, writer=world.cast.bo, text=text)
    note.save()
    _let_stand(MARGIN, text=text, person=world.cast.bo)
    _let_stand("quoted from the runbook", about=review.pk, person=world.cast.cleo)
    world.inside[review.pk] |= {"note_id": note.pk}


def _let_stand(reason: str, **where: Any) -> None:
    row = LetStand(**where)
    row.reasons = {"a" * 32: reason}
    row.save()


def _writing(world: World, review: Review, word: str, raw: str) -> None:
    lay_out(review, by=world.cast.bo)
    sections = Section.objects.visible_to(world.cast.bo).filter(review=review)
    for section in sections:
        text = section.text
        texts.save(text.pk, word, text.version, world.cast.ana)
    section = sections.first()
    assert section
    _let_stand(raw, text=section.text)
    SectionChange(review=review, section=section, by=world.cast.ana, before="open", after="na", reason=raw).save()
    factor = Factor(review=review, group=Factor.Group.TECHNICAL, words=word)
    factor.save()
    chain = chain_changes.add(review, by=world.cast.ana, kind="how", question=word, links=[Link("", word)])
    ChainSnapshot.objects.for_system("filling the world").filter(chain=chain).update(question=raw)
    chain_changes.add(review, by=world.cast.ana, kind="story", question=raw)
    found = {"section_id": section.pk, "text_id": section.text_id, "factor_id": factor.pk, "chain_id": chain.pk}
    world.inside[review.pk] |= found


def _settle_names(review: Review, bo: Any) -> None:
    for doubt in naming(review, bo, draft(review, bo)).undecided:
        publishing_changes.choose_name(review, by=bo, about=doubt, choice=KEEP)


def _publish(world: World) -> None:
    for review in (world.hidden, world.shown):
        _settle_names(review, world.cast.bo)
    wish = publishing_changes.ask(world.shown, by=world.cast.bo, audience=Audience.ORGANISATION)
    Publication.objects.for_system("48 hours pass").filter(pk=wish.pk).update(due_at=timezone.now())
    publishing_changes.publish_due()
    world.shown.refresh_from_db()
    version = Version.objects.for_system("filling the world").get(review=world.shown)
    for review, word in ((world.hidden, WORKSHOP), (world.shown, RAW)):
        again = publishing_changes.ask(review, by=world.cast.bo, audience=Audience.ORGANISATION)
        publishing_changes.answer(again.pk, by=world.cast.cleo, agrees=False, words=word)
        world.inside[review.pk] |= {"publication_id": again.pk, "version_id": version.pk}


def _go_on_writing(review: Review) -> None:
    """What is written after publishing is the participants' until published again."""
    system = "filling the world"
    Review.objects.for_system(system).filter(pk=review.pk).update(title=f"Shown {DRAFT}")
    fields = dict.fromkeys(("what", "information", "decision", "perspective"), DRAFT)
    Moment.objects.for_system(system).filter(review=review).update(**fields)
    Factor.objects.for_system(system).filter(review=review).update(words=DRAFT)
    Chain.objects.for_system(system).filter(review=review).update(question=DRAFT, links=[Link("", DRAFT).as_json()])
    Action.objects.for_system(system).filter(review=review).update(wording=DRAFT, success_metric=DRAFT)
    Lane.objects.for_system(system).filter(review=review).update(name=DRAFT)
    Difference.objects.for_system(system).filter(review=review).update(words=DRAFT)
    Section.objects.for_system(system).filter(review=review).update(reason=DRAFT)
    held = Section.objects.for_system(system).filter(review=review).values("text_id")
    Text.objects.for_system(system).filter(pk__in=held).update(stored=DRAFT)


def _organisation(world: World) -> None:
    soon = timezone.now() + timedelta(days=3)
    hook = Hook(name="pager", product=Hook.Product.PAGERDUTY)
    hook.sealed_secret = sealed(SECRET, f"hook:{hook.pk}")
    hook.save()
    delivery = Delivery(hook=hook, review=world.hidden, payload=WORKSHOP, summary=WORKSHOP, service=WORKSHOP, nonce="1")
    delivery.save()
    token = ApiToken(owner=world.cast.ana, name=MARGIN, token_hash=hash_of("t"), scopes=["read"], expires_at=soon)
    token.owner = world.cast.bo
    token.save()
    invitation = Invitation(email="new@lantern.example", token_hash=hash_of("in"), expires_at=soon)
    invitation.save()
    SignInChange(person=world.cast.cleo, what=SignInChange.What.PASSWORD_CHANGED).save()
    team, label = Team(name="Payments"), RoleLabel(name="engineer on the team")
    severity, service = Severity(name="Graver than grave"), Service(name="Parcel desk")
    for row in (team, label, severity, service):
        row.save()
    world.everywhere = {
        "hook_id": hook.pk,
        "delivery_id": delivery.pk,
        "token_id": token.pk,
        "invitation_id": invitation.pk,
        "person_id": world.cast.cleo.pk,
        "team_id": team.pk,
        "label_id": label.pk,
        "kind": "incident",
        "token": "in",
        "name": "started",
        "key": "summary",
        "format_": "markdown",
        "earlier": 1,
        "line": 1,
    }
