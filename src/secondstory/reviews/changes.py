"""Creating a review, its facts, times and stages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from secondstory.people.models import is_member
from secondstory.reviews.history import What
from secondstory.reviews.models import Audience, KeyTime, Review, Service, Severity
from secondstory.reviews.people_changes import Joining, first_people
from secondstory.reviews.record_changes import decided_by, note, taken_part_in
from secondstory.reviews.rules import KEY_TIMES, Refused, is_likely, zones
from secondstory.reviews.signals import kind_chosen, review_closed

LONGEST_TITLE = 200


class Facts(TypedDict):
    """What a review is about. Whoever creates or changes one says all of it."""

    kind: str
    title: str
    happened_at: datetime
    zone: str
    severity: NotRequired[Severity | None]
    services: NotRequired[Iterable[Service]]


def create_review(*, by: Any, people: Iterable[Joining] = (), **facts: Unpack[Facts]) -> Review:
    """A new review. `by` facilitates unless one of `people` is asked to."""
    if not is_member(by):
        raise Http404
    review = Review(created_by=by, **_own(facts))
    _check_facts(review)
    with transaction.atomic():
        review.save(force_insert=True)
        _set_services(review, facts.get("services", ()))
        note(review, What.CREATED, by=by)
        first_people(review, by, list(people))
        kind_chosen.send(sender=Review, review_id=review.pk)
    return review


def edit_review(review: Review, *, by: Any, **facts: Unpack[Facts]) -> Review:
    """Changes the facts; who decides on the review may."""
    with transaction.atomic():
        found = decided_by(by, review.pk)
        given = _own(facts)
        changed = [name for name, value in given.items() if getattr(found, name) != value]
        for name in changed:
            setattr(found, name, given[name])
        _check_facts(found)
        if _set_services(found, facts.get("services", ())):
            changed.append("services")
        if changed:
            found.save()
            note(found, What.EDITED, by=by, detail=", ".join(_named(name) for name in changed))
        if "kind" in changed:
            kind_chosen.send(sender=Review, review_id=found.pk)
    return found


def _own(facts: Facts) -> dict[str, Any]:
    own = {name: value for name, value in facts.items() if name != "services"}
    return own | {"title": facts["title"].strip(), "severity": facts.get("severity")}


def set_times(review: Review, *, by: Any, times: Mapping[str, datetime | None]) -> Review:
    """Sets the given key times; None makes one unknown again. Whoever takes part may; impossible orders are kept."""
    with transaction.atomic():
        found = taken_part_in(by, review.pk)
        _check_times(found, times)
        rows = KeyTime.objects.for_system("the times before").filter(review=found)
        before = dict(rows.values_list("name", "at"))
        changed = [name for name, at in times.items() if before.get(name) != at]
        for name in changed:
            _set_time(found, name, times[name])
        if changed:
            names = ", ".join(str(KeyTime.Name(name).label) for name in changed)
            note(found, What.TIMES, by=by, detail=names)
    return found


def move_to_stage(review: Review, *, by: Any, stage: str) -> Review:
    """Any stage may be revisited; only publishing reaches "published" for the first time."""
    with transaction.atomic():
        found = decided_by(by, review.pk)
        to = _stage(stage)
        if to == Review.Stage.PUBLISHED and found.published_at is None:
            raise Refused(_("A review gets there by being published. Publish what was written first."))
        if found.stage == to:
            return found
        found.stage = to
        found.closed_at = timezone.now() if to == Review.Stage.CLOSED else None
        found.save()
        note(found, What.STAGE, by=by, detail=str(to.label))
        if to == Review.Stage.CLOSED:
            review_closed.send(sender=Review, review_id=found.pk)
    return found


def close(review: Review, *, by: Any) -> Review:
    """Closes the review; margin notes go with it."""
    return move_to_stage(review, by=by, stage=Review.Stage.CLOSED)


def mark_published(review: Review, *, audience: str, title: str, summary: str, by: Any) -> Review:
    """What readers are told from now on. Called by `writing` inside its own change, which has asked who may publish."""
    with transaction.atomic():
        found = Review.objects.for_system("the row to publish").select_for_update().get(pk=review.pk, deleted_at=None)
        found.published_audience = Audience(audience)
        found.published_title = title[:LONGEST_TITLE]
        found.published_summary = summary
        found.published_at = timezone.now()
        stages = list(Review.Stage)
        if stages.index(Review.Stage(found.stage)) < stages.index(Review.Stage.PUBLISHED):
            found.stage = Review.Stage.PUBLISHED
        found.save()
        note(found, What.PUBLISHED, by=by, detail=str(Audience(audience).label))
    return found


def _check_facts(review: Review) -> None:
    if not review.title or len(review.title) > LONGEST_TITLE:
        raise Refused(_("A review needs a title of at most %(most)s letters.") % {"most": LONGEST_TITLE})
    if review.kind not in Review.Kind.values:
        raise Refused(_("There is no such kind of review."))
    if review.zone not in zones():
        raise Refused(_("“%(zone)s” is no time zone.") % {"zone": review.zone})
    if not is_likely(review.happened_at, timezone.now()):
        raise Refused(_("The year %(year)s cannot be meant.") % {"year": review.happened_at.year})


def _set_services(review: Review, services: Iterable[Service]) -> bool:
    rows = Review.services.through.objects.filter(review_id=review.pk)
    before, chosen = set(rows.values_list("service_id", flat=True)), {service.pk for service in services}
    rows.filter(service_id__in=before - chosen).delete()
    Review.services.through.objects.bulk_create(
        Review.services.through(review_id=review.pk, service_id=id_) for id_ in sorted(chosen - before)
    )
    return before != chosen


def _check_times(review: Review, times: Mapping[str, datetime | None]) -> None:
    for name, at in times.items():
        if name not in KEY_TIMES[review.kind]:
            raise Refused(_("This kind of review has no key time “%(name)s”.") % {"name": name})
        if at is not None and not is_likely(at, timezone.now()):
            raise Refused(_("The year %(year)s cannot be meant.") % {"year": at.year})


def _set_time(review: Review, name: str, at: datetime | None) -> None:
    KeyTime.objects.for_system("the time to change").filter(review=review, name=name).delete()
    if at is not None:
        KeyTime(review=review, name=name, at=at).save()


def _stage(stage: str) -> Review.Stage:
    if stage not in Review.Stage.values:
        raise Refused(_("There is no such stage."))
    return Review.Stage(stage)


def _named(name: str) -> str:
    names = {
        "kind": _("the kind"),
        "title": _("the title"),
        "happened_at": _("when it happened"),
        "zone": _("the time zone"),
        "severity": _("the severity"),
        "services": _("the services"),
    }
    return names[name]
