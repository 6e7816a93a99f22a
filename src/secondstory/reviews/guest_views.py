"""How a guest comes in: a page with a button, a letter with a code, and in."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from secondstory.reviews import guest_changes
from secondstory.reviews.forms import CodeForm
from secondstory.reviews.rules import Refused

HERE = "guest_link"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing; the button sends a code to the link's own address."""
    try:
        link = guest_changes.find_link(token)
        if link.guest_id is not None and link.guest_id == request.user.pk:
            return redirect("review", link.review_id)
        if request.method == "POST":
            request.session[HERE] = guest_changes.send_code(token)
            return redirect("guest_code", token)
        if link.entered_at is not None:
            return _void(request)
    except guest_changes.Void:
        return _void(request)
    return render(request, "reviews/guest.html", {"token": token})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, token: str) -> HttpResponse:
    """Lets the guest in, on the browser that asked for the code and on no other."""
    try:
        link = guest_changes.find_link(token)
        if link.entered_at is not None:
            return _void(request)
        if request.session.get(HERE) != link.pk:
            return redirect("guest", token)
        form = CodeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return _enter(request, token, form)
    except guest_changes.Void:
        return _void(request)
    return render(request, "reviews/guest_code.html", {"token": token, "form": form})


def _enter(request: HttpRequest, token: str, form: CodeForm) -> HttpResponse:
    try:
        person = guest_changes.enter(token, form.cleaned_data["code"])
    except Refused as refused:
        form.add_error("code", str(refused))
        return render(request, "reviews/guest_code.html", {"token": token, "form": form}, status=400)
    link = guest_changes.find_link(token)
    login(request, person, backend=BACKEND)
    request.session.set_expiry(max(link.expires_at - timezone.now(), timedelta(minutes=1)))
    return redirect("review", link.review_id)


def _void(request: HttpRequest) -> HttpResponse:
    return render(request, "reviews/guest_void.html", status=404)
