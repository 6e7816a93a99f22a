"""Reviews, their people and their times for other programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Query, Router, Status
from ninja.errors import HttpError

from secondstory.people.models import Person
from secondstory.reviews import changes, people_changes
from secondstory.reviews.api_schemas import (
    FactsIn,
    FilterIn,
    PartIn,
    PartOut,
    PersonIn,
    ReviewIn,
    ReviewOut,
    ReviewsOut,
    StageIn,
    TimesIn,
    TimesOut,
)
from secondstory.reviews.frame import name_for, review_here, service_names
from secondstory.reviews.list_views import ON_A_PAGE, listed, shown_title
from secondstory.reviews.models import KeyTime, Participation, Review, Service, Severity
from secondstory.reviews.people_changes import Joining
from secondstory.reviews.rules import KEY_TIMES, Refused, out_of_order

router = Router(tags=["reviews"])


@router.get("/reviews", response=ReviewsOut, summary="List reviews")
def list_reviews(request: HttpRequest, given: Query[FilterIn]) -> dict[str, Any]:
    """Those one takes part in and those published to one."""
    chosen: dict[str, Any] = {"q": given.q.strip(), "kind": given.kind, "stage": given.stage}
    if given.severity:
        chosen["severity"] = _named(Severity, request, given.severity)
    if given.service:
        chosen["service"] = _named(Service, request, given.service)
    start = (given.page - 1) * ON_A_PAGE
    found = list(listed(request.user, chosen)[start : start + ON_A_PAGE + 1])
    return {"reviews": _shown(found[:ON_A_PAGE]), "more": len(found) > ON_A_PAGE}


@router.post("/reviews", response={201: ReviewOut}, summary="Create a review")
def create_review(request: HttpRequest, given: ReviewIn) -> Any:
    """Whoever creates it facilitates it, unless one of `people` is asked to."""
    people = [_joining(request, each) for each in given.people]
    made = _tried(lambda: changes.create_review(by=request.user, people=people, **_facts(request, given)))
    return Status(201, _one(request, made.pk))


@router.get("/reviews/{review_id}", response=ReviewOut, summary="One review")
def get_review(request: HttpRequest, review_id: str) -> dict[str, Any]:
    """The workshop's facts for who takes part, what was published for everybody else."""
    return _one(request, review_id)


@router.put("/reviews/{review_id}", response=ReviewOut, summary="Change a review's facts")
def edit_review(request: HttpRequest, review_id: str, given: FactsIn) -> dict[str, Any]:
    """Only who facilitates may."""
    review = _decided(request, review_id)
    _tried(lambda: changes.edit_review(review, by=request.user, **_facts(request, given)))
    return _one(request, review_id)


@router.put("/reviews/{review_id}/stage", response=ReviewOut, summary="Move a review to another stage")
def move(request: HttpRequest, review_id: str, given: StageIn) -> dict[str, Any]:
    """Any stage may be gone back to."""
    review = _decided(request, review_id)
    _tried(lambda: changes.move_to_stage(review, by=request.user, stage=given.stage))
    return _one(request, review_id)


@router.get("/reviews/{review_id}/people", response=list[PartOut], summary="Who takes part")
def list_people(request: HttpRequest, review_id: str) -> list[dict[str, Any]]:
    """Only who takes part is told."""
    return _people(request, review_here(request.user, review_id))


@router.post("/reviews/{review_id}/people", response={201: list[PartOut]}, summary="Add a member")
def add_person(request: HttpRequest, review_id: str, given: PersonIn) -> Any:
    """One added as facilitator is asked first."""
    review = _decided(request, review_id)
    joining = _joining(request, given)
    _tried(lambda: people_changes.add_people(review, by=request.user, people=[joining]))
    return Status(201, _people(request, review))


@router.put("/reviews/{review_id}/people/{part_id}", response=list[PartOut], summary="Change somebody's part")
def change_part(request: HttpRequest, review_id: str, part_id: str, given: PartIn) -> list[dict[str, Any]]:
    """Everybody who takes part sees the change."""
    part = _part(request, review_id, part_id)
    _tried(lambda: people_changes.change_part(part, by=request.user, **given.dict()))
    return _people(request, review_here(request.user, review_id))


