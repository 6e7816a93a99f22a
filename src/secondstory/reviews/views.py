"""The pages of a review."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secondstory.people.models import Person, RoleLabel, is_member
from secondstory.reviews import changes, deletion_changes
from secondstory.reviews.forms import FactsForm, NewReviewForm, PersonForm, TimesForm, with_members
from secondstory.reviews.frame import Workshop, known_reviews, service_names, still_missing, workshop
from secondstory.reviews.history import sentence
from secondstory.reviews.models import KeyTime, Participation, Review, ReviewEvent
from secondstory.reviews.offers import pages
from secondstory.reviews.people_changes import Joining
from secondstory.reviews.rules import KEY_TIMES, Refused, out_of_order, zones

LATEST = 4
FIRST_PEOPLE = 4


@login_required
@require_safe
def overview(request: HttpRequest, review_id: str) -> HttpResponse:
    """The review's own page; who may only read what was published goes to that."""
    try:
        here = workshop(request, review_id, "overview")
    except Http404:
        get_object_or_404(Review.objects.visible_to(request.user), pk=review_id)
        return redirect(f"/reviews/{review_id}/read")
    times = _times(here.review, request.user)
    events = ReviewEvent.objects.visible_to(request.user).filter(review=here.review)[:LATEST]
    context = {
        "people": [(part, here.context["names"][part.person_id]) for part in here.people],
        "times": [(KeyTime.Name(name), times.get(name)) for name in KEY_TIMES[here.review.kind]],
        "warnings": _warnings(here.review, times),
        "services": service_names([here.review]).get(here.review.pk, []),
        "events": told(events, here),
        "next_stage": _next_stage(here.review),
        "publish_address": _publish_address(here.review),
        "other_stages": _other_stages(here.review),
    }
    return render(request, "reviews/overview.html", here.context | context)


@login_required
@require_safe
def lacking(request: HttpRequest, review_id: str) -> HttpResponse:
    """What a review still lacks, in one line: the home page fetches it for each review by itself."""
    review = get_object_or_404(known_reviews(request.user), pk=review_id)
    return render(request, "reviews/_lacking.html", {"lacking": still_missing(review, request.user)})


