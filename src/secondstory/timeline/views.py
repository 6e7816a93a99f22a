"""The timeline's pages. Every form works as a page of its own, and in place when there is script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from secondstory.reviews.frame import Workshop, workshop
from secondstory.timeline import changes
from secondstory.timeline.forms import MomentForm, filled
from secondstory.timeline.models import Lane, Moment
from secondstory.timeline.reading import Shown, history_of, moments_of, notes_of, sources_of, zone_of
from secondstory.timeline.rules import Row


@login_required
@require_GET
def timeline(request: HttpRequest, review_id: str) -> HttpResponse:
    """All moments of a review; with `part=rows` the rows alone."""
    shop = workshop(request, review_id, "timeline")
    if request.GET.get("part") == "rows":
        return _rows(request, shop)
    context = _read(request, shop) | {"zone": zone_note(shop)}
    if not context["rows"]:
        context["form"] = _empty_form(request, shop)
    return render(request, "timeline/timeline.html", shop.context | context)


@login_required
@require_http_methods(["GET", "POST"])
def moment_new(request: HttpRequest, review_id: str) -> HttpResponse:
    """A moment written by hand, below the others or after one of them (`after`)."""
    shop = workshop(request, review_id, "timeline")
    after = request.GET.get("after", "")
    earlier = moment_here(request, shop, after) if after else None
    place: dict[str, Any] = {
        "to": reverse("moment_new", args=[shop.review.pk]) + (f"?after={after}" if after else ""),
        "after": after,
    }
    if request.method == "GET":
        return form_page(request, shop, _empty_form(request, shop, earlier), **place)
    form = MomentForm(request.POST, prefix=f"new{after}", lanes=lanes_of(shop, request.user))
    if not form.is_valid():
        return form_page(request, shop, form, status=422, **place)
    moment = changes.add(shop.review, request.user, form.row)
    return changed(request, shop, moment, _("Added to the timeline."), added=not after)


@login_required
@require_http_methods(["GET", "POST"])
def moment_edit(request: HttpRequest, review_id: str, moment_id: str) -> HttpResponse:
    """Changes a moment in its place in the timeline."""
    shop = workshop(request, review_id, "timeline")
    moment = moment_here(request, shop, moment_id)
    place = {"to": reverse("moment_edit", args=[shop.review.pk, moment.pk])}
    return edited(request, shop, moment, place, lambda saved: changed(request, shop, saved, _("Saved.")))


def edited(
    request: HttpRequest, shop: Workshop, moment: Moment, place: dict[str, Any], then: Callable[[Moment], HttpResponse]
) -> HttpResponse:
    """The form of a moment, and what came of it: whoever comes second sees both versions and loses nothing."""
    lanes, place = lanes_of(shop, request.user), place | {"moment": moment}
    if request.method == "GET":
        place["sources"] = [] if place.get("in_triage") else sources_of(shop.review, request.user, moment.pk)[moment.pk]
        return form_page(request, shop, filled(moment.row, moment.version, prefix=moment.pk, lanes=lanes), **place)
    form = MomentForm(request.POST, prefix=moment.pk, lanes=lanes)
    if not form.is_valid():
        return form_page(request, shop, form, status=422, **place)
    try:
        return then(changes.edit(moment.pk, request.user, form.row, form.cleaned_data["version"] or 0))
    except changes.Conflict as conflict:
        return _both(request, shop, form, place | {"moment": conflict.moment})


def _both(request: HttpRequest, shop: Workshop, form: MomentForm, place: dict[str, Any]) -> HttpResponse:
    """The words that were typed, in a form that would now go over what stands; and what stands beside it."""
    stands: Moment = place["moment"]
    again = filled(form.row, stands.version, prefix=stands.pk, lanes=form.lanes)
    newest = next(iter(history_of(stands, request.user)), None)
    status = 422 if by_htmx(request) else 409
    return form_page(request, shop, again, status=status, theirs=Shown(stands), newest=newest, **place)


@login_required
@require_POST
def moment_remove(request: HttpRequest, review_id: str, moment_id: str) -> HttpResponse:
    """Takes a moment out of the timeline."""
    shop = workshop(request, review_id, "timeline")
    moment = changes.remove(moment_here(request, shop, moment_id).pk, request.user)
    back = reverse("moment_put_back", args=[shop.review.pk, moment.pk])
    return changed(request, shop, None, _("Taken out of the timeline. It can be put back below."), undo=back)


@login_required
@require_POST
def moment_put_back(request: HttpRequest, review_id: str, moment_id: str) -> HttpResponse:
    """Puts a moment back."""
    shop = workshop(request, review_id, "timeline")
    moment = get_object_or_404(Moment.objects.visible_to(request.user), review=shop.review, pk=moment_id)
    return changed(request, shop, changes.put_back(moment.pk, request.user), _("Put back."))


@login_required
@require_POST
def moment_pivot(request: HttpRequest, review_id: str, moment_id: str) -> HttpResponse:
    """Marks a pivot point, or takes the mark off."""
    shop = workshop(request, review_id, "timeline")
    moment = moment_here(request, shop, moment_id)
    pivot = request.POST.get("pivot") == "yes"
    moment = changes.set_pivot(moment.pk, request.user, pivot=pivot)
    return changed(request, shop, moment, _("Marked as a pivot point.") if pivot else _("No longer a pivot point."))


@login_required
@require_POST
def moment_uncite(request: HttpRequest, review_id: str, moment_id: str, number: int) -> HttpResponse:
    """Takes a line of evidence off a moment."""
    shop = workshop(request, review_id, "timeline")
    moment = changes.uncite(moment_here(request, shop, moment_id).pk, request.user, [number])
    return changed(request, shop, moment, _("The moment no longer rests on this line."))


@login_required
@require_GET
def moment_history(request: HttpRequest, review_id: str, moment_id: str) -> HttpResponse:
    """Who changed a moment, when, and what."""
    shop = workshop(request, review_id, "timeline")
    moments = Moment.objects.visible_to(request.user).select_related("lane", "review")
    moment = get_object_or_404(moments, review=shop.review, pk=moment_id)
    context = {"moment": moment, "steps": history_of(moment, request.user)}
    return render(request, "timeline/history.html", shop.context | context)


def changed(request: HttpRequest, shop: Workshop, moment: Moment | None, said: str, **more: Any) -> HttpResponse:
    """After a change: the rows again for a page with script, else the page at the moment.

    `undo`: the address that takes the change back; `added`: the form below the rows has served.
    """
    if by_htmx(request):
        return _rows(request, shop, said=said, here=moment.pk if moment else "", **more)
    messages.success(request, said)
    anchor = f"#m-{moment.pk}" if moment else ""
    return redirect(reverse("timeline", args=[shop.review.pk]) + anchor)


def _rows(request: HttpRequest, shop: Workshop, **more: Any) -> HttpResponse:
    return render(request, "timeline/_rows.html", shop.context | _read(request, shop) | more)


def _read(request: HttpRequest, shop: Workshop) -> dict[str, Any]:
    notes = notes_of(shop.review, request.user) if has_margins(shop) else {}
    rows, removed = moments_of(shop.review, request.user, shop.context["names"], notes)
    return {"rows": rows, "removed": removed, "margins": has_margins(shop), "note": notes.get(None)}


def moment_here(request: HttpRequest, shop: Workshop, moment_id: str) -> Moment:
    """A standing moment of this review."""
    moments = Moment.objects.visible_to(request.user).standing().select_related("lane", "review")
    moment: Moment = get_object_or_404(moments, review=shop.review, pk=moment_id)
    return moment


def by_htmx(request: HttpRequest) -> bool:
    """Whether a part of a page is asked for, not a page."""
    return request.headers.get("HX-Request") == "true"


def form_page(request: HttpRequest, shop: Workshop, form: MomentForm, status: int = 200, **more: Any) -> HttpResponse:
    """The form of a moment, as a part of a page or as a page of its own."""
    part = by_htmx(request)
    if part:
        form.fields["what"].widget.attrs["autofocus"] = True
    template = "timeline/_form.html" if part else "timeline/form.html"
    context = {"form": form, "zone": zone_note(shop), **more}
    response = render(request, template, shop.context | context, status=status)
    if status != 200:  # noqa: PLR2004 - anything else is a form that comes back
        response["HX-Retarget"], response["HX-Reswap"] = f"#form-{form.prefix}", "outerHTML"
    return response


def has_margins(shop: Workshop) -> bool:
    """Whether this person has a margin: they facilitate, and the review is not closed."""
    facilitates = shop.part.duty == shop.part.Duty.FACILITATOR and shop.part.accepted_at is not None
    return facilitates and shop.review.stage != shop.review.Stage.CLOSED


def lanes_of(shop: Workshop, person: Any) -> list[str]:
    """The names of the review's lanes, to choose from."""
    return list(Lane.objects.visible_to(person).filter(review=shop.review).values_list("name", flat=True))


def _empty_form(request: HttpRequest, shop: Workshop, earlier: Moment | None = None) -> MomentForm:
    """For a moment after an earlier one, or after the last."""
    moments = Moment.objects.visible_to(request.user).standing().filter(review=shop.review)
    after = earlier or moments.last()
    row = Row(at=after.at if after else shop.review.happened_at, what="")
    prefix = f"new{earlier.pk}" if earlier else "new"
    return filled(row, prefix=prefix, lanes=lanes_of(shop, request.user))


def zone_note(shop: Workshop) -> dict[str, Any]:
    """The zone times are typed and shown in, and the event's own when its clock shows something else."""
    happened: datetime = shop.review.happened_at
    here, there = timezone.localtime(happened), happened.astimezone(zone_of(shop.review))
    same = here.utcoffset() == there.utcoffset()
    return {"here": timezone.get_current_timezone_name(), "there": "" if same else shop.review.zone}
