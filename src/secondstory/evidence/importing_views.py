"""Bringing evidence in: files or a paste, what of them, how far it has come."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secondstory.evidence import import_changes as changes
from secondstory.evidence.forms import PasteForm, UploadForm, WindowForm
from secondstory.evidence.importers.record import Choices
from secondstory.evidence.jobs import look_at_once
from secondstory.evidence.models import Import
from secondstory.evidence.reading import default_window, zone_of
from secondstory.evidence.rules import expected_of, read_back
from secondstory.reviews.frame import Workshop, workshop
from secondstory.reviews.models import Review

SHOWN = 50
# What the form sends beside a file; the door counts it, too.
AROUND_A_FILE = 65_536


def _bringing(request: HttpRequest, review_id: str) -> Workshop:
    """The workshop of somebody who may bring evidence in."""
    found = workshop(request, review_id, "evidence")
    if not changes.may_import(found.review, request.user):
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, review_id: str) -> HttpResponse:
    """Drop files, choose them, or paste."""
    shop = _bringing(request, review_id)
    day = timezone.localtime(shop.review.happened_at, zone_of(shop.review)).date()
    paste = PasteForm(initial={"day": day, "zone": shop.review.zone})
    if request.method == "POST":
        if "text" not in request.POST:
            return _receive_files(request, shop)
        paste = PasteForm(request.POST)
        if paste.is_valid():
            return _receive_paste(request, shop, paste)
    context = {"paste": paste, "waiting": _waiting(request, shop.review), "zones": sorted(available_timezones())}
    context["limit"] = settings.IMPORT_LIMIT - AROUND_A_FILE
    return render(request, "evidence/new.html", shop.context | context, status=400 if paste.errors else 200)


def _receive_files(request: HttpRequest, shop: Workshop) -> HttpResponse:
    files = request.FILES.getlist("files")
    for file in files:
        # Small files are looked into right away, the others by the worker.
        row = changes.receive(shop.review, request.user, file, file.name or "upload", _beforehand(shop.review))
        look_at_once(row, file.size or 0)
    return _after_upload(request, shop.review, "" if files else _("No file arrived. Choose at least one."))


def _beforehand(review: Review) -> Choices:
    """What bare times are taken for until somebody says otherwise."""
    zone = zone_of(review)
    return Choices(anchor=timezone.localtime(review.happened_at, zone).date(), zone=zone)


def _after_upload(request: HttpRequest, review: Review, refused: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        if refused:
            return JsonResponse({"detail": refused}, status=400)
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("evidence_choose", args=[review.pk])})
    if refused:
        messages.error(request, refused)
    return redirect("evidence_new" if refused else "evidence_choose", review.pk)


def _receive_paste(request: HttpRequest, shop: Workshop, paste: PasteForm) -> HttpResponse:
    text = paste.cleaned_data["text"].replace("\r\n", "\n").encode("utf-8", "replace")
    row = changes.receive(shop.review, request.user, ContentFile(text), "pasted.txt", paste.choices())
    look_at_once(row, len(text))
    return redirect("evidence_choose", shop.review.pk)


def _waiting(request: HttpRequest, review: Review) -> list[Import]:
    """This person's uploads that still wait for a look, a choice, or to be read why not."""
    open_ = [Import.State.LOOKING, Import.State.WAITING, Import.State.REFUSED]
    rows = Import.objects.visible_to(request.user).filter(review=review, by_id=request.user.pk, state__in=open_)
    return list(rows[:SHOWN])


@login_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, review_id: str) -> HttpResponse:
    """What of the waiting uploads comes in."""
    shop = _bringing(request, review_id)
    rows = _waiting(request, shop.review)
    ready = [row for row in rows if row.state == Import.State.WAITING]
    window, forms = _asked(request, shop.review, ready)
    if request.method == "POST" and window.is_valid() and not [form for form in forms if not form.is_valid()]:
        return _begin(request, shop.review, window, forms)
    context = {
        "window": window,
        "forms": forms,
        "looking": [row for row in rows if row.state == Import.State.LOOKING],
        "refused": [row for row in rows if row.state == Import.State.REFUSED],
        "zones": sorted(available_timezones()),
    }
    return render(request, "evidence/choose.html", shop.context | context, status=400 if window.errors else 200)


def _asked(request: HttpRequest, review: Review, ready: list[Import]) -> tuple[WindowForm, list[UploadForm]]:
    if request.method == "POST":
        # What became ready after the page was drawn was not chosen from; it keeps waiting.
        shown = [row for row in ready if f"{row.pk}-shown" in request.POST]
        return WindowForm(request.POST), [UploadForm(row, request.POST) for row in shown]
    return WindowForm(initial=_first_guess(request, review, ready)), [UploadForm(row) for row in ready]


def _first_guess(request: HttpRequest, review: Review, ready: list[Import]) -> dict[str, Any]:
    since, until = default_window(review, request.user)
    known = read_back(ready[0].choices) if ready else _beforehand(review)
    return {"since": since, "until": until, "zone": str(known.zone or review.zone), "day": known.anchor}


def _begin(request: HttpRequest, review: Review, window: WindowForm, forms: list[UploadForm]) -> HttpResponse:
    for form in forms:
        if form.cleaned_data["take"]:
            choices = form.choices(window)
            changes.choose(form.row, request.user, choices, expected_of(form.places, choices))
        else:
            changes.drop(form.row, request.user)
    return redirect("evidence_imports", review.pk)


@login_required
@require_POST
def drop(request: HttpRequest, review_id: str, import_id: str) -> HttpResponseRedirect:
    """Takes an upload back."""
    shop = _bringing(request, review_id)
    changes.drop(_import(request, shop.review, import_id), request.user)
    return redirect("evidence_new", shop.review.pk)


def _import(request: HttpRequest, review: Review, import_id: str) -> Import:
    rows = Import.objects.visible_to(request.user).filter(review=review)
    return get_object_or_404(rows.select_related("review"), pk=import_id)


@login_required
@require_safe
def imports(request: HttpRequest, review_id: str) -> HttpResponse:
    """Everything brought in so far, the newest first."""
    shop = workshop(request, review_id, "evidence")
    if not changes.may_import(shop.review, request.user):
        raise Http404
    rows = Import.objects.visible_to(request.user).filter(review=shop.review).select_related("by")
    return render(request, "evidence/imports.html", shop.context | {"imports": rows[:SHOWN]})


@login_required
@require_safe
def one_import(request: HttpRequest, review_id: str, import_id: str) -> HttpResponse:
    """How far one import is, or what came of it. HTMX gets the part that changes."""
    shop = workshop(request, review_id, "evidence")
    row = _import(request, shop.review, import_id)
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    template = "evidence/_import.html" if htmx else "evidence/import.html"
    # On its own page the name stands above the card, in the lists within it.
    alone = not htmx or htmx.current_url_abs_path == request.path
    return render(request, template, shop.context | {"row": row, "whole": True, "alone": alone})
