"""Triage: evidence goes by, what matters becomes a moment. Each key presses a form that is on the page."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from secondstory.evidence.models import Evidence
from secondstory.people.models import is_member
from secondstory.reviews.frame import Workshop, workshop
from secondstory.timeline import changes, density, ranking_changes, triage_changes, undoing
from secondstory.timeline.forms import MomentForm, filled
from secondstory.timeline.models import Moment, Proposed
from secondstory.timeline.reading import sources_of
from secondstory.timeline.rules import HIGHEST_NUMBER
from secondstory.timeline.triage_filter import TriageFilter, an_hour_around, typed
from secondstory.timeline.triage_reading import accepted, lines_numbered, page
from secondstory.timeline.views import by_htmx, edited, form_page, lanes_of, moment_here, zone_note

MOST_LINES = 500


@login_required
@require_GET
def triage(request: HttpRequest, review_id: str) -> HttpResponse:
    """The evidence with its proposals; `part=lines` and `part=moments` give pieces of it."""
    shop = workshop(request, review_id, "triage")
    part = request.GET.get("part")
    if part == "moments":
        return render(request, "timeline/_accepted.html", shop.context | {"moments": _accepted(request, shop)})
    ranking = ranking_changes.fresh(shop.review)
    form = TriageFilter(request.GET, ranking=ranking, for_guest=not is_member(request.user))
    shown = page(shop.review, request.user, form, request.GET.get("after", ""), request.GET.get("before", ""))
    context = {"form": form, "shown": shown, "query": form.query(), "day": request.GET.get("day", "")}
    if part == "lines":
        return render(request, "timeline/_lines.html", shop.context | context)
    more = {
        "ranking": ranking,
        "strip": _strip(form, ranking),
        "wide": form.query(since="", until=""),
        "moments": _accepted(request, shop),
        "last_step": undoing.last(request.session, shop.review.pk),
        "zone": zone_note(shop),
    }
    return render(request, "timeline/triage.html", shop.context | context | more)


def _accepted(request: HttpRequest, shop: Workshop) -> list[dict[str, Any]]:
    return accepted(shop.review, request.user)


def _strip(form: TriageFilter, ranking: Any) -> list[dict[str, Any]]:
    chosen = form.chosen
    bars = density.bars(ranking.counts, ranking.slot, chosen.get("since"), chosen.get("until"))
    if not bars:
        return []
    windows = [(bar, *density.window(bar, bars[-1].until - bars[0].since)) for bar in bars]
    return [{"bar": bar, "query": form.query(since=typed(since), until=typed(until))} for bar, since, until in windows]


@login_required
@require_POST
def accept(request: HttpRequest, review_id: str) -> HttpResponse:
    """Lines become one moment, or with `each` one each; with `also`, together with the lines that say the same."""
    shop = workshop(request, review_id, "triage")
    numbers = _numbers(request)
    if request.POST.get("also"):
        numbers = _with_their_like(request, shop, numbers)
    made = [[number] for number in numbers] if request.POST.get("each") else [numbers]
    moments = [triage_changes.accept(shop.review, request.user, each) for each in made]
    undoing.remember(request.session, shop.review.pk, undoing.accepted(moments, numbers))
    said = ngettext("Accepted as a moment.", "Accepted as %(count)s moments.", len(moments)) % {"count": len(moments)}
    return _answer(request, shop, numbers, said)


@login_required
@require_POST
def cite(request: HttpRequest, review_id: str) -> HttpResponse:
    """Lines back a moment that stands already."""
    shop = workshop(request, review_id, "triage")
    numbers = _numbers(request)
    moment = moment_here(request, shop, request.POST.get("moment", ""))
    changes.cite(moment.pk, request.user, numbers)
    return _answer(request, shop, numbers, _("The moment rests on these lines, too."))


def _with_their_like(request: HttpRequest, shop: Workshop, numbers: list[int]) -> list[int]:
    rows = Proposed.objects.visible_to(request.user).filter(review=shop.review, evidence__number__in=numbers)
    like = {number for also in rows.values_list("also", flat=True) for number in also}
    there = Evidence.objects.visible_to(request.user).filter(review=shop.review, struck_at=None, number__in=like)
    return [*numbers, *there.exclude(number__in=numbers).values_list("number", flat=True)]


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, review_id: str) -> HttpResponse:
    """Lines become a moment in other words: the form opens on what the lines say."""
    shop = workshop(request, review_id, "triage")
    numbers = _numbers(request)
    lines = list(
        Evidence.objects.visible_to(request.user).filter(review=shop.review, number__in=numbers, struck_at=None)
    )
    if len(lines) != len(numbers):
        raise Http404
    prefix, lanes = f"line{numbers[0]}", lanes_of(shop, request.user)
    place = _place(request, shop, reverse("triage_edit", args=[shop.review.pk])) | {"taking": numbers}
    if request.method == "GET":
        form = filled(triage_changes.suggested(shop.review, lines), prefix=prefix, lanes=lanes)
        return form_page(request, shop, form, **place)
    form = MomentForm(request.POST, prefix=prefix, lanes=lanes)
    if not form.is_valid():
        return form_page(request, shop, form, status=422, **place)
    moment = triage_changes.accept(shop.review, request.user, numbers, form.row)
    undoing.remember(request.session, shop.review.pk, undoing.accepted([moment], numbers))
    return _answer(request, shop, numbers, _("Accepted as a moment."))


@login_required
@require_http_methods(["GET", "POST"])
def edit_moment(request: HttpRequest, review_id: str, moment_id: str) -> HttpResponse:
    """Changes a moment beside the lines it was made of."""
    shop = workshop(request, review_id, "triage")
    moment = moment_here(request, shop, moment_id)
    place = _place(request, shop, reverse("triage_moment", args=[shop.review.pk, moment.pk]))

    def saved(moment: Moment) -> HttpResponse:
        numbers = [source.number for source in sources_of(shop.review, request.user, moment.pk).get(moment.pk, [])]
        return _answer(request, shop, numbers, _("Saved."))

    return edited(request, shop, moment, place, saved)


def _place(request: HttpRequest, shop: Workshop, to: str) -> dict[str, Any]:
    query = (request.POST or request.GET).get("query", "")
    return {"to": to, "query": query, "leave": _back(request, shop), "in_triage": True}


@login_required
@require_POST
def dismiss(request: HttpRequest, review_id: str) -> HttpResponse:
    """Leaves lines out; with `back`, brings them back."""
    shop = workshop(request, review_id, "triage")
    numbers = _numbers(request)
    if request.POST.get("back"):
        triage_changes.undismiss(shop.review, request.user, numbers)
        return _answer(request, shop, numbers, _("Back in triage."))
    if new := triage_changes.dismiss(shop.review, request.user, numbers):
        undoing.remember(request.session, shop.review.pk, undoing.dismissed(new))
    said = ngettext("Left out.", "%(count)s lines left out.", len(numbers)) % {"count": len(numbers)}
    return _answer(request, shop, numbers, said)


@login_required
@require_POST
def undo(request: HttpRequest, review_id: str) -> HttpResponse:
    """Takes this person's last step in this triage back; again and again."""
    shop = workshop(request, review_id, "triage")
    step = undoing.take(request.session, shop.review.pk)
    if step is None:
        return _answer(request, shop, [], _("There is nothing left to undo."), aloud=True)
    try:
        undoing.undo(shop.review, request.user, step)
    except changes.Conflict:
        said = _("This moment was changed since. Take it out in the timeline.")
        return _answer(request, shop, step["lines"], said, aloud=True)
    answer = _answer(request, shop, step["lines"], _("Undone."))
    answer["HX-Trigger-After-Settle"] = json.dumps({"triage:go": step["lines"][0]})
    return answer