@router.delete("/reviews/{review_id}/people/{part_id}", response={204: None}, summary="Remove somebody")
def remove_person(request: HttpRequest, review_id: str, part_id: str) -> Any:
    """They lose access at once."""
    part = _part(request, review_id, part_id)
    _tried(lambda: people_changes.remove_person(part, by=request.user))
    return Status(204, None)


@router.get("/reviews/{review_id}/times", response=TimesOut, summary="Key times")
def get_times(request: HttpRequest, review_id: str) -> dict[str, Any]:
    """The key times of the review's kind."""
    return _times(request, review_here(request.user, review_id))


@router.put("/reviews/{review_id}/times", response=TimesOut, summary="Set key times")
def set_times(request: HttpRequest, review_id: str, given: TimesIn) -> dict[str, Any]:
    """Sets those that are given, null for unknown; the others stay as they are."""
    review = review_here(request.user, review_id)
    _tried(lambda: changes.set_times(review, by=request.user, times=given.times))
    return _times(request, review)


def _shown(reviews: list[Any]) -> list[dict[str, Any]]:
    services = service_names(reviews)
    return [_shown_one(review, services.get(review.pk, [])) for review in reviews]


def _shown_one(review: Any, services: list[str]) -> dict[str, Any]:
    return {
        "id": review.pk,
        "kind": review.kind,
        "title": shown_title(review),
        "summary": review.published_summary,
        "stage": review.stage if review.takes_part else Review.Stage.PUBLISHED,
        "takes_part": review.takes_part,
        "happened_at": review.happened_at,
        "zone": review.zone,
        "severity": review.severity.name if review.severity else None,
        "services": services,
        "published_at": review.published_at,
    }


def _one(request: HttpRequest, review_id: str) -> dict[str, Any]:
    return _shown([get_object_or_404(listed(request.user, {}), pk=review_id)])[0]


def _decided(request: HttpRequest, review_id: str) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user).decided_by(request.user), pk=review_id)


def _part(request: HttpRequest, review_id: str, part_id: str) -> Participation:
    parts = Participation.objects.visible_to(request.user).active()
    return get_object_or_404(parts, review_id=review_id, pk=part_id)


def _people(request: HttpRequest, review: Review) -> list[dict[str, Any]]:
    parts = Participation.objects.visible_to(request.user).active().filter(review=review).select_related("person")
    shown = ("role_label", "duty", "involved", "until")
    return [
        {name: getattr(part, name) for name in shown}
        | {"id": part.pk, "name": name_for(request.user, part), "accepted": _has_accepted(part)}
        for part in parts
    ]


def _has_accepted(part: Participation) -> bool:
    return part.duty != Participation.Duty.FACILITATOR or part.accepted_at is not None


def _times(request: HttpRequest, review: Review) -> dict[str, Any]:
    known = dict(KeyTime.objects.visible_to(request.user).filter(review=review).values_list("name", "at"))
    times = {name: known.get(name) for name in KEY_TIMES[review.kind]}
    return {"times": times, "out_of_order": out_of_order(review.kind, known)}


def _facts(request: HttpRequest, given: FactsIn) -> dict[str, Any]:
    return {
        "kind": given.kind,
        "title": given.title,
        "happened_at": given.happened_at,
        "zone": given.zone,
        "severity": _named(Severity, request, given.severity) if given.severity else None,
        "services": [_named(Service, request, name) for name in given.services],
    }


def _named(model: Any, request: HttpRequest, name: str) -> Any:
    found = model.objects.visible_to(request.user).filter(name__iexact=name).first()
    if found is None:
        raise HttpError(422, _("“%(name)s” is not in the organisation's list.") % {"name": name})
    return found


def _joining(request: HttpRequest, given: PersonIn) -> Joining:
    found = Person.objects.visible_to(request.user).filter(email__iexact=given.email, is_guest=False).first()
    if found is None:
        raise HttpError(422, _("Nobody here has the address “%(address)s”.") % {"address": given.email})
    return Joining(found, given.role_label, given.duty, given.involved)


def _tried(change: Any) -> Any:
    try:
        return change()
    except Refused as refused:
        raise HttpError(422, str(refused)) from None
