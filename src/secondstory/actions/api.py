"""Actions over the API; an edit carries the version it was read at."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from secondstory.actions import changes
from secondstory.actions.models import Action, ActionState
from secondstory.actions.rules import LONGEST_LINE, LONGEST_WORDING
from secondstory.reviews.frame import called, review_here
from secondstory.reviews.rules import Refused

router = Router(tags=["actions"])
NO_NUL = r"^[^\x00]*$"
Line = Annotated[str, Field(pattern=NO_NUL, max_length=LONGEST_LINE)]


class ActionIn(Schema):
    """An action to write. `owner` is the id of somebody who takes part, `team` that of a team."""

    wording: Annotated[str, Field(pattern=NO_NUL, max_length=LONGEST_WORDING)]
    state: ActionState = ActionState.PROPOSED
    owner: Annotated[str, Field(pattern=r"^[0-9a-z]{0,12}$")] = ""
    team: Annotated[int, Field(ge=1, le=2**62)] | None = None
    due: date | None = None
    success_metric: Line = ""
    declined_because: Line = ""

    def words(self) -> changes.Words:
        """What is said of the action."""
        return changes.Words(**{name: getattr(self, name) for name in changes.Words.__dataclass_fields__})


class ActionEditIn(ActionIn):
    """An action as it should stand, and the version it was read at."""

    version: int


class ActionOut(Schema):
    """An action as those who take part see it; a guest is told role labels."""

    id: str
    wording: str
    state: ActionState
    owned_by: str
    due: date | None
    success_metric: str
    declined_because: str
    version: int


class ActionConflictOut(Schema):
    """Somebody changed it in between; nothing was stored."""

    title: str
    action: ActionOut


@router.get("/reviews/{review_id}/actions", response=list[ActionOut], summary="Actions in their order")
def list_actions(request: HttpRequest, review_id: str) -> Any:
    """For those who take part; readers get them in the published document."""
    review = review_here(request.user, review_id)
    names = called(review, request.user)
    rows = Action.objects.visible_to(request.user).filter(review=review).select_related("team")
    return [_told(each, names) for each in rows]


@router.post("/reviews/{review_id}/actions", response={201: ActionOut}, summary="Add an action")
def add_action(request: HttpRequest, review_id: str, data: ActionIn) -> Any:
    """At the end of the list."""
    review = review_here(request.user, review_id)
    try:
        action = changes.add(review, data.words(), by=request.user)
    except Refused as refusal:
        raise HttpError(422, str(refusal)) from None
    return Status(201, _told(action, called(review, request.user)))


@router.put(
    "/reviews/{review_id}/actions/{action_id}",
    response={200: ActionOut, 409: ActionConflictOut},
    summary="Change an action",
)
def edit_action(request: HttpRequest, review_id: str, action_id: str, data: ActionEditIn) -> Any:
    """Over the version it was read at."""
    review, action = review_here(request.user, review_id), _action(request, review_id, action_id)
    names = called(review, request.user)
    try:
        return _told(changes.edit(action.pk, data.words(), version=data.version, by=request.user), names)
    except changes.Conflict as conflict:
        title = _("Somebody changed this action in between.")
        return Status(409, {"title": title, "action": _told(conflict.action, names)})
    except Refused as refusal:
        raise HttpError(422, str(refusal)) from None


@router.delete("/reviews/{review_id}/actions/{action_id}", response={204: None}, summary="Take an action off the list")
def remove_action(request: HttpRequest, review_id: str, action_id: str) -> Any:
    """For those who take part."""
    changes.remove(_action(request, review_id, action_id).pk, by=request.user)
    return Status(204, None)


def _action(request: HttpRequest, review_id: str, action_id: str) -> Action:
    actions = Action.objects.visible_to(request.user).filter(review=review_here(request.user, review_id))
    action: Action = get_object_or_404(actions, pk=action_id)
    return action


def _told(action: Action, names: dict[str, str]) -> dict[str, Any]:
    kept = ("id", "wording", "state", "due", "success_metric", "declined_because", "version")
    owner = names.get(action.owner_id or "", "") or (action.team.name if action.team else "")
    return {name: getattr(action, name) for name in kept} | {"owned_by": owner}
