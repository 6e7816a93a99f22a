"""One review for each thing that may happen to those who hold a part of a story, and who may read what in each.

The table of who may read is written by hand. Nothing of the product says here who may read.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from tests.cast import HAPPENED, Cast, make_review

from secondstory.actions.models import Action, Passage
from secondstory.reviews.models import Participation, Review
from secondstory.sealing.seal import sealed
from secondstory.stories.audience_changes import Choice, choose_audience
from secondstory.stories.models import (
    Contrast,
    Grant,
    Interview,
    InterviewNote,
    Invited,
    Otherwise,
    Part,
    Perspective,
    Quote,
    Story,
)
from secondstory.texts.models import LetStand, Text
from secondstory.timeline.models import Lane, Moment
from secondstory.writing.models import Departure

MEMBERS = {"ana", "bo", "cleo", "dov", "eve", "sue"}
# part of the story, audience, how it may be quoted
PARTS = {
    "alone": ("did", "me", "label"),
    "guide": ("saw", "facilitator", "label"),
    "among": ("expected", "participants", "label"),
    "byname": ("assumed", "quotable", "name"),
    "bylabel": ("understood", "quotable", "label"),
    "bynobody": ("goals", "quotable", "nobody"),
}


@dataclass(frozen=True, slots=True)
class History:
    """What happened after Ana (or Sue) shared, and who may still read: whom the author alone let hold it."""

    name: str
    guided: frozenset[str]
    among: frozenset[str]
    taking: frozenset[str]
    author: str = "ana"
    interview: frozenset[str] = frozenset({"bo", "cleo"})
    alone: frozenset[str] = frozenset({"ana"})

    def word(self, case: str) -> str:
        return f"zz{case}{self.name}canary"

    def readers(self) -> dict[str, set[str]]:
        """Every word planted here, and the people who may be told it."""
        own = {self.author} if self.name != "deleted" else set()
        among = self.among | own
        gone = self.name == "deleted"
        held = {
            "alone": set(self.alone),
            "stood": set(own),
            "guide": self.guided | own,
            **dict.fromkeys(("among", "byname", "bylabel", "bynobody", "laid", "otherwise"), among),
            "asked": self.guided & {"bo"} | own,
            "confided": self.guided | own,
            "idea": among & self.taking,
            "heard": set(self.interview),
            "quoted": among,
            "toparticipants": set(self.taking),
            "toorganisation": set() if gone else self.taking | MEMBERS,
            "topublic": set() if gone else self.taking | MEMBERS | {"gil", "nobody"},
        }
        return {self.word(case): set(who) for case, who in held.items()}


def _history(name: str, guided: str, among: str, taking: str = "ana bo cleo gil", **more: Any) -> History:
    return History(name, frozenset(guided.split()), frozenset(among.split()), frozenset(taking.split()), **more)


HISTORIES = {
    each.name: each
    for each in (
        _history("there", "bo", "bo cleo"),
        _history("late", "", "", interview=frozenset({"cleo"})),
        _history("left", "", "", "ana", interview=frozenset({"cleo"})),
        _history("changed", "", "bo cleo", interview=frozenset({"cleo"})),
        _history("back", "", "", interview=frozenset({"cleo"})),
        _history("again", "", "bo cleo", interview=frozenset({"cleo"})),
        # Whom an author names besides holds what those who take part hold, not what is the facilitator's alone.
        _history("named", "bo", "bo cleo gil", interview=frozenset({"cleo"})),
        _history(
            "sealed", "bo", "bo cleo", "sue bo cleo gil", author="sue", interview=frozenset({"bo"}), alone=frozenset()
        ),
        _history("deleted", "", "", "", interview=frozenset(), alone=frozenset()),
    )
}


@dataclass(slots=True)
class Happened:
    """A history with its review and the ids that fill addresses."""

    history: History
    review: Review
    values: dict[str, Any]


def tell_all(cast: Cast, sue: Any) -> list[Happened]:
    """Every history, with a word in every field of a story that takes words."""
    return [_tell(cast, sue, history) for history in HISTORIES.values()]


def _tell(cast: Cast, sue: Any, history: History) -> Happened:
    review = make_review(cast, f"Told {history.name}")
    author = sue if history.author == "sue" else cast.ana
    if author is sue:
        parts = Participation.objects.for_system("filling the world").filter(review=review, person=cast.ana)
        parts.update(person=sue)
    story = Story(review=review, author=author)
    story.save()
    if history.name == "late":
        _others(cast, review).update(left_at=timezone.now())
    parts = {case: _part(cast, history, story, _before_she_was_sealed(author), case) for case in PARTS}
    moment = _moment(review)
    beside = _beside(cast, history, moment, parts)
    quote = _quotes(cast, history, review, parts)
    idea = _idea(history, parts["among"])
    Departure(review=review, quote=quote, what=Departure.What.MARKDOWN).save()
    interview = _interview(cast, history, story)
    Invited(review=review, person=author).save()
    _let_stand(history, parts["among"], author)
    _happen(cast, history, review)
    values = {"review_id": review.pk, "story_id": story.pk, "told_id": parts["among"].pk, "moment_id": moment.pk}
    values |= {"perspective_id": beside.pk, "quote_id": quote.pk, "interview_id": interview.pk}
    values |= {"action_id": idea.pk}
    return Happened(history, review, values | {"lane_id": moment.lane_id, "text_id": parts["alone"].text_id})


def _before_she_was_sealed(author: Any) -> Any:
    """What stays shut to Sue she shared before somebody else changed how she signs in."""
    then = copy(author)
    then.sealed_until = None
    return then


def _others(cast: Cast, review: Review) -> Any:
    parts = Participation.objects.for_system("filling the world").filter(review=review)
    return parts.filter(person__in=[cast.bo, cast.cleo, cast.gil])


def _text(kind: str) -> Text:
    text = Text(kind=kind, version=1)
    text.save(force_insert=True)
    return text


def _part(cast: Cast, history: History, story: Story, author: Any, case: str) -> Part:
    """A part as its author wrote it and then let others hold it: whom that holds is the product's own answer."""
    name, audience, quote_as = PARTS[case]
    part = Part(story=story, review=story.review, author=author, name=name, quote_as=quote_as, text=_text("story"))
    part.save()
    part.text.stored = sealed(history.word(case), part.place([]))
    part.text.save()
    guests = (cast.gil.pk,) if history.name == "named" else ()
    part = choose_audience(part.pk, by=author, choice=Choice(audience, quote_as, case == "byname", guests))
    if history.name == "there" and audience == "me":
        _left_behind(part, cast.cleo, history.word(case))
    return part


