"""Adding, changing and removing actions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from secondstory.actions.models import Action, Passage
from secondstory.actions.rules import problem_of
from secondstory.people.models import Team
from secondstory.reviews.models import Participation, Review
from secondstory.reviews.record_changes import taken_part_in, touched
from secondstory.reviews.rules import Refused
from secondstory.stories.models import Part
from secondstory.stories.quote_changes import passage_of

PROBLEMS = {
    "empty": gettext_lazy("Say what will be done; one sentence is enough."),
    "too_long": gettext_lazy("This is too long for one action. Split it, or explain it in the text above."),
    "no_reason": gettext_lazy("Say in a sentence why it was declined."),
}


class Conflict(Exception):
    """Somebody changed the action in between; carries it as it now stands."""

    def __init__(self, action: Action) -> None:
        super().__init__("changed by somebody else in between")
        self.action = action


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of an action. It is owned by a person who takes part, by a team, or by nobody yet."""

    wording: str
    state: str = Action.State.PROPOSED
    owner: str = ""
    team: int | None = None
    due: date | None = None
    success_metric: str = ""
    declined_because: str = ""


def add(review: Review, words: Words, *, by: Any) -> Action:
    """An action at the end of the list."""
    with transaction.atomic():
        found = taken_part_in(by, review.pk)
        rows = Action.objects.for_system("where the new action stands").filter(review=found)
        action = Action(review=found, position=(rows.aggregate(last=Max("position"))["last"] or 0) + 1)
        _say(action, words, by)
        action.save(force_insert=True)
        touched(found)
    return action


def propose_from(part_id: str, words: Words, *, passage: str, by: Any) -> Action:
    """An idea from a passage of a story: the words are the proposer's, the passage reaches as far as its part."""
    with transaction.atomic():
        part: Part | None = Part.objects.visible_to(by).select_related("text", "review").filter(pk=part_id).first()
        if part is None:
            raise Http404
        taken = passage_of(part, passage)
        action = add(part.review, replace(words, state=Action.State.IDEA), by=by)
        kept = Passage(action=action, part=part)
        kept.bind(taken, kept.place)
        kept.save(force_insert=True)
    return action


def edit(action_id: str, words: Words, *, version: int, by: Any) -> Action:
    """Changes an action as it stood at `version`; raises Conflict when it stands otherwise by now."""
    with transaction.atomic():
        action = _to_change(action_id, by)
        if action.version != version:
            raise Conflict(action)
        _say(action, words, by)
        action.version += 1
        action.save()
        touched(action.review)
    return action


def remove(action_id: str, *, by: Any) -> Action:
    """Takes an action off the list."""
    with transaction.atomic():
        action = _to_change(action_id, by)
        Action.objects.for_system("the action to remove, checked above").filter(pk=action.pk).delete()
        touched(action.review)
    return action


def _to_change(action_id: str, by: Any) -> Action:
    action: Action | None = Action.objects.visible_to(by).filter(pk=action_id).first()
    if action is None:
        raise Http404
    action.review = taken_part_in(by, action.review_id)
    # Read again under the lock: it may have changed while this change waited.
    action.refresh_from_db(from_queryset=Action.objects.visible_to(by))
    return action


def _say(action: Action, words: Words, by: Any) -> None:
    if problem := problem_of(words.wording, words.success_metric, words.state, words.declined_because):
        raise Refused(str(PROBLEMS[problem]))
    if words.state not in Action.State.values:
        raise Refused(_("There is no such state."))
    action.wording, action.state, action.due = words.wording.strip(), words.state, words.due
    action.success_metric = words.success_metric.strip()
    action.declined_because = words.declined_because.strip() if words.state == Action.State.DECLINED else ""
    action.owner_id = _owner(action, words.owner, by)
    action.team_id = _team(action, words.team, by)


def _owner(action: Action, owner: str, by: Any) -> str | None:
    if not owner or owner == action.owner_id:
        return owner or None
    taking_part = Participation.objects.visible_to(by).active().filter(review=action.review, person=owner)
    if not taking_part.exists():
        raise Refused(_("An action is owned by somebody who takes part, or by a team."))
    return owner


def _team(action: Action, team: int | None, by: Any) -> int | None:
    if not team or team == action.team_id:
        return team or None
    if not Team.objects.visible_to(by).filter(pk=team).exists():
        raise Refused(_("There is no such team."))
    return team
