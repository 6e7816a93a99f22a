"""The organisation's own outlines, one per kind of review; administrators change them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from secondstory.people.models import is_member
from secondstory.reviews.models import Review
from secondstory.reviews.rules import Refused
from secondstory.writing import changes
from secondstory.writing.outline_text import outline_from, outline_text
from secondstory.writing.outlines import DEFAULTS


@login_required
@require_safe
def outlines(request: HttpRequest) -> HttpResponse:
    """Every kind with its sections."""
    _ask_whether_administrator(request)
    rows = [(kind, changes.outline_of(kind.value)) for kind in Review.Kind]
    return render(request, "writing/outlines.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def outline(request: HttpRequest, kind: str) -> HttpResponse:
    """One outline as text: a heading a section, its questions as a list below."""
    _ask_whether_administrator(request)
    if kind not in DEFAULTS:
        raise Http404
    typed = request.POST.get("outline", "") if request.method == "POST" else outline_text(changes.outline_of(kind))
    if request.method == "POST":
        try:
            _keep(request, kind, typed)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Kept. Reviews begun from now on start from it."))
            return redirect("outlines")
    context = {"kind": Review.Kind(kind), "typed": typed}
    return render(request, "writing/outline.html", context, status=422 if request.method == "POST" else 200)


def _keep(request: HttpRequest, kind: str, typed: str) -> None:
    if "reset" in request.POST:
        changes.reset_template(kind, by=request.user)
    else:
        changes.save_template(kind, outline_from(typed, changes.outline_of(kind)), by=request.user)


def _ask_whether_administrator(request: HttpRequest) -> None:
    if not (is_member(request.user) and getattr(request.user, "is_administrator", False)):
        raise Http404
