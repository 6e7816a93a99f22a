"""Ana's story, in few words."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast

from secondstory.reviews.models import Participation, Review
from secondstory.stories import audience_changes, changes
from secondstory.stories.audience_changes import Choice
from secondstory.stories.holding import grants_of
from secondstory.stories.models import Part
from secondstory.texts import changes as texts

WORDS = "At 14:05 the page came. I rolled back, since the deploy was the last thing I knew of."


def told(review: Review, by: Any, audience: str = "me", name: str = "did", words: str = WORDS, **more: Any) -> Part:
    """A part with words, shared as far as asked."""
    story = changes.begin(review, by=by)
    part = part_of(by, story_id=story.pk, name=name)
    texts.save(part.text_id, words, part.text.version, by)
    if audience != "me" or more:
        share(part, by, audience, **more)
    return part_of(by, pk=part.pk)


def share(part: Part, by: Any, audience: str, **more: Any) -> Part:
    return audience_changes.choose_audience(part.pk, by=by, choice=Choice(audience, **more))


def part_of(by: Any, **which: Any) -> Part:
    return Part.objects.visible_to(by).select_related("text").get(**which)


def holders(part: Part, cast: Cast) -> set[str]:
    """Who may read a part, asked of the rows themselves."""
    return {name for name, person in cast.everyone().items() if Part.objects.visible_to(person).filter(pk=part.pk)}


def read(part: Part) -> str:
    again = Part.objects.for_system("reading it in a test").select_related("text").get(pk=part.pk)
    return str(again.words(grants_of(again)))


def join(review: Review, person: Any, **fields: Any) -> Participation:
    part = Participation(review=review, person=person, **fields)
    part.save()
    return part
