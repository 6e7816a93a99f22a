"""Parts of stories as one person may read them: a constant number of queries, and an error where words do not open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from secondstory.access.words import Private
from secondstory.reviews.frame import name_for
from secondstory.reviews.models import Participation, Review
from secondstory.sealing.keys import KeyMissing
from secondstory.stories.holding import counting, grants_by_part, joined_later, takes_part_now
from secondstory.stories.models import Grant, Interview, InterviewNote, Part, PartRows, Quote, QuoteRows, Story
from secondstory.stories.prompts import PROMPTS
from secondstory.stories.rules import CONTEXT, NAMES, share_a_run


@dataclass(slots=True)
class Told:
    """A part with its words, or `shut` when somebody moved them or changed their audience by hand."""

    part: Part
    words: str
    shut: bool
    prompts: tuple[Any, ...] = ()
    holders: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)

    @property
    def order(self) -> int:
        return NAMES.index(self.part.name)

    @property
    def is_context(self) -> bool:
        return self.part.name in CONTEXT


def opened(read: Callable[[], str]) -> tuple[str, bool]:
    """Words, or that they do not open."""
    try:
        return Private(read()), False
    except KeyMissing:
        return "", True


def told(parts: Iterable[Part]) -> list[Told]:
    """Parts that the caller has seen with somebody's eyes, with their words, in the order of a story."""
    rows = sorted(parts, key=lambda part: NAMES.index(part.name))
    grants = grants_by_part(rows)
    return [_told(part, grants.get(part.pk, [])) for part in rows]


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted in a one-to-one for one part of a story."""

    note: InterviewNote
    words: str
    shut: bool
    prompts: tuple[Any, ...]


def noted(interview: Interview, person: Any) -> list[Noted]:
    """The notes of a one-to-one with their words, in the order of a story."""
    rows = InterviewNote.objects.visible_to(person).filter(interview=interview).select_related("text", "interview")
    notes = sorted(rows, key=lambda note: NAMES.index(note.name))
    return [Noted(note, *opened(note.words), PROMPTS[note.name]) for note in notes]


def own_parts(review: Review | str, author: Any) -> PartRows:
    """The parts of one's own story of a review, or of the review of that id."""
    return Part.objects.visible_to(author).own_of(author).filter(review=review).select_related("text")


def own_story(review: Review, author: Any, names: dict[str, str]) -> list[Told]:
    """All parts of one's own story, each with who holds it and who came too late to."""
    parts = told(own_parts(review, author))
    held, everybody = counting([each.part for each in parts]), takes_part_now(review.pk) if parts else []
    for each in parts:
        holders = held.get(each.part.pk, {})
        each.holders = sorted(names.get(person_id, "") for person_id in holders)
        each.later = sorted(names.get(row.person_id, "") for row in joined_later(each.part, everybody, holders))
    return parts


def said_to_few(review: Review, author: Any, words: str) -> bool:
    """Whether words repeat a part of one's own that not everybody who takes part may read."""
    narrow = own_parts(review, author).filter(audience__in=[Part.Audience.ME, Part.Audience.FACILITATOR])
    return any(share_a_run(words, each.words) for each in told(narrow))


def own_quotes(story: Story, author: Any) -> QuoteRows:
    """The quotes from one's own story that were not taken back."""
    parts = own_parts(story.review_id, author)
    return Quote.objects.visible_to(author).filter(part__in=parts, withdrawn_at=None).select_related("part")


def shared(review: Review, person: Any) -> list[Told]:
    """What is shared in this review as far as this person holds it, their own as others see it."""
    rows = Part.objects.visible_to(person).filter(review=review).exclude(audience=Part.Audience.ME)
    parts = told(rows.select_related("text", "author"))
    return [each for each in parts if each.words or each.shut]


def told_in_confidence(review: Review, person: Any) -> list[str]:
    """What others told this person and not all who take part: parts for the facilitator, and notes of conversations."""
    parts = [each for each in shared(review, person) if each.part.audience == Part.Audience.FACILITATOR]
    notes = InterviewNote.objects.visible_to(person).filter(review=review, interview__interviewer_id=person.pk)
    return [
        *(each.words for each in parts if each.part.author_id != person.pk),
        *(opened(note.words)[0] for note in notes.select_related("text", "interview")),
    ]


def stopped_at(parts: list[Told]) -> Told | None:
    """Where the author wrote last."""
    begun = [each for each in parts if each.part.text.version]
    return max(begun, key=lambda each: each.part.text.changed_at, default=None)


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the log: who had access to which part, since when and until when. Never who opened it."""

    part: Part
    who: str
    role: str
    since: Any
    until: Any
    over: bool


def access_log(story: Story, author: Any) -> list[Access]:
    """Who had access to what. A role that was left ended it, even where no time of that is known."""
    rows = list(Grant.objects.visible_to(author).filter(part__story=story).select_related("part", "person"))
    counts = {grant.pk for held in counting({row.part for row in rows}).values() for grant in held.values()}
    names = _names(story.review_id, author)
    log = [
        Access(row.part, names.get(row.person_id, ""), row.get_role_display(), row.at, row.until, row.pk not in counts)
        for row in rows
    ]
    return sorted(log, key=lambda each: (NAMES.index(each.part.name), each.since, each.who))


def titles(reviews: Iterable[str], person: Any) -> dict[str, str]:
    """What each review is called for this person: who left one is not told what it is called in its workshop now."""
    rows: Any = Review.objects.visible_to(person).as_listed_for(person).filter(pk__in=list(reviews))
    return {row.pk: row.title if row.takes_part else row.published_title for row in rows}


def title_of(review_id: str, person: Any) -> str:
    """The same of one review."""
    return titles([review_id], person).get(review_id) or str(_("A review you left"))


def as_markdown(title: str, parts: Iterable[tuple[str, str]]) -> str:
    """One's own words to take along."""
    lines = [f"# {title}"]
    for name, words in parts:
        if words:
            lines += [f"## {name}", words.strip()]
    return "\n\n".join(lines) + "\n"


def _told(part: Part, grants: list[Grant]) -> Told:
    words, shut = opened(lambda: part.words(grants))
    return Told(part, words, shut, PROMPTS[part.name])


def _names(review_id: str, author: Any) -> dict[str, str]:
    """What the author calls those who had access; a guest is told role labels, no names, as anywhere."""
    rows = Participation.objects.for_system("what the author of a story calls those who had access")
    rows = rows.filter(review_id=review_id).select_related("person").order_by("since")
    return {row.person_id: name_for(author, row) for row in rows}
