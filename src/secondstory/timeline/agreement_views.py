"""Agreement on the timeline: who confirmed it as it stands, and where accounts differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from secondstory.reviews.frame import Workshop, workshop
from secondstory.timeline import agreement_changes, wording
from secondstory.timeline.differing import confirmations, differences_of, mark_now
from secondstory.timeline.forms import WordsForm
from secondstory.timeline.models import Difference, Moment
from secondstory.timeline.rules import Refused
from secondstory.timeline.views import has_margins, moment_here

DEEDS: dict[str, Callable[[str, Any], Any]] = {
    "settle": agreement_changes.settle,
    "differs": agreement_changes.still_differs,
    "withdraw": agreement_changes.withdraw,
    "ask": agreement_changes.ask,
    "both": agreement_changes.keep_both,
    "open": agreement_changes.open_again,
}


@login_required
@require_http_methods(["GET", "POST"])
def agreement(request: HttpRequest, review_id: str) -> HttpResponse:
    """Who confirmed the timeline, and every difference; POST confirms it, or takes that back."""
    shop = workshop(request, review_id, "agreement")
    if request.method == "POST":
        _confirm(request, shop)
        return redirect("agreement", shop.review.pk)
    moments = Moment.objects.visible_to(request.user).standing().filter(review=shop.review)
    now = mark_now(moments.only("version"))
    given = confirmations(shop.review, request.user)
    context = {
        "mark": now,
        "confirmed": given,
        "mine": next((each for each in given if each.person_id == request.user.pk), None),
        "differences": differences_of(shop.review, request.user, shop.context["names"]),
        "asks": has_margins(shop),
    }
    return render(request, "timeline/agreement.html", shop.context | context)


def _confirm(request: HttpRequest, shop: Workshop) -> None:
    if request.POST.get("back"):
        agreement_changes.take_back(shop.review, request.user)
        messages.success(request, _("Taken back."))
        return
    try:
        agreement_changes.confirm(shop.review, request.user, request.POST.get("upto", ""))
        messages.success(request, _("Confirmed. If the timeline changes later, this page says so."))
    except agreement_changes.ChangedSince:
        messages.error(request, _("The timeline changed since you opened this page. Look at it again, then confirm."))


@login_required
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, review_id: str, moment_id: str) -> HttpResponse:
    """Says how a moment was for whoever writes."""
    shop = workshop(request, review_id, "agreement")
    moment = moment_here(request, shop, moment_id)

    def said(words: str) -> HttpResponse:
        agreement_changes.mark(moment.pk, request.user, words)
        messages.success(request, _("It stands beside the moment, in your words."))
        return redirect(reverse("timeline", args=[shop.review.pk]) + f"#m-{moment.pk}")

    return _worded(request, shop, moment, WordsForm(request.POST or None), said)


@login_required
@require_http_methods(["GET", "POST"])
def difference(request: HttpRequest, review_id: str, difference_id: str) -> HttpResponse:
    """Its writer's words to change; POST with a deed settles, asks, keeps both, opens again or withdraws."""
    shop = workshop(request, review_id, "agreement")
    rows = Difference.objects.visible_to(request.user).filter(review=shop.review).select_related("moment__lane")
    found = get_object_or_404(rows, pk=difference_id)
    if deed := request.POST.get("deed"):
        if deed not in DEEDS:
            raise Http404
        DEEDS[deed](found.pk, request.user)
        return _back(shop, "" if deed == "withdraw" else found.pk)
    if found.by_id != request.user.pk:
        raise Http404

    def said(words: str) -> HttpResponse:
        agreement_changes.reword(found.pk, request.user, words)
        return _back(shop, found.pk)

    return _worded(request, shop, found.moment, WordsForm(request.POST or None, initial={"words": found.words}), said)


def _worded(
    request: HttpRequest, shop: Workshop, moment: Moment, form: WordsForm, said: Callable[[str], HttpResponse]
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            return said(form.cleaned_data["words"])
        except Refused as refused:
            for name, code in refused.problems:
                form.add_error(name, wording.problem(code))
    context = {"form": form, "moment": moment}
    return render(request, "timeline/difference.html", shop.context | context, status=422 if form.errors else 200)


def _back(shop: Workshop, difference_id: str) -> HttpResponse:
    anchor = f"#d-{difference_id}" if difference_id else ""
    return redirect(reverse("agreement", args=[shop.review.pk]) + anchor)
