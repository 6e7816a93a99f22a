"""One's own story: a calm page that is nobody else's."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from secondstory.evidence.models import Evidence
from secondstory.evidence.reading import default_window, lines
from secondstory.people.models import unshared_sealed
from secondstory.reviews.frame import Workshop, workshop
from secondstory.stories import changes
from secondstory.stories.holding import grants_of
from secondstory.stories.models import Interview, Perspective, Story
from secondstory.stories.reading import opened, own_story, stopped_at
from secondstory.texts.rules import LONGEST
from secondstory.timeline.models import Moment


@login_required
@never_cache
@require_safe
def story(request: HttpRequest, review_id: str) -> HttpResponse:
    """The first screen, and once begun all parts on one page. Looking at it changes nothing."""
    here = workshop(request, review_id, "story")
    found = Story.objects.visible_to(request.user).filter(review=here.review).first()
    context: dict[str, Any] = {"story": found, "sealed": unshared_sealed(request.user)}
    context |= {"interviews": _interviews(here, request.user), "facilitators": _facilitators(here)}
    if found is not None:
        context |= _parts(here, request.user) | {"limit": LONGEST}
    return render(request, "stories/story.html", here.context | context)


@login_required
@never_cache
@require_safe
def beside(request: HttpRequest, review_id: str) -> HttpResponse:
    """Evidence and timeline to look at while writing: times of their lines are typed into the text."""
    here = workshop(request, review_id, "story")
    template = "stories/_aside.html" if getattr(request, "htmx", None) else "stories/beside_page.html"
    return render(request, template, here.context | _aside(request, here))


@login_required
@require_POST
def begin(request: HttpRequest, review_id: str) -> HttpResponse:
    """Begins the story; nobody else learns of it."""
    review = workshop(request, review_id, "story").review
    changes.begin(review, by=request.user)
    return redirect("story", review.pk)


@login_required
@require_POST
def set_aside(request: HttpRequest, review_id: str) -> HttpResponse:
    """The author's "not now": the home page stops asking. It looks like an untouched invitation to everybody else."""
    review = workshop(request, review_id, "story").review
    changes.set_aside(review, by=request.user, aside=True)
    messages.success(request, _("Set aside. Nobody is told, and you can go on whenever you like."))
    return redirect("home")


def _parts(here: Workshop, author: Any) -> dict[str, Any]:
    parts = own_story(here.review, author, here.context["names"])
    last = stopped_at(parts)
    return {
        "parts": [each for each in parts if not each.is_context],
        "context_parts": [each for each in parts if each.is_context],
        "last": last,
        "asked": _asked(author, here),
    }


def _asked(author: Any, here: Workshop) -> list[dict[str, Any]]:
    """Passages a facilitator would like to lay beside a moment."""
    rows = Perspective.objects.visible_to(author).filter(part__author_id=author.pk, agreed_at=None, review=here.review)
    found = []
    for row in rows.select_related("part", "moment"):
        said, shut = opened(lambda row=row: row.read_at(row.place(grants_of(row.part))))  # type: ignore[misc]
        found.append({"row": row, "words": said, "shut": shut, "by": here.context["names"].get(row.asked_by_id, "")})
    return found


def _interviews(here: Workshop, person: Any) -> Any:
    return Interview.objects.visible_to(person).filter(review=here.review, interviewee_id=person.pk)


def _facilitators(here: Workshop) -> list[str]:
    rows = [part for part in here.people if part.duty == part.Duty.FACILITATOR and part.accepted_at]
    return [here.context["names"][part.person_id] for part in rows if part.person_id != here.part.person_id]


def _aside(request: HttpRequest, here: Workshop) -> dict[str, Any]:
    since, until = default_window(here.review, request.user)
    words = request.GET.get("q", "").strip()[:200]
    given = {"q": words} if words else {"since": since, "until": until}
    page = lines(here.review, request.user, given, request.GET.get("at", ""))
    moments = Moment.objects.visible_to(request.user).standing().filter(review=here.review)
    rows: list[Evidence] = page.rows
    return {"lines": rows, "earlier": page.earlier, "later": page.later, "moments": moments, "q": words}
