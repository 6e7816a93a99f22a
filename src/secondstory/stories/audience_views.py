"""Choosing who may read a part, in plain words and with the names of those it would hold."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from secondstory.reviews.frame import Workshop, workshop
from secondstory.reviews.rules import Refused
from secondstory.stories import audience_changes
from secondstory.stories.audience_changes import Choice
from secondstory.stories.holding import counting_of, joined_later, takes_part_now, within
from secondstory.stories.models import Grant, Part
from secondstory.stories.offers_left import left
from secondstory.stories.reading import own_parts
from secondstory.stories.rules import NAMES
from secondstory.stories.wording import LEVELS


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def audience(request: HttpRequest, review_id: str, told_id: str) -> HttpResponse:
    """Each level with the people it would hold now; POST chooses one, for this part and others named with it."""
    here = workshop(request, review_id, "story")
    part = _own(request, here, told_id)
    if request.method != "POST":
        return render(request, "stories/audience.html", here.context | _page(request, here, part))
    try:
        for each in [part, *_also(request, here)]:
            audience_changes.choose_audience(each.pk, by=request.user, choice=_choice(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Done. It holds from this moment."))
    return redirect(_back(part))


@login_required
@require_POST
def renew(request: HttpRequest, review_id: str, told_id: str) -> HttpResponse:
    """The same choice for those it holds today: one tap."""
    here = workshop(request, review_id, "story")
    part = _own(request, here, told_id)
    try:
        audience_changes.renew(part.pk, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(_back(part))


def _own(request: HttpRequest, here: Workshop, told_id: str) -> Part:
    return get_object_or_404(own_parts(here.review, request.user), pk=told_id)


def _also(request: HttpRequest, here: Workshop) -> list[Part]:
    return list(own_parts(here.review, request.user).filter(pk__in=request.POST.getlist("also")))


def _choice(request: HttpRequest) -> Choice:
    return Choice(
        request.POST.get("audience", ""),
        request.POST.get("quote_as") or Part.QuoteAs.LABEL,
        request.POST.get("public") == "yes",
        tuple(request.POST.getlist("guests")),
    )


def _page(request: HttpRequest, here: Workshop, part: Part) -> dict[str, Any]:
    everybody, names = takes_part_now(part.review_id), here.context["names"]
    held = counting_of(part)
    guests = [row for row in everybody if row.person.is_guest and row.person_id != part.author_id]
    levels = [
        {
            "value": value,
            "label": label,
            "means": LEVELS[value],
            "people": _named(within(part, value, everybody), names),
        }
        for value, label in Part.Audience.choices
    ]
    others = own_parts(here.review, request.user).exclude(pk=part.pk)
    return {
        "told": part,
        "levels": levels,
        "forms": Part.QuoteAs.choices,
        "guests": [(row.person_id, row.role_label, row.person_id in held) for row in guests],
        "left": left([part], request.user),
        "later": _named({row.person_id: row for row in joined_later(part, everybody, held)}, names),
        "others": sorted(others.filter(text__version__gt=0), key=lambda each: NAMES.index(each.name)),
        "guest_role": Grant.Role.GUEST,
    }


def _named(rows: dict[str, Any], names: dict[str, str]) -> list[str]:
    return sorted(names.get(person_id, "") for person_id in rows)


def _back(part: Part) -> str:
    return reverse("story", args=[part.review_id]) + f"#s-{part.name}"
