"""The people of a review, and its guests."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from secondstory.people.models import Person
from secondstory.reviews import guest_changes, people_changes
from secondstory.reviews.forms import GuestForm, PartForm, PersonForm, with_members
from secondstory.reviews.frame import Workshop, workshop
from secondstory.reviews.models import GuestLink, Participation, Review
from secondstory.reviews.rules import Refused
from secondstory.reviews.views import lists


@login_required
@require_safe
def people(request: HttpRequest, review_id: str) -> HttpResponse:
    """Who takes part, as what; whoever decides changes it here."""
    return _page(request, review_id)


@login_required
@require_POST
def add(request: HttpRequest, review_id: str) -> HttpResponse:
    """Adds a member."""
    form = PersonForm(request.POST, prefix="add")
    with_members([form], _members(request.user))
    form.fields["person"].required = True
    if not form.is_valid():
        return _page(request, review_id, add=form)
    return _done(
        request,
        review_id,
        lambda review: people_changes.add_people(review, by=request.user, people=[form.joining()]),
    )


@login_required
@require_POST
def change(request: HttpRequest, review_id: str, part_id: str) -> HttpResponse:
    """Changes what somebody takes part as, or ends their part."""
    part = get_object_or_404(Participation.objects.visible_to(request.user), review_id=review_id, pk=part_id)
    if "remove" in request.POST:
        return _done(request, review_id, lambda _review: people_changes.remove_person(part, by=request.user))
    form = PartForm(request.POST, prefix=part.pk)
    if not form.is_valid():
        return _page(request, review_id, changing={part.pk: form})
    return _done(
        request, review_id, lambda _review: people_changes.change_part(part, by=request.user, **form.cleaned_data)
    )


@login_required
@require_POST
def answer(request: HttpRequest, review_id: str) -> HttpResponse:
    """The asked facilitator's answer."""
    said = request.POST.get("answer")
    if said == "accept":
        return _done(request, review_id, lambda review: people_changes.accept_to_facilitate(review, by=request.user))
    return _done(
        request,
        review_id,
        lambda review: people_changes.decline_to_facilitate(review, by=request.user, stay=said == "stay"),
    )


@login_required
@require_POST
def leave(request: HttpRequest, review_id: str) -> HttpResponse:
    """Ends one's own part."""
    return _done(request, review_id, lambda review: people_changes.leave(review, by=request.user))


@login_required
@require_POST
def invite(request: HttpRequest, review_id: str) -> HttpResponse:
    """Sends a guest their link."""
    form = GuestForm(request.POST, prefix="guest")
    if not form.is_valid():
        return _page(request, review_id, guest=form)
    return _done(
        request, review_id, lambda review: guest_changes.invite_guest(review, by=request.user, **form.cleaned_data)
    )


@login_required
@require_POST
def revoke(request: HttpRequest, review_id: str, link_id: str) -> HttpResponse:
    """Ends a guest's access."""
    link = get_object_or_404(GuestLink.objects.visible_to(request.user), review_id=review_id, pk=link_id)
    return _done(request, review_id, lambda _review: guest_changes.revoke_guest(link, by=request.user))


def _page(
    request: HttpRequest,
    review_id: str,
    *,
    add: PersonForm | None = None,
    guest: GuestForm | None = None,
    changing: dict[str, PartForm] | None = None,
) -> HttpResponse:
    here = workshop(request, review_id, "people")
    if (add or guest or changing) and not here.facilitates:
        raise Http404
    context: dict[str, Any] = {"rows": _rows(here, changing or {}), "add": None, "guest": None, "links": []}
    if here.facilitates:
        context |= {"add": add or PersonForm(prefix="add"), "guest": guest or GuestForm(prefix="guest")}
        context |= {"links": GuestLink.objects.visible_to(request.user).filter(review=here.review, revoked_at=None)}
        context |= {"members": with_members([context["add"]], _members(request.user)), **lists(request)}
    context |= {"asked": _is_asked(here), "no_mail": _sends_no_mail(), "close_by": _involved_facilitators(here)}
    return render(
        request, "reviews/people.html", here.context | context, status=400 if add or guest or changing else 200
    )


def _rows(here: Workshop, changing: dict[str, PartForm]) -> list[dict[str, Any]]:
    rows = []
    for part in here.people:
        initial = {"role_label": part.role_label, "duty": part.duty, "involved": part.involved}
        form = changing.get(part.pk) or PartForm(prefix=part.pk, initial=initial)
        rows.append({"part": part, "name": here.context["names"][part.person_id], "form": form})
    return rows


def _done(request: HttpRequest, review_id: str, change: Any) -> HttpResponse:
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=review_id)
    try:
        change(review)
    except Refused as refused:
        messages.error(request, str(refused))
    if Review.objects.visible_to(request.user).with_part_of(request.user).filter(pk=review_id).exists():
        return redirect("review_people", review_id)
    messages.success(request, _("You no longer take part in that review."))
    return redirect("home")


def _members(viewer: Any) -> list[Person]:
    return list(Person.objects.visible_to(viewer).filter(is_active=True, is_guest=False).order_by("name"))


def _is_asked(here: Workshop) -> bool:
    return here.part.duty == Participation.Duty.FACILITATOR and here.part.accepted_at is None


def _involved_facilitators(here: Workshop) -> list[str]:
    facilitators = [part for part in here.people if part.duty == Participation.Duty.FACILITATOR and part.involved]
    return [here.context["names"][part.person_id] for part in facilitators]


def _sends_no_mail() -> bool:
    return settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") and not settings.EMAIL_HOST
