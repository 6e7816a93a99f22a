"""The pages of a review."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from secondstory.reviews.frame import workshop


@login_required
@require_safe
def overview(request: HttpRequest, review_id: str) -> HttpResponse:
    """The review's own page."""
    return render(request, "reviews/overview.html", workshop(request, review_id, "overview").context)
