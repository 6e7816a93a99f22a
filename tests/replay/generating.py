"""Invented reviews in which every word is a canary, and who could have known it from when.

The oracle is here and asks the product nothing: it walks minute by minute through what was generated.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from secondstory.actions.models import Action
from secondstory.evidence.models import Evidence, Import
from secondstory.people.models import Person
from secondstory.reviews.models import KeyTime, Participation, Review, ReviewEvent
from secondstory.stories.models import Grant, Otherwise, Part, Perspective, Story
from secondstory.texts.models import Text
from secondstory.timeline.models import Difference, Lane, LanePlace, Learned, Moment

BEGINNING = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)
MINUTES = 120
NEVER = None
LETTERS = "abcdefghjkmnpqrstuvwxyz"
FORM = rb"zq[a-z]{10}zq"


def at(minutes: float) -> datetime:
    return BEGINNING + timedelta(minutes=minutes)


@dataclass(slots=True)
class Place:
    """A channel: whether it is public, and by lane the stretches that were said of it (empty: never read)."""

    name: str
    public: bool
    said: dict[int, list[tuple[int | None, int | None]]] = field(default_factory=dict)

    def open_in(self, lane: int, minute: int) -> bool:
        if lane not in self.said:
            return self.public
        stretches = self.said[lane]
        return any((a is None or minute >= a) and (b is None or minute < b) for a, b in stretches)


@dataclass(slots=True)
class World:
    """A generated review: its row, its lanes, and each canary with the second from which each lane could know it."""

    review: Review
    lanes: list[Lane]
    canaries: dict[str, dict[int, datetime]]
    gone: list[tuple[Callable[[], Any], dict[int, datetime]]]
    # Those canaries that stand in passages of stories, and in what was found of them later.
    passages: set[str]

    def expected(self, lane: int, time: datetime) -> set[str]:
        return {word for word, known in self.canaries.items() if lane in known and known[lane] <= time}

    def forget_what_comes_after(self, lane: int, time: datetime) -> int:
        """Deletes every item that the lane could not have known by then; answers how many."""
        later = [delete for delete, known in self.gone if known.get(lane) is None or known[lane] > time]
        for delete in later:
            delete()
        return len(later)


class Generator:
    """One review out of one seed. `viewer` facilitates it, `authors` tell stories, one for each lane."""

    def __init__(self, seed: int, viewer: Person, authors: list[Person]) -> None:
        self.chance = random.Random(seed)
        self.viewer, self.authors = viewer, authors
        self.canaries: dict[str, dict[int, datetime]] = {}
        self.gone: list[tuple[Callable[[], Any], dict[int, datetime]]] = []
        self.passages: set[str] = set()
        # The lanes that somebody who tells a story is called after.
        self.tellers: set[int] = set()
        self.number = 0

    def canary(self, known: dict[int, datetime] | None = None) -> str:
        word = "zq" + "".join(self.chance.choices(LETTERS, k=10)) + "zq"
        self.canaries[word] = known or {}
        return word

    def some(self, share: float) -> bool:
        return self.chance.random() < share

    def minute(self, least: int = 0) -> int:
        return self.chance.randint(least, MINUTES)

    def world(self) -> World:
        self.review = Review(title=self.canary(), created_by=self.viewer, happened_at=at(self.minute()))
        self.review.published_title = self.review.published_summary = self.canary()
        self.review.save()
        self._people()
        self.lanes = [self._lane(index) for index in range(self.chance.choice([1, 2, 2, 3, 4]))]
        self.places = [self._place() for _ in range(self.chance.randint(2, 5))]
        self._around()
        for _ in range(self.chance.randint(6, 24)):
            self._line()
        for _ in range(self.chance.randint(2, 8)):
            self._moment()
        return World(self.review, self.lanes, self.canaries, self.gone, self.passages)

    # --- who and where

    def _people(self) -> None:
        facilitates = {"duty": Participation.Duty.FACILITATOR, "accepted_at": at(-60), "since": at(-60)}
        Participation(review=self.review, person=self.viewer, **facilitates).save()

    def _lane(self, index: int) -> Lane:
        words = {index: at(-9999)}
        lane = Lane(
            review=self.review, name=self.canary(words), position=index, kind=self.chance.choice(Lane.Kind.values)
        )
        lane.save()
        if self.some(0.6):
            self.tellers.add(index)
            Participation(review=self.review, person=self.authors[index], role_label=lane.name, since=at(-60)).save()
        return lane

    def _place(self) -> Place:
        place = Place(self.canary(), self.some(0.6))
        for index, lane in enumerate(self.lanes):
            how = self.chance.choice(["usual", "usual", "never", "always", "once", "twice"])
            if how == "usual":
                continue
            place.said[index] = self._stretches(how)
            rows = place.said[index] or [(None, None)]
            for since, until in rows:
                said = LanePlace(review=self.review, lane=lane, place=place.name, reads=how != "never")
                said.since, said.until = (None if each is None else at(each) for each in (since, until))
                said.save()
        return place

    def _stretches(self, how: str) -> list[tuple[int | None, int | None]]:
        if how == "never":
            return []
        if how == "always":
            return [(None, None)]
        a, b, c, d = sorted(self.chance.sample(range(MINUTES), 4))
        if how == "once":
            return [self.chance.choice([(a, None), (None, b), (a, c)])]
        return [(a, b), (c, d)]

    def _around(self) -> None:
        """What replay never shows, each with a canary."""
        word = self.canary
        KeyTime(review=self.review, name="resolved", at=at(self.minute())).save()
        ReviewEvent(review=self.review, what="joined", by=self.viewer, detail=word()).save()
        Action(review=self.review, wording=word(), success_metric=word()).save()
        found = {
            "places": [{"name": place.name, "reach": "public"} for place in self.places]
            + [{"name": word(), "reach": "public"}]
        }
        Import(review=self.review, name=word(), state=Import.State.DONE, found=found).save()

    # --- evidence

    def known(self, place: Place, stood: int) -> dict[int, datetime]:
        """By lane: the first minute at which the line stood there and the lane could look."""
        found: dict[int, datetime] = {}
        for index in range(len(self.lanes)):
            first = next((minute for minute in range(stood, MINUTES * 3) if place.open_in(index, minute)), NEVER)
            if first is not NEVER:
                found[index] = at(first)
        return found

    def _line(self) -> None:
        place, minute = self.chance.choice(self.places), self.minute()
        stood = minute + (self.chance.randint(1, 30) if self.some(0.2) else 0)
        known = self.known(place, stood)
        sort = self.chance.choice(
            ["message", "message", "message", "slack", "pasted", "mattermost", "alert", "pager", "struck"]
        )
        getattr(self, f"_{sort}")(place, minute, stood, known)

    def _message(self, place: Place, minute: int, stood: int, known: dict[int, datetime]) -> None:
        self._store(place, minute, stood, known, text=self.canary(known), payload=json.dumps({"text": self.canary()}))

    def _edited(self, known: dict[int, datetime], edit: int | None) -> str:
        """Words that a message got later."""
        if edit is None:
            return self.canary()
        return self.canary({index: max(time, at(edit)) for index, time in known.items()})

    def _slack(self, place: Place, minute: int, stood: int, known: dict[int, datetime]) -> None:
        edit = minute + self.chance.randint(1, 60) if self.some(0.8) else None
        edited = {"user": "U1", "ts": f"{at(edit).timestamp():.6f}"} if edit else {"user": "U1"}
        payload = json.dumps({"type": "message", "text": self.canary(), "edited": edited, "reply_count": 7})
        self._store(place, minute, stood, known, text=self._edited(known, edit), payload=payload)

    def _mattermost(self, place: Place, minute: int, stood: int, known: dict[int, datetime]) -> None:
        edit = minute + self.chance.randint(1, 60)
        post = {
            "message": self.canary(),
            "edit_at": int(at(edit).timestamp() * 1000),
            "replies": [{"message": self.canary()}],
        }
        payload = json.dumps({"type": "post", "post": post})
        self._store(place, minute, stood, known, text=self._edited(known, edit), payload=payload, format="mattermost")

    def _pasted(self, place: Place, minute: int, stood: int, known: dict[int, datetime]) -> None:
        text = self._edited(known, None)
        self._store(place, minute, stood, known, text=text, payload=f"Ana 14:05\n{text} (edited)", format="pasted")

    def _alert(self, place: Place, minute: int, stood: int, known: dict[int, datetime]) -> None:
        """An alert whose snapshot knows its end, and a line of its own about the end."""
        ending = json.dumps({"endsAt": at(minute + 40).isoformat(), "annotations": {"resolution": self.canary()}})
        firing = f"Firing: {self.canary(known)} (resolved since; when is not told)\n{self.canary()}"
        self._store(place, minute, stood, known, text=firing, payload=ending, kind="alert", format="alertmanager")
        over = minute + self.chance.randint(5, 60)
        after = self.known(place, over)
        self._store(
            place, over, over, after, text=self.canary(after), payload=ending, kind="recovery", format="alertmanager"
        )

    def _pager(self, place: Place, minute: int, stood: int, known: dict[int, datetime]) -> None:
        """A snapshot of an incident: whom it was assigned to in the end is not what the page said at first."""
        text = f"Triggered: {self.canary(known)} (urgency {self.canary()}; assigned to {self.canary()})"
        payload = json.dumps({"type": "incident", "status": "resolved", "resolved_by": self.canary()})
        self._store(place, minute, stood, known, text=text, payload=payload, kind="alert", format="pagerduty")

    def _struck(self, place: Place, minute: int, stood: int, known: dict[int, datetime]) -> None:
        words = {"text": self.canary(), "struck_at": at(MINUTES), "struck_reason": self.canary()}
        self._store(place, minute, stood, known, author=self.canary(), **words)

    def _store(self, place: Place, minute: int, stood: int, known: dict[int, datetime], **fields: Any) -> None:
        self.number += 1
        hidden = {"thread": self.canary(), "service": self.canary(), "link": f"https://chat.example/{self.canary()}"}
        author = fields.pop("author", None) or self.canary(known)
        given = {"format": "slack", "kind": "message", "author": author} | hidden | fields
        digest = blake2b(f"{self.review.pk}{self.number}".encode(), digest_size=16).digest()
        line = Evidence(review=self.review, number=self.number, place=place.name, at=at(minute), digest=digest, **given)
        line.reach = "public" if place.public else self.chance.choice(["private", "direct"])
        line.seen_from = at(stood) if stood != minute else None
        line.save(force_insert=True)
        self.gone.append((line.delete, dict(known)))
        place_known = self.canaries[place.name]
        for index, time in known.items():
            place_known[index] = min(time, place_known.get(index, time))

    # --- the timeline and stories

    def _moment(self) -> None:
        lane = self.chance.choice([*range(len(self.lanes)), None])
        start = self.minute()
        when = self.chance.choice(Moment.When.values)
        over = start + self.chance.randint(1, 20) if when == "between" else start
        own = {} if lane is None else {lane: at(over)}
        learned = {index: over + self.chance.randint(0, 50) for index in range(len(self.lanes)) if self.some(0.35)}
        removed = self.some(0.1)
        happened = own | {index: at(minute) for index, minute in learned.items()}
        inside = {index: time for index, time in happened.items() if index == lane}
        known = {} if removed else happened
        moment = self._moment_row(lane, when, start, over, known, {} if removed else inside)
        moment.removed_at = at(MINUTES) if removed else None
        moment.save(force_insert=True)
        for index, minute in learned.items():
            how = self.canary({} if removed else {index: at(minute)})
            Learned(review=self.review, moment=moment, lane=self.lanes[index], at=at(minute), how=how).save()
        Difference(review=self.review, moment=moment, by=self.viewer, words=self.canary()).save()
        accounts = [
            self._account(moment, index, happened, at(over), removed=removed)
            for index in range(len(self.lanes))
            if self.some(0.4 if index in self.tellers else 0.05)
        ]
        from_when = {
            index: min(time for time in (known.get(index), *(each.get(index) for each in accounts)) if time)
            for index in range(len(self.lanes))
            if known.get(index) or any(each.get(index) for each in accounts)
        }
        self.gone.append((moment.delete, from_when))

    def _moment_row(
        self,
        lane: int | None,
        when: str,
        start: int,
        over: int,
        known: dict[int, datetime],
        inside: dict[int, datetime],
    ) -> Moment:
        decided = {index: time + timedelta(seconds=1) for index, time in inside.items()}
        moment = Moment(review=self.review, lane=None if lane is None else self.lanes[lane], when=when, at=at(start))
        moment.until = at(over) if when == "between" else None
        moment.what, moment.information = self.canary(known), self.canary(inside)
        moment.decision, moment.perspective = self.canary(decided), self.canary()
        moment.pivot = self.some(0.4)
        return moment

    def _account(
        self, moment: Moment, index: int, happened: dict[int, datetime], over: datetime, *, removed: bool
    ) -> dict[int, datetime]:
        """A passage of the story of whom the lane stands for: shared with the viewer or not, agreed to or not."""
        shared, agreed = self.some(0.7), self.some(0.8)
        part, grants = self._part(index, shared=shared)
        told = shared and agreed and not removed and index in self.tellers
        known = {index: happened.get(index, over)} if told else {}
        kind = self.chance.choice(Perspective.Kind.values)
        row = Perspective(review=self.review, moment=moment, part=part, kind=kind, agreed_at=at(0) if agreed else None)
        row.asked_by = self.viewer if self.some(0.5) else None
        row.bind(self._passage(known), row.place(grants))
        row.save(force_insert=True)
        if self.some(0.5):
            self._otherwise(row, grants, known)
        return known

    def _passage(self, known: dict[int, datetime]) -> str:
        word = self.canary(known)
        self.passages.add(word)
        return word

    def _otherwise(self, row: Perspective, grants: list[Grant], known: dict[int, datetime]) -> None:
        found = Otherwise(review=self.review, perspective=row, at=at(self.minute()))
        words = self._passage({index: max(time, found.at) for index, time in known.items()})
        found.bind(words, found.place(grants))
        found.save(force_insert=True)

    def _part(self, index: int, *, shared: bool) -> tuple[Part, list[Grant]]:
        author = self.authors[index]
        stories = Story.objects.for_system("a generated world")
        story, _new = stories.get_or_create(review=self.review, author=author)
        there = Part.objects.for_system("a generated world").filter(story=story)
        names = [name for name in Part.Name.values if name not in set(there.values_list("name", flat=True))]
        text = Text(kind="story")
        text.save(force_insert=True)
        part = Part(story=story, review=self.review, author=author, text=text)
        # A story has a part of each name once; beyond that an earlier one is taken again.
        if not names:
            text.delete()
            part = self.chance.choice([each for each in there if bool(each.audience != "me") == shared] or list(there))
            standing = Grant.objects.for_system("a generated world").filter(part=part)
            return part, list(standing)
        part.name, part.audience = names[0], "participants" if shared else "me"
        part.save(force_insert=True)
        grants = [Grant(part=part, person=self.viewer, role="participant", at=at(0))] if shared else []
        for grant in grants:
            grant.save(force_insert=True)
        return part, grants


def times(seed: int, count: int = 20) -> Iterator[datetime]:
    """Times to stand at: before, after, on the minute and off it."""
    chance = random.Random(f"times {seed}")
    for _ in range(count):
        yield at(chance.randint(-5, MINUTES + 70)) + timedelta(seconds=chance.choice([0, 0, 1, 30]))
