"""Actions inside the write-up: each answer is the list again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from secondstory.actions import changes
from secondstory.actions.forms import ActionForm
from secondstory.actions.models import Action
from secondstory.actions.reading import context_of
from secondstory.reviews.frame import workshop
from secondstory.reviews.models import Review
from secondstory.reviews.rules import Refused


@login_required
@require_POST
def add(request: HttpRequest, review_id: str) -> HttpResponse:
    """A new action."""
    review = workshop(request, review_id, "write").review
    form = ActionForm(request.POST)
    return _answer(request, review, form, lambda: changes.add(review, form.words(), by=request.user))


@login_required
@require_POST
def edit(request: HttpRequest, review_id: str, action_id: str) -> HttpResponse:
    """Other words, or gone."""
    review = workshop(request, review_id, "write").review
    action = get_object_or_404(Action.objects.visible_to(request.user).filter(review=review), pk=action_id)
    if "remove" in request.POST:
        return _answer(request, review, None, lambda: changes.remove(action.pk, by=request.user))
    form = ActionForm(request.POST)
    version = int(request.POST["version"]) if request.POST.get("version", "").isdigit() else 0
    return _answer(
        request, review, form, lambda: changes.edit(action.pk, form.words(), version=version, by=request.user)
    )


def _answer(request: HttpRequest, review: Review, form: ActionForm | None, change: Callable[[], Any]) -> HttpResponse:
    wrong = _tried(form, change)
    context = context_of(review, request.user) | {"wrong": wrong, "typed": request.POST if wrong else None}
    if getattr(request, "htmx", None):
        return render(request, "actions/_actions.html", context, status=422 if wrong else 200)
    if wrong:
        # What was typed is shown again: a page without script would lose it otherwise.
        around = workshop(request, review.pk, "write").context
        return render(request, "actions/again.html", around | context, status=422)
    return redirect(reverse("write", args=[review.pk]) + "#s-actions")


def _tried(form: ActionForm | None, change: Callable[[], Any]) -> str:
    if form is not None and not form.is_valid():
        return form.what_is_wrong()
    try:
        change()
    except Refused as refusal:
        return str(refusal)
    except changes.Conflict:
        return _("Somebody changed this action in between. It stands above as they left it; your words are kept below.")
    return ""