@login_required
@require_safe
def history(request: HttpRequest, review_id: str) -> HttpResponse:
    """Everything that changed in the review's people, stage and visibility."""
    here = workshop(request, review_id, "history")
    events = ReviewEvent.objects.visible_to(request.user).filter(review=here.review)
    return render(request, "reviews/history.html", here.context | {"events": told(events, here)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new review in under a minute."""
    if not is_member(request.user):
        raise Http404
    begun = {"kind": "incident", "happened_at": timezone.now(), "zone": timezone.get_current_timezone_name()}
    form = NewReviewForm(request.POST or None, initial=begun, viewer=request.user)
    people = formset_factory(PersonForm, extra=FIRST_PEOPLE, max_num=60)(request.POST or None, prefix="people")
    members = with_members([form, *people.forms], _members(request.user))
    if request.method == "POST" and form.is_valid() and people.is_valid():
        try:
            review = changes.create_review(by=request.user, **form.facts(), people=_first_people(request, form, people))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("review", review.pk)
    return render(request, "reviews/new.html", {"form": form, "people": people} | lists(request) | {"members": members})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: HttpRequest, review_id: str) -> HttpResponse:
    """Title, kind, time, severity and services."""
    here = workshop(request, review_id, "overview")
    if not here.facilitates:
        raise Http404
    form = FactsForm(request.POST or None, initial=FactsForm.of(here.review), viewer=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            changes.edit_review(here.review, by=request.user, **form.facts())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("review", review_id)
    return render(request, "reviews/facts.html", here.context | {"form": form} | lists(request))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def times(request: HttpRequest, review_id: str) -> HttpResponse:
    """The key times; each stays unknown until somebody knows it."""
    here = workshop(request, review_id, "times")
    known = _times(here.review, request.user)
    form = TimesForm(request.POST or None, initial=known, kind=here.review.kind)
    if request.method == "POST" and form.is_valid():
        changes.set_times(here.review, by=request.user, times=form.given())
        messages.success(request, _("Saved."))
        return redirect("review_times", review_id)
    context = {"form": form, "warnings": _warnings(here.review, known)}
    return render(request, "reviews/times.html", here.context | context)


@login_required
@require_POST
def stage(request: HttpRequest, review_id: str) -> HttpResponse:
    """Moves the review to another stage."""
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=review_id)
    try:
        changes.move_to_stage(review, by=request.user, stage=request.POST.get("stage", ""))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("review", review_id)


@login_required
@require_POST
def deletion(request: HttpRequest, review_id: str) -> HttpResponse:
    """Asks for the review to be deleted, or keeps it."""
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=review_id)
    try:
        if "keep" in request.POST:
            deletion_changes.cancel_deletion(review, by=request.user)
        else:
            deletion_changes.ask_for_deletion(review, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("review", review_id)


def told(events: Any, here: Workshop) -> list[dict[str, Any]]:
    """Events as sentences, each person by what they are called here for this viewer."""
    names, nobody = here.context["names"], _("Somebody")
    return [
        {
            "at": event.at,
            "words": sentence(
                event.what,
                by=names.get(event.by_id, nobody),
                about=names.get(event.about_id, nobody),
                detail=event.detail,
            ),
        }
        for event in events
    ]


def lists(request: HttpRequest) -> dict[str, Any]:
    """What the fields of people and zones offer to choose from."""
    labels = RoleLabel.objects.visible_to(request.user).values_list("name", flat=True)
    return {"labels": list(labels), "zone_list": zones()}


def _members(viewer: Any) -> list[Person]:
    return list(Person.objects.visible_to(viewer).filter(is_active=True, is_guest=False).order_by("name"))


def _first_people(request: HttpRequest, form: NewReviewForm, people: Any) -> list[Joining]:
    given, own = form.cleaned_data, request.user
    joining = [Joining(own, given["role_label"], involved=given["involved"])]
    asked = given["facilitator"]
    if asked and asked.pk != own.pk:
        joining.append(Joining(asked, duty=Participation.Duty.FACILITATOR, involved=False))
    known = {each.person.pk for each in joining}
    for row in people.forms:
        if row.cleaned_data.get("person") and row.cleaned_data["person"].pk not in known:
            joining.append(row.joining())
            known.add(row.cleaned_data["person"].pk)
    return joining


def _times(review: Review, viewer: Any) -> dict[str, Any]:
    return dict(KeyTime.objects.visible_to(viewer).filter(review=review).values_list("name", "at"))


def _warnings(review: Review, known: dict[str, Any]) -> list[str]:
    return [
        _("“%(later)s” stands before “%(earlier)s”. Is one of them mistyped?")
        % {"later": KeyTime.Name(later).label, "earlier": KeyTime.Name(earlier).label}
        for earlier, later in out_of_order(review.kind, known)
    ]


def _publish_address(review: Review) -> str:
    """From writing one goes on by publishing, which a slice above does; nothing when that was done, or cannot be."""
    if review.stage != Review.Stage.WRITING or review.published_at:
        return ""
    return next((reverse(page.route, args=[review.pk]) for page in pages() if page.key == "publish"), "")


def _next_stage(review: Review) -> Any:
    reachable = _reachable(review)
    number = reachable.index(Review.Stage(review.stage)) + 1
    return reachable[number] if number < len(reachable) else None


def _other_stages(review: Review) -> list[tuple[str, Any]]:
    shown = {review.stage, getattr(_next_stage(review), "value", "")}
    return [(stage.value, stage.label) for stage in _reachable(review) if stage.value not in shown]


def _reachable(review: Review) -> list[Any]:
    """Stages one can move to by hand: "published" only once something was."""
    return [stage for stage in Review.Stage if stage != Review.Stage.PUBLISHED or review.published_at is not None]
