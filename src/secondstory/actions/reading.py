"""Actions of a review as rows to show and as data to export."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from secondstory.access.questions import Question
from secondstory.actions.models import Action, Passage
from secondstory.people.models import Team, is_member
from secondstory.reviews.frame import called
from secondstory.reviews.models import Review
from secondstory.stories.models import Part
from secondstory.stories.offers_left import Left
from secondstory.writing.document import ActionRow


@dataclass(frozen=True, slots=True)
class Choices:
    """Who may own an action, and in which states it can be."""

    people: list[tuple[str, str]]
    teams: list[tuple[int, str]]
    states: list[tuple[str, str]]


class HasActions(Question):
    """Whether a review has actions: whoever reads a section of a workshop reads those too."""

    asks = "EXISTS(SELECT 1 FROM actions_action one WHERE one.review_id = {review})"


class HasPassage(Question):
    """Whether an action came from a passage, whoever may read that. It is told to nobody."""

    asks = "EXISTS(SELECT 1 FROM actions_passage one WHERE one.action_id = {action})"


def actions_of(review: Review, person: Any) -> list[Action]:
    """The actions in their order."""
    rows = Action.objects.visible_to(person).filter(review=review).select_related("team", "owner")
    return list(rows.annotate(has_passage=HasPassage({"action": "pk"})))


def _from_stories(actions: Iterable[Any], person: Any) -> set[str]:
    """Those whose passage this person may read; most came from none, and then nothing is asked."""
    asked = [each.pk for each in actions if each.has_passage]
    if not asked:
        return set()
    return set(Passage.objects.visible_to(person).filter(action__in=asked).values_list("action_id", flat=True))


def choices_for(review: Review, person: Any) -> Choices:
    """What the form offers this viewer; a guest is told role labels."""
    people = sorted(called(review, person).items(), key=lambda each: each[1].casefold())
    teams = list(Team.objects.visible_to(person).values_list("pk", "name"))
    return Choices(people, teams, [(state.value, str(state.label)) for state in Action.State])


def context_of(review: Review, person: Any) -> dict[str, Any]:
    """What the list needs."""
    choices = choices_for(review, person)
    names = dict(choices.people)
    rows = actions_of(review, person)
    shown = [(each, names.get(each.owner_id or "", "") or (each.team.name if each.team else "")) for each in rows]
    return {"review": review, "actions": shown, "choices": choices, "from_stories": _from_stories(rows, person)}


def shown(request: HttpRequest, review: Review) -> SafeString:
    """The list as it stands in the write-up."""
    context = context_of(review, request.user)
    return mark_safe(render_to_string("actions/_actions.html", context, request))  # noqa: S308 - a rendered template


def exported(review: Review, person: Any) -> list[ActionRow]:
    """The actions as plain data; the owner is called as this person knows them, and by a label in what is published."""
    names = None if is_member(person) else called(review, person)
    return [
        ActionRow(
            wording=each.wording,
            owner=_owner(each, names) or (each.team.name if each.team else ""),
            due=each.due.isoformat() if each.due else "",
            state=each.state,
            metric=each.success_metric,
            person=each.owner_id or "",
        )
        for each in actions_of(review, person)
    ]


def _owner(action: Action, names: dict[str, str] | None) -> str:
    if action.owner is None:
        return ""
    return action.owner.name if names is None else names.get(action.owner.pk, "")


def left_of(parts: Collection[Part], author: Any) -> list[Left]:
    """Ideas that came from passages of these parts."""
    rows = Passage.objects.visible_to(author).filter(part__in=parts)
    what = _("An idea among the actions that came from it")
    stays = _(
        "Its own words stay: they are read by all who take part. The passage is read by whom the part is shared with."
    )
    places = rows.values_list("action__review_id", "action_id")
    return [Left(what, reverse("action_passage", args=place), stays) for place in places]
