"""The first page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from secondstory.home.offers import needs_of


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What needs this person now."""
    return render(request, "home/home.html", {"needs": needs_of(request.user)})
