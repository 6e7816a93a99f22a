"""Chains of "how did that come about?" and second stories: typed as a tree, saved as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from secondstory.reviews.frame import called, workshop
from secondstory.reviews.models import Review
from secondstory.reviews.rules import Refused
from secondstory.texts.rules import storable
from secondstory.writing import chain_changes
from secondstory.writing.chain_changes import Conflict
from secondstory.writing.chain_typing import Typed, as_typed, typed_in_editor, typed_in_form
from secondstory.writing.chains import CONDITION, OPEN, PERSON, Branch, Link, branches_of
from secondstory.writing.models import Chain, ChainSnapshot
from secondstory.writing.stepping import steps_of

KIND_WORDS = (
    (OPEN, gettext_lazy("goes on")),
    (CONDITION, gettext_lazy("a condition")),
    (PERSON, gettext_lazy("a person")),
)


def chains_context(review: Review, person: Any) -> dict[str, Any]:
    """What the write-up shows below its factors: one query."""
    rows = list(Chain.objects.visible_to(person).filter(review=review))
    standing = [(each, branches_of(each.lines)) for each in rows if each.removed_at is None]
    return {
        "chain_groups": [
            (kind.value, [each for each in standing if each[0].kind == kind.value]) for kind in Chain.Kind
        ],
        "chains_away": [each for each in rows if each.removed_at],
        "chain_kinds": KIND_WORDS,
        "blank": Branch(Link("", "")),
    }


@login_required
@require_POST
def add(request: HttpRequest, review_id: str) -> HttpResponse:
    """A question to ask further, or a first story to find the second of."""
    review = workshop(request, review_id, "write").review
    kind, question = request.POST.get("kind", ""), storable(request.POST.get("question", ""))
    try:
        found = chain_changes.add(review, by=request.user, kind=kind, question=question)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("write", args=[review.pk]) + "#chains")
    return redirect(_address(found))


@login_required
@require_http_methods(["POST", "PUT"])
def chain(request: HttpRequest, review_id: str, chain_id: str) -> HttpResponse:
    """PUT is the editor's autosave; POST is the form of a page without script."""
    review = workshop(request, review_id, "write").review
    found = _chain(request, review, chain_id)
    if request.method == "PUT":
        return _saved_by_editor(request, found)
    if request.POST.get("do") in {"away", "back"}:
        change = chain_changes.remove if request.POST["do"] == "away" else chain_changes.bring_back
        change(found.pk, by=request.user)
        return redirect(reverse("write", args=[review.pk]) + "#chains")
    typed = typed_in_form(request.POST)
    try:
        _said(request, found, typed)
    except Conflict as conflict:
        why = _("Somebody changed this while you were writing. Nothing is lost: both are below.")
        return _again(request, review_id, typed, why, conflict.chain, theirs=True)
    except Refused as refusal:
        return _again(request, review_id, typed, str(refusal), found, theirs=False)
    return redirect(_address(found))


def _said(request: HttpRequest, found: Chain, typed: Typed) -> Chain:
    return chain_changes.say(
        found.pk, by=request.user, question=typed.question, links=typed.links, version=typed.version
    )


def _saved_by_editor(request: HttpRequest, found: Chain) -> JsonResponse:
    try:
        typed = typed_in_editor(request.body)
        typed = replace(typed, question=storable(typed.question))
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"detail": _("The request is no chain.")}, status=400)
    try:
        saved = _said(request, found, typed)
    except Conflict as conflict:
        return JsonResponse(_theirs(conflict.chain), status=409)
    except Refused as refusal:
        return JsonResponse({"detail": str(refusal)}, status=422)
    return JsonResponse({"version": saved.version})


def _theirs(chain: Chain) -> dict[str, Any]:
    return {"version": chain.version, "body": as_typed(chain.question, chain.lines), "by": "", "at": ""}


def _again(request: HttpRequest, review_id: str, typed: Typed, why: str, chain: Chain, *, theirs: bool) -> HttpResponse:
    """What was typed is shown again: a page without script would lose it otherwise."""
    around = workshop(request, review_id, "write").context
    mine = {"question": typed.question, "version": chain.version if theirs else typed.version}
    context = {
        "why": why,
        "chain": chain,
        "mine": mine | {"branches": branches_of(typed.links), "lines": typed.links},
        "theirs": branches_of(chain.lines) if theirs else None,
        "chain_kinds": KIND_WORDS,
    }
    return render(request, "writing/chain_again.html", around | context, status=409 if theirs else 422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: HttpRequest, review_id: str, chain_id: str) -> HttpResponse:
    """Who changed what and when; POST puts an earlier form back."""
    here = workshop(request, review_id, "write")
    found = _chain(request, here.review, chain_id)
    if request.method == "POST":
        given = request.POST.get("version", "")
        chain_changes.restore(found.pk, by=request.user, version=int(given) if given.isdecimal() else 0)
        messages.success(request, _("Put back. What stood here before is in the history too."))
        return redirect(_address(found))
    snapshots = ChainSnapshot.objects.visible_to(request.user).filter(chain=found).select_related("by")
    steps = steps_of(list(snapshots), [], called(here.review, request.user))
    section = {"title": found.question, "back": f"c-{found.pk}"}
    return render(request, "writing/history.html", here.context | {"section": section, "steps": steps})


def _chain(request: HttpRequest, review: Review, chain_id: str) -> Chain:
    chain: Chain = get_object_or_404(Chain.objects.visible_to(request.user).filter(review=review), pk=chain_id)
    return chain


def _address(chain: Chain) -> str:
    return reverse("write", args=[chain.review_id]) + f"#c-{chain.pk}"
