"""The first page, and the way to any other."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from secondstory.home.going import places
from secondstory.reviews.frame import own_missing
from secondstory.reviews.models import Review
from secondstory.reviews.offers import needs_of

MOST_OWN = 6


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What needs this person now, and the reviews they take part in."""
    mine = Review.objects.visible_to(request.user).with_part_of(request.user).with_what_is_known(request.user)
    running = mine.exclude(stage=Review.Stage.CLOSED).select_related("severity").order_by("-changed_at")[:MOST_OWN]
    own = [(review, own_missing(review)) for review in running]
    context = {"needs": needs_of(request.user), "own": own, "now": timezone.now()}
    return render(request, "home/home.html", context)


@login_required
@require_safe
def go(request: HttpRequest) -> HttpResponse:
    """What the palette found for the words typed so far."""
    words = request.GET.get("q", "").strip()[:200]
    found = places(request.user, words, request.GET.get("at", ""))
    return render(request, "home/_places.html", {"places": found, "words": words})
