"""One's own story over the API, and what was shared: for the author's token with the scope `stories`, and no other."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from secondstory.reviews.frame import called, review_here
from secondstory.reviews.rules import Refused
from secondstory.sealing.keys import KeyMissing
from secondstory.stories import audience_changes, changes
from secondstory.stories.audience_changes import Choice
from secondstory.stories.models import Part, Story
from secondstory.stories.reading import Told, own_parts, shared, told
from secondstory.texts import changes as text_changes
from secondstory.texts.rules import LONGEST, storable

router = Router(tags=["stories"])


class StoryPartOut(Schema):
    """A part of one's own story. `shut`: its words were moved or their audience changed by hand, and do not open."""

    name: str
    words: str
    shut: bool
    version: int
    audience: str
    quote_as: str
    quote_public: bool


class SharedOut(Schema):
    """A part that somebody shared with the token's owner."""

    name: str
    by: str
    words: str
    shut: bool


class WordsIn(Schema):
    """Words of a part over the version they were read at."""

    words: Annotated[str, Field(max_length=LONGEST)]
    version: Annotated[int, Field(ge=0, le=2_000_000_000)]


class AudienceIn(Schema):
    """How far a part shall reach."""

    audience: Literal["me", "facilitator", "participants", "quotable"]
    quote_as: Literal["name", "label", "nobody"] = "label"
    public: bool = False
    guests: Annotated[list[str], Field(max_length=100)] = []


class SavedOut(Schema):
    """What was saved."""

    version: int


class WordsConflictOut(Schema):
    """The words as they stand, when they were saved elsewhere in between."""

    version: int
    words: str
    at: datetime


class WhyOut(Schema):
    """Why it cannot be."""

    title: str


@router.get("/reviews/{review_id}/story", response=list[StoryPartOut], summary="Your own story, part by part")
def own_story(request: HttpRequest, review_id: str) -> Any:
    parts = told(own_parts(review_id, request.user))
    if not parts:
        # Nothing begun is an empty list where one takes part, and nothing at all elsewhere.
        review_here(request.user, review_id)
    return [_own(each) for each in parts]


@router.post("/reviews/{review_id}/story", response={201: list[StoryPartOut]}, summary="Begin your story")
def begin(request: HttpRequest, review_id: str) -> Any:
    review = review_here(request.user, review_id)
    changes.begin(review, by=request.user)
    return Status(201, own_story(request, review_id))


@router.delete(
    "/reviews/{review_id}/story", response={204: None, 422: WhyOut}, summary="Withdraw your story and delete it"
)
def withdraw(request: HttpRequest, review_id: str) -> Any:
    story = get_object_or_404(Story.objects.visible_to(request.user), review_id=review_id)
    try:
        changes.withdraw(story.pk, by=request.user)
    except Refused as refused:
        return Status(422, {"title": str(refused)})
    return Status(204, None)


@router.put(
    "/reviews/{review_id}/story/{name}",
    response={200: SavedOut, 409: WordsConflictOut, 422: WhyOut},
    summary="Write a part of your story",
)
def write(request: HttpRequest, review_id: str, name: str, data: WordsIn) -> Any:
    part = _part(request, review_id, name)
    try:
        saved = text_changes.save(part.text_id, storable(data.words), data.version, request.user)
    except text_changes.Conflict as conflict:
        stands = conflict.text
        return Status(409, {"version": stands.version, "words": stands.body, "at": stands.changed_at})
    except KeyMissing:
        return Status(422, {"title": _("These words cannot be opened.")})
    return {"version": saved.version}


@router.put(
    "/reviews/{review_id}/story/{name}/audience",
    response={200: StoryPartOut, 422: WhyOut},
    summary="Choose who may read a part of your story",
)
def choose(request: HttpRequest, review_id: str, name: str, data: AudienceIn) -> Any:
    part = _part(request, review_id, name)
    choice = Choice(data.audience, data.quote_as, data.public, tuple(data.guests))
    try:
        audience_changes.choose_audience(part.pk, by=request.user, choice=choice)
    except Refused as refused:
        return Status(422, {"title": str(refused)})
    (each,) = told([_part(request, review_id, name)])
    return _own(each)


@router.get("/reviews/{review_id}/stories", response=list[SharedOut], summary="What was shared with you")
def shared_parts(request: HttpRequest, review_id: str) -> Any:
    review = review_here(request.user, review_id)
    names = called(review, request.user)
    rows = [each for each in shared(review, request.user) if each.part.author_id != request.user.pk]
    return [
        {"name": each.part.name, "by": names.get(each.part.author_id, ""), "words": each.words, "shut": each.shut}
        for each in rows
    ]


def _own(each: Told) -> dict[str, Any]:
    fields = {name: getattr(each.part, name) for name in ("name", "audience", "quote_as", "quote_public")}
    return fields | {"words": each.words, "shut": each.shut, "version": each.part.text.version}


def _part(request: HttpRequest, review_id: str, name: str) -> Part:
    return get_object_or_404(own_parts(review_id, request.user), name=name)
