"""The organisation's own lists: severities and services. Administrators keep them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from secondstory.people.administration import administrators_only
from secondstory.reviews import lists_changes
from secondstory.reviews.forms import ServiceForm, SeverityForm
from secondstory.reviews.models import Service, Severity
from secondstory.reviews.rules import Refused


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def severities(request: HttpRequest) -> HttpResponse:
    """The scale, and one more step of it."""
    form = SeverityForm(request.POST or None)
    if _saved(request, form, None, lists_changes.save_severity):
        return redirect("severities")
    rows = Severity.objects.visible_to(request.user)
    return render(request, "reviews/severities.html", {"form": form, "rows": rows})


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def severity(request: HttpRequest, number: int) -> HttpResponse:
    """One step of the scale."""
    row = get_object_or_404(Severity.objects.visible_to(request.user), pk=number)
    if "remove" in request.POST:
        lists_changes.remove(row, by=request.user)
        return redirect("severities")
    before = {"name": row.name, "meaning": row.meaning, "position": row.position}
    form = SeverityForm(request.POST or None, initial=before)
    if _saved(request, form, row, lists_changes.save_severity):
        return redirect("severities")
    return render(request, "reviews/list_row.html", {"form": form, "row": row, "back": "severities"})


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def services(request: HttpRequest) -> HttpResponse:
    """What the organisation runs, and one more of it."""
    form = ServiceForm(request.POST or None)
    if _saved(request, form, None, lists_changes.save_service):
        return redirect("services")
    return render(request, "reviews/services.html", {"form": form, "rows": Service.objects.visible_to(request.user)})


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: HttpRequest, number: int) -> HttpResponse:
    """One service and what it is called elsewhere."""
    row = get_object_or_404(Service.objects.visible_to(request.user), pk=number)
    if "remove" in request.POST:
        lists_changes.remove(row, by=request.user)
        return redirect("services")
    form = ServiceForm(request.POST or None, initial={"name": row.name, "patterns": "\n".join(row.patterns)})
    if _saved(request, form, row, lists_changes.save_service):
        return redirect("services")
    return render(request, "reviews/list_row.html", {"form": form, "row": row, "back": "services"})


def _saved(request: HttpRequest, form: Any, row: Any, save: Any) -> bool:
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        save(row, by=request.user, **form.cleaned_data)
    except Refused as refused:
        form.add_error("name", str(refused))
        return False
    messages.success(request, _("Saved."))
    return True
