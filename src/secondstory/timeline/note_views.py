"""Margin notes: begun and deleted here, written through the address of their text."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from secondstory.reviews.frame import workshop
from secondstory.timeline import margin_changes
from secondstory.timeline.views import by_htmx


@login_required
@require_POST
def begin(request: HttpRequest, review_id: str) -> HttpResponse:
    """An empty note beside a moment or, without one, beside the whole timeline."""
    shop = workshop(request, review_id, "timeline")
    note = margin_changes.begin_note(shop.review, request.user, request.POST.get("moment") or None)
    if by_htmx(request):
        return render(request, "timeline/_note.html", shop.context | {"note": note})
    anchor = f"#m-{note.moment_id}" if note.moment_id else ""
    return redirect(reverse("timeline", args=[shop.review.pk]) + anchor)


@login_required
@require_POST
def remove(request: HttpRequest, review_id: str, note_id: str) -> HttpResponse:
    """Deletes a note and its words."""
    shop = workshop(request, review_id, "timeline")
    margin_changes.remove_note(note_id, request.user)
    return redirect("timeline", shop.review.pk)
