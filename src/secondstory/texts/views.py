"""Autosave: the text as a resource."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from secondstory.sealing.keys import KeyMissing
from secondstory.texts import changes
from secondstory.texts.markdown import rendered
from secondstory.texts.models import Text
from secondstory.texts.rules import LONGEST, TooLong, storable


@login_required
@never_cache
@require_http_methods(["GET", "PUT", "POST"])
def text(request: HttpRequest, text_id: str) -> HttpResponse:
    """Reads or saves one text. PUT is the editor's autosave; POST is the form of a page without script."""
    found = get_object_or_404(Text.objects.visible_to(request.user), pk=text_id)
    try:
        return JsonResponse(_as_json(found, request.user)) if request.method == "GET" else _saved(request, found)
    except KeyMissing:
        why = _("These words cannot be opened: their key is missing, or somebody moved or changed them by hand.")
        return JsonResponse({"detail": why}, status=423) if request.method != "POST" else _lost(request, found, why)


def _saved(request: HttpRequest, found: Text) -> HttpResponse:
    body, version = _given(request)
    if version is None:
        return _not_saved(request, found, 400, _("The request has no text or no version."))
    try:
        saved = changes.save(found.pk, body, version, request.user)
    except changes.Conflict as conflict:
        return _disagreed(request, conflict.text)
    except TooLong:
        too_long = _("This text is over %(most)s characters. Shorten it and it will be saved.")
        return _not_saved(request, found, 413, too_long % {"most": LONGEST})
    if request.method == "POST":
        return redirect(_next(request))
    return JsonResponse({"version": saved.version})


@login_required
@require_http_methods(["POST"])
def preview(request: HttpRequest) -> HttpResponse:
    """Markdown as it will be read. Nothing of it is kept."""
    return HttpResponse(rendered(request.POST.get("body", "")))


def _given(request: HttpRequest) -> tuple[str, int | None]:
    try:
        data = json.loads(request.body) if request.method == "PUT" else request.POST
        return storable(str(data["body"])), int(data["version"])
    except (ValueError, KeyError, TypeError):
        return "", None


def _disagreed(request: HttpRequest, theirs: Text) -> HttpResponse:
    if request.method == "PUT":
        return JsonResponse(_as_json(theirs, request.user), status=409)
    why = _("Somebody else saved this text while you were writing. Nothing is lost: both versions are below.")
    return _again(request, theirs, 409, {"why": why, **_standing(theirs, request.user)})


def _lost(request: HttpRequest, found: Text, why: str) -> HttpResponse:
    """A form whose text is shut: what was typed comes back, and nothing of what stands there is looked at."""
    return _again(request, found, 423, {"why": why, "version": request.POST.get("version", "")})


def _not_saved(request: HttpRequest, found: Text, status: int, why: str) -> HttpResponse:
    if request.method == "PUT":
        return JsonResponse({"detail": why}, status=status)
    version = request.POST.get("version", "")
    # Without a version that can be read, what stands now must be seen before anything is put over it.
    known = {"version": version} if version.isdecimal() else _standing(found, request.user)
    return _again(request, found, status, {"why": why, **known})


def _standing(found: Text, viewer: Any) -> dict[str, Any]:
    return {"theirs": found, "by": _by(found, viewer), "version": found.version}


def _again(request: HttpRequest, found: Text, status: int, context: dict[str, Any]) -> HttpResponse:
    """The page of a form that could not be saved, with every word that was sent."""
    sent = {"text_id": found.pk, "mine": request.POST.get("body", ""), "next": _next(request)}
    return render(request, "texts/again.html", sent | context, status=status)


def _next(request: HttpRequest) -> str:
    address = request.POST.get("next", "/")
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else "/"


def _as_json(found: Text, viewer: Any) -> dict[str, Any]:
    by = _by(found, viewer)
    return {"version": found.version, "body": found.body, "by": by, "at": found.changed_at.isoformat()}


def _by(found: Text, viewer: Any) -> str:
    """Who saved it last. A guest knows nobody by name."""
    return found.changed_by.name if found.changed_by and not viewer.is_guest else ""
