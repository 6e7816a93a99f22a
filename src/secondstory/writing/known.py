"""What is known of a section besides its words, asked along with it by whoever may read it."""

from __future__ import annotations

from django.db import models

from secondstory.access.questions import Question


class HasRows(Question):
    """Whether a section has moments, factors or key times: whoever reads a section of a workshop reads those too."""

    asks = (
        "(({key} = 'timeline' AND EXISTS(SELECT 1 FROM timeline_moment one"
        " WHERE one.review_id = {review} AND one.removed_at IS NULL))"
        " OR ({key} = 'factors' AND (EXISTS(SELECT 1 FROM writing_factor one WHERE one.review_id = {review})"
        " OR EXISTS(SELECT 1 FROM writing_chain one"
        " WHERE one.review_id = {review} AND one.removed_at IS NULL AND one.answered)))"
        " OR ({key} = 'facts' AND EXISTS(SELECT 1 FROM reviews_keytime one WHERE one.review_id = {review})))"
    )


class EndsInPerson(Question):
    """Whether a chain of the factors ends in a person."""

    asks = (
        "({key} = 'factors' AND EXISTS(SELECT 1 FROM writing_chain one"
        " WHERE one.review_id = {review} AND one.removed_at IS NULL AND one.ends_in_person))"
    )


class IsStillFirst(Question):
    """Whether a first story among the factors waits for its second."""

    asks = (
        "({key} = 'factors' AND EXISTS(SELECT 1 FROM writing_chain one"
        " WHERE one.review_id = {review} AND one.removed_at IS NULL AND one.kind = 'story' AND NOT one.answered))"
    )


class OwnOutline(Question):
    """The organisation's own outline for a kind of review; it holds nothing of any review."""

    output_field = models.JSONField()
    asks = "(SELECT one.sections FROM writing_template one WHERE one.kind = {kind})"


class AskedUntil(Question):
    """When the wish to publish that waits is granted, if nobody objects."""

    output_field = models.DateTimeField()
    asks = (
        "(SELECT wish.due_at FROM writing_publication wish"
        " WHERE wish.review_id = {review} AND wish.withdrawn_at IS NULL AND wish.done_at IS NULL"
        " ORDER BY wish.asked_at DESC, wish.id DESC LIMIT 1)"
    )


class IsObjectedTo(Question):
    """Whether somebody objects to the wish to publish that waits."""

    asks = (
        "EXISTS(SELECT 1 FROM writing_answer one INNER JOIN writing_publication wish ON wish.id = one.publication_id"
        " WHERE one.review_id = {review} AND wish.withdrawn_at IS NULL AND wish.done_at IS NULL AND NOT one.agrees)"
    )


class IsAnswered(Question):
    """Whether a person has answered the wish to publish that waits."""

    asks = (
        "EXISTS(SELECT 1 FROM writing_answer one INNER JOIN writing_publication wish ON wish.id = one.publication_id"
        " WHERE one.review_id = {review} AND wish.withdrawn_at IS NULL AND wish.done_at IS NULL"
        " AND one.person_id = {person})"
    )
