"""Shared parts side by side, and whom the facilitator asked."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secondstory.reviews.frame import Workshop, workshop
from secondstory.stories import invitation_changes
from secondstory.stories.holding import facilitates
from secondstory.stories.models import Interview, Invited
from secondstory.stories.reading import Told, shared, told_in_confidence
from secondstory.stories.rules import share_a_run
from secondstory.texts.markdown import rendered
from secondstory.texts.rules import LONGEST


@dataclass(frozen=True, slots=True)
class _Row:
    told: Told
    html: str
    who: str


@login_required
@never_cache
@require_safe
def stories(request: HttpRequest, review_id: str) -> HttpResponse:
    """What was shared with this person, part by part, side by side; with `part=shared` that alone."""
    here = workshop(request, review_id, "stories")
    rows = sorted(
        (_Row(each, rendered(each.words), _who(here, each)) for each in shared(here.review, request.user)),
        key=lambda row: (row.told.order, row.who),
    )
    groups = [(name, list(each)) for name, each in groupby(rows, key=lambda row: row.told.part.get_name_display())]
    template = "stories/_shared.html" if request.GET.get("part") == "shared" else "stories/stories.html"
    return render(request, template, here.context | {"groups": groups})


@login_required
@require_POST
def confided(request: HttpRequest, review_id: str) -> HttpResponse:
    """Whether pasted words were told to this person and not to everybody here. Nothing of them is kept."""
    here = workshop(request, review_id, "stories")
    pasted = request.POST.get("words", "")[:LONGEST]
    told = told_in_confidence(here.review, request.user)
    return HttpResponse(status=200 if any(share_a_run(pasted, words) for words in told) else 204)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, review_id: str) -> HttpResponse:
    """For whoever decides on the review: invited, and shared with you. Nothing in between is known here."""
    here = workshop(request, review_id, "stories")
    if not here.facilitates:
        raise Http404
    if request.method == "POST":
        if invitation_changes.invite(here.review, by=request.user, people=request.POST.getlist("people")):
            messages.success(request, _("Asked. The letter says that a review needs them, and nothing else."))
        else:
            messages.info(request, _("Nobody was asked: choose somebody first."))
        return redirect("stories_people", here.review.pk)
    rows = _rows(here, request.user)
    left = any(not (row["asked"] or row["shares"]) for row in rows)
    return render(
        request, "stories/people.html", here.context | {"rows": rows, "left": left, "asks": facilitates(here.part)}
    )


def _rows(here: Workshop, person: Any) -> list[dict[str, Any]]:
    invited = Invited.objects.visible_to(person).filter(review=here.review)
    asked = dict(invited.values_list("person_id", "at"))
    sharing = {each.part.author_id for each in shared(here.review, person)}
    notes = Interview.objects.visible_to(person).filter(review=here.review, interviewer_id=person.pk)
    interviews = dict(notes.values_list("interviewee_id", "pk"))
    return [
        {
            "part": part,
            "name": here.context["names"][part.person_id],
            "asked": asked.get(part.person_id),
            "shares": part.person_id in sharing,
            "interview": interviews.get(part.person_id),
        }
        for part in here.people
        if part.person_id != person.pk
    ]


def _who(here: Workshop, each: Told) -> str:
    return str(here.context["names"].get(each.part.author_id) or _("somebody who left"))
