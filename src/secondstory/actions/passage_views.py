"""From a passage of a story to an idea, and from an idea back to its passage."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from secondstory.actions import changes
from secondstory.actions.models import Passage
from secondstory.reviews.frame import workshop
from secondstory.reviews.rules import Refused
from secondstory.stories.models import Part
from secondstory.stories.reading import opened, told
from secondstory.stories.rules import is_passage_of, passages_of
from secondstory.texts.rules import storable


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, review_id: str, told_id: str) -> HttpResponse:
    """The passages of a part this person may read; POST makes an idea of one, in words of their own."""
    here = workshop(request, review_id, "write")
    rows = Part.objects.visible_to(request.user).filter(review=here.review).select_related("text")
    part: Part = get_object_or_404(rows, pk=told_id)
    wrong = _proposed(request, part) if request.method == "POST" else None
    if wrong == "":
        messages.success(request, _("It stands among the actions, as an idea."))
        return redirect(reverse("write", args=[review_id]) + "#s-actions")
    (each,) = told([part])
    context: dict[str, Any] = {"told": part, "wrong": wrong, "typed": request.POST, "shut": each.shut}
    context |= {"passages": passages_of(each.words), "mine": part.author_id == request.user.pk}
    return render(request, "actions/propose.html", here.context | context, status=422 if wrong else 200)


def _proposed(request: HttpRequest, part: Part) -> str:
    given = request.POST
    passage = storable(given.get("only", "") or given.get("passage", ""))
    words = changes.Words(storable(given.get("wording", "")), success_metric=storable(given.get("success_metric", "")))
    try:
        changes.propose_from(part.pk, words, passage=passage, by=request.user)
    except Refused as refusal:
        return str(refusal)
    return ""


@login_required
@require_safe
def passage(request: HttpRequest, review_id: str, action_id: str) -> HttpResponse:
    """The passage an idea came from, for whoever may read the part."""
    here = workshop(request, review_id, "write")
    rows = Passage.objects.visible_to(request.user).filter(action__review=here.review)
    found: Any = get_object_or_404(rows.select_related("action", "part__text"), action=action_id)
    context = {"action": found.action, "told": found.part, "passage": _standing(found)}
    return render(request, "actions/passage.html", here.context | context)


def _standing(found: Passage) -> str:
    """Its words, if they stand in the part as it is now and the part itself opens."""
    (part,) = told([found.part])
    passage, _shut = opened(lambda: found.read_at(found.place))
    return passage if is_passage_of(passage, part.words) else ""