def _left_behind(part: Part, person: Any, word: str) -> None:
    """A row that says somebody holds what its author keeps alone: it counts for nothing."""
    grant = Grant(part=part, person=person, role="participant", at=timezone.now())
    grant.save()
    part.text.stored = sealed(word, part.place([grant]))
    part.text.save()


def _standing(part: Part) -> list[Grant]:
    return list(Grant.objects.for_system("filling the world").standing().filter(part=part))


def _moment(review: Review) -> Moment:
    lane = Lane(review=review, name="on-call engineer")
    lane.save()
    moment = Moment(review=review, lane=lane, at=HAPPENED, what="The queue grew")
    moment.save()
    return moment


def _beside(cast: Cast, history: History, moment: Moment, parts: dict[str, Part]) -> Perspective:
    now = timezone.now()
    laid = Perspective(review=moment.review, moment=moment, part=parts["among"], kind="expected", agreed_at=now)
    took = Perspective(review=moment.review, moment=moment, part=parts["byname"], kind="assumed", agreed_at=now)
    asked = Perspective(review=moment.review, moment=moment, part=parts["guide"], kind="saw", asked_by=cast.bo)
    confided = Perspective(review=moment.review, moment=moment, part=parts["guide"], kind="did", agreed_at=now)
    for row, case in ((laid, "laid"), (took, "otherwise"), (asked, "asked"), (confided, "confided")):
        row.stored = sealed(history.word(case), row.place(_standing(row.part)))
        row.save()
    # Who reads one of two and not the other is told of neither pair.
    for a, b in ((laid, took), (laid, confided), (confided, took)):
        Contrast(review=moment.review, a=a, b=b, mark="differs", by=cast.bo).save()
    found = Otherwise(review=moment.review, perspective=took, at=HAPPENED, by=cast.ana)
    found.stored = sealed(history.word("otherwise"), found.place(_standing(took.part)))
    found.save()
    return laid