def _answer(
    request: HttpRequest, shop: Workshop, numbers: list[int], said: str, *, aloud: bool = False
) -> HttpResponse:
    """With script the lines as they now stand and what hangs on them; else the page they came from.

    The lines themselves show what became of them; `aloud` says what they cannot show.
    """
    if not by_htmx(request):
        messages.success(request, said)
        return redirect(_back(request, shop) + (f"#line-{numbers[0]}" if numbers else ""))
    context = {
        "lines": lines_numbered(shop.review, request.user, numbers),
        "moments": _accepted(request, shop),
        "last_step": undoing.last(request.session, shop.review.pk),
        "said": said if aloud else "",
        "query": request.POST.get("query", ""),
    }
    return render(request, "timeline/_triaged.html", shop.context | context)


def _back(request: HttpRequest, shop: Workshop) -> str:
    """The triage page with the filter the form was sent from."""
    query = (request.POST or request.GET).get("query", "")
    return reverse("triage", args=[shop.review.pk]) + (f"?{query}" if query else "")


def _numbers(request: HttpRequest) -> list[int]:
    given = (request.POST or request.GET).getlist("line")
    numbers = list(dict.fromkeys(int(each) for each in given if each.isascii() and each.isdigit()))
    numbers = [number for number in numbers if number <= HIGHEST_NUMBER]
    if not 0 < len(numbers) <= MOST_LINES:
        raise Http404
    return numbers


@login_required
@require_GET
def around(request: HttpRequest, review_id: str, moment_id: str) -> HttpResponse:
    """The evidence of the hour around a moment."""
    shop = workshop(request, review_id, "triage")
    moment = get_object_or_404(Moment.objects.visible_to(request.user).standing(), review=shop.review, pk=moment_id)
    since, until = an_hour_around(moment.at)
    where = f"?show=all&since={typed(since)}&until={typed(until)}"
    return redirect(reverse("triage", args=[shop.review.pk]) + where)
