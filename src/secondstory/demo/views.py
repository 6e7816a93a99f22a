"""The way into the demo, and from one of its persons to another."""

from __future__ import annotations

import os
from secrets import compare_digest

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from secondstory.access.tokens import hash_of
from secondstory.people.models import Person

BACKEND = "django.contrib.auth.backends.ModelBackend"
FACILITATOR = "bo@lantern.example"
_used: set[str] = set()


def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button; pressing it signs in as the facilitator, once per started demo."""
    expected = os.environ.get("SECONDSTORY_DEMO_TOKEN_HASH", "")
    if not compare_digest(hash_of(token), expected) or token in _used:
        raise Http404
    if request.method != "POST":
        return render(request, "demo/enter.html")
    _used.add(token)
    login(request, Person.objects.get(email=FACILITATOR), backend=BACKEND)
    return redirect("home")


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Goes on as another of the demo's persons."""
    person = get_object_or_404(Person.objects.get_queryset(), email=request.POST.get("email", ""), is_active=True)
    login(request, person, backend=BACKEND)
    return redirect("home")