def _quotes(cast: Cast, history: History, review: Review, parts: dict[str, Part]) -> Quote:
    placed = (
        ("quoted", "bylabel", ""),
        ("toparticipants", "bylabel", "participants"),
        ("toorganisation", "bynobody", "organisation"),
        ("topublic", "byname", "public"),
    )
    for case, of, reach in placed:
        quote = Quote(review=review, part=parts[of], form=PARTS[of][2], placed_by=cast.bo, reach=reach)
        quote.stored = sealed(history.word(case), quote.place)
        quote.save()
    return quote


def _let_stand(history: History, part: Part, author: Any) -> None:
    """Why the author let wording of a part stand: hers alone, whoever holds the part."""
    row = LetStand(text=part.text, person=author)
    row.reasons = {"a" * 32: history.word("stood")}
    row.save()


def _idea(history: History, part: Part) -> Action:
    """An action that came from a passage: its words are everybody's who takes part, the passage is not."""
    action = Action(review=part.review, wording="Let the alarm name the board", state=Action.State.IDEA)
    action.save()
    passage = Passage(action=action, part=part)
    passage.stored = sealed(history.word("idea"), passage.place)
    passage.save()
    return action


def _interview(cast: Cast, history: History, story: Story) -> Interview:
    review = story.review
    interviewee = story.author if history.author == "sue" else cast.cleo
    interview = Interview(review=review, interviewee=interviewee, interviewer=cast.bo)
    interview.save()
    note = InterviewNote(interview=interview, review=review, name="did", text=_text("interview"))
    note.save()
    note.text.stored = sealed(history.word("heard"), note.place)
    note.text.save()
    return interview


def _happen(cast: Cast, history: History, review: Review) -> None:
    later = timezone.now() + timedelta(seconds=1)
    parts = Participation.objects.for_system("filling the world").filter(review=review)
    others = _others(cast, review)
    if history.name == "late":
        others.update(since=later, left_at=None)
    elif history.name == "left":
        others.exclude(person=cast.gil).update(left_at=later)
        parts.filter(person=cast.gil).update(until=timezone.now())
    elif history.name == "changed":
        parts.filter(person=cast.bo).update(duty="participant", accepted_at=None)
        parts.filter(person=cast.cleo).update(duty="facilitator", accepted_at=later)
    elif history.name == "again":
        parts.filter(person=cast.bo).update(accepted_at=later)
    elif history.name == "named":  # a restored backup brings Bo back as the facilitator that he was
        Interview.objects.for_system("filling the world").filter(review=review).update(ended_at=later)
    elif history.name == "back":
        _come_back(list(others), later)
    elif history.name == "deleted":
        Review.objects.for_system("filling the world").filter(pk=review.pk).update(deleted_at=later)


def _come_back(parts: list[Participation], later: Any) -> None:
    for part in parts:
        Participation.objects.for_system("filling the world").filter(pk=part.pk).update(left_at=later)
        again = Participation(review=part.review, person=part.person, duty=part.duty, since=later, until=part.until)
        again.role_label, again.accepted_at = part.role_label, later if part.accepted_at else None
        again.save()
