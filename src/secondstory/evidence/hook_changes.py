"""Addresses that products deliver to, and what is done with a delivery."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from secondstory.evidence.import_changes import announce
from secondstory.evidence.importers.deliveries import Deliveries
from secondstory.evidence.importers.masking import mask, mask_payload
from secondstory.evidence.importers.record import Choices, Problem, Record, Refused, storable
from secondstory.evidence.importers.registry import named
from secondstory.evidence.importing import Engine, Job
from secondstory.evidence.models import Delivery, Hook, Import
from secondstory.evidence.rules import Scope, belongs, event_of, is_genuine, window_around
from secondstory.people.models import is_member
from secondstory.reviews.models import KeyTime, Review, Service
from secondstory.sealing.offers import Sealed, sealed_to
from secondstory.sealing.seal import opened, sealed

# No review is looked at whose event lies further away than this; its key times may widen the window further.
NEAR = timedelta(days=14)


class Answer(StrEnum):
    """What came of a delivery."""

    REFUSED = "refused"
    KNOWN = "known"
    REPEATED = "repeated"
    NOTHING = "nothing"
    ATTACHED = "attached"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a delivery tells, read once."""

    records: list[tuple[Record, str]]
    why_not: str

    @property
    def first_at(self) -> datetime:
        return min(record.at for record, _ in self.records)

    @property
    def names(self) -> list[str]:
        return [name for record, _ in self.records for name in (record.service, record.place) if name]


def make_hook(by: Any, name: str, product: str, secret: str, services: Iterable[Service]) -> tuple[Hook, str]:
    """A new address; its secret is answered this once and only sealed afterwards."""
    _administers(by)
    secret = secret or secrets.token_urlsafe(32)
    hook = Hook(name=name, product=Hook.Product(product))
    hook.sealed_secret = sealed(secret, _place(hook))
    with transaction.atomic():
        hook.save(force_insert=True)
        bound = Hook.services.through
        bound.objects.bulk_create(bound(hook_id=hook.pk, service_id=service.pk) for service in services)
    return hook, secret


def revoke_hook(by: Any, hook: Hook) -> None:
    """Nothing is taken from this address any more."""
    _administers(by)
    Hook.objects.visible_to(by).filter(pk=hook.pk, revoked_at=None).update(revoked_at=timezone.now())


def _administers(by: Any) -> None:
    if not (is_member(by) and by.is_administrator):
        raise Http404


def _place(hook: Hook) -> str:
    return f"hook:{hook.pk}:secret"


def sealed_secrets() -> Sealed:
    """The secrets of all addresses, for changing and checking keys."""

    def rows() -> Any:
        return Hook.objects.for_system("keys are being changed or checked")

    return Sealed("webhook secrets", rows, "sealed_secret", sealed_to("sealed_secret", _place))


def deliver(hook_id: str, headers: Mapping[str, str], body: bytes) -> tuple[Answer, str]:
    """Takes a delivery whose sender proves to know the secret. An absent or revoked hook answers like a wrong secret."""
    hook = Hook.objects.for_system("whose delivery this is").filter(pk=hook_id, revoked_at=None).first()
    secret = str(opened(hook.sealed_secret, _place(hook))) if hook else secrets.token_urlsafe(32)
    genuine = is_genuine(hook.product if hook else Hook.Product.GITHUB, secret, headers, body)
    if hook is None or not genuine:
        return Answer.REFUSED, ""
    try:
        with transaction.atomic():
            return _take(hook, event_of(hook.product, headers), body)
    except IntegrityError:
        return Answer.KNOWN, ""


def _take(hook: Hook, event: str, body: bytes) -> tuple[Answer, str]:
    # The signature covers the body alone, so only the body can tell a replay from a new delivery.
    nonce = sha256(body).hexdigest()
    if Delivery.objects.for_system("whether it came before").filter(hook=hook, nonce=nonce).exists():
        # Alertmanager repeats what still fires, byte for byte; refusing that would look like a fault at its end.
        return (Answer.REPEATED if hook.product == Hook.Product.ALERTMANAGER else Answer.KNOWN), ""
    received_at = timezone.now()
    heard = _heard(hook.product, body, received_at, event)
    if not heard.records:
        return Answer.NOTHING, heard.why_not
    review = _review_for(hook, heard)
    delivery = _delivery(hook, heard, nonce, event, received_at)
    if review is None:
        delivery.payload = storable(mask_payload(body)[0].decode("utf-8", "replace"))
    else:
        _bring_in(review, hook, heard)
        delivery.review = review
    delivery.save(force_insert=True)
    return (Answer.ATTACHED if review else Answer.WAITING), ""


def _delivery(hook: Hook, heard: Heard, nonce: str, event: str, received_at: datetime) -> Delivery:
    words = mask(" ".join(heard.records[0][0].text.split()))[0]
    return Delivery(
        hook=hook,
        nonce=nonce,
        event=storable(event[:60]),
        received_at=received_at,
        first_at=heard.first_at,
        service=storable((heard.names or [""])[0][:120]),
        summary=storable(words[:200]),
    )


def _heard(product: str, body: bytes, received_at: datetime, event: str) -> Heard:
    importer = named(product)
    if not isinstance(importer, Deliveries):
        raise TypeError(product)
    records, why_not = [], ""
    try:
        for told in importer.received(body, Choices(), received_at, event):
            if isinstance(told, Problem):
                why_not = why_not or told.what
            else:
                records.append((told, importer.name))
    except Refused as refused:
        why_not = refused.what
    return Heard(records, why_not)


def _review_for(hook: Hook, heard: Heard) -> Review | None:
    """The review whose time and services this is about; of several, the one whose event lies nearest."""
    at = heard.first_at
    reviews = Review.objects.for_system("where a delivery belongs").filter(deleted_at=None, closed_at=None)
    near = list(reviews.filter(happened_at__range=(at - NEAR, at + NEAR)))
    near.sort(key=lambda review: abs(review.happened_at - at))
    bound = Hook.services.through.objects.filter(hook_id=hook.pk)
    always = frozenset(bound.values_list("service_id", flat=True))
    return next((review for review in near if belongs(_scope(review), at, heard.names, always)), None)


def _scope(review: Review) -> Scope:
    times = KeyTime.objects.for_system("where a delivery belongs").filter(review=review).values_list("at", flat=True)
    bound = Review.services.through.objects.filter(review_id=review.pk).values("service_id")
    services = list(Service.objects.for_system("where a delivery belongs").filter(pk__in=bound))
    patterns = [pattern for service in services for pattern in [service.name, *service.patterns]]
    since, until = window_around([review.happened_at, *times])
    return Scope(review.pk, since, until, tuple(patterns), frozenset(service.pk for service in services))


def _bring_in(review: Review, hook: Hook, heard: Heard) -> None:
    source = _source(review, hook)
    engine = Engine(Job(review.pk, source.pk, Choices(), lambda _tally: None))
    for record, name in heard.records:
        engine.take(record, name)
    tally = engine.finish()
    source.read += tally.read
    source.added += tally.added
    source.known += tally.known
    places = {place["name"]: place for place in source.found.get("places", [])}
    places |= {name: {"name": name, "reach": reach} for name, reach in tally.places.items()}
    source.found = {"places": list(places.values())}
    source.save()
    announce(review.pk)


def _source(review: Review, hook: Hook) -> Import:
    """One import for everything a hook brings into a review."""
    rows = Import.objects.for_system("what a hook brought before").filter(review=review, by=None, upload="")
    found = rows.filter(choices__hook=hook.pk).first()
    if found:
        return found
    source = Import(review=review, name=hook.name, format=hook.product, state=Import.State.DONE)
    source.choices, source.done_at = {"hook": hook.pk}, timezone.now()
    source.save(force_insert=True)
    return source


def attach(delivery: Delivery, review: Review, by: Any) -> None:
    """A member says which of their reviews a waiting delivery belongs to."""
    waiting = Delivery.objects.visible_to(by).filter(review=None).select_related("hook")
    mine = Review.objects.visible_to(by).with_part_of(by)
    if not is_member(by):
        raise Http404
    with transaction.atomic():
        row = waiting.select_for_update(of=("self",)).filter(pk=delivery.pk).first()
        if row is None or not mine.filter(pk=review.pk).exists():
            raise Http404
        heard = _heard(row.hook.product, row.payload.encode(), row.received_at, row.event)
        if heard.records:
            _bring_in(review, row.hook, heard)
        row.review, row.payload, row.put_aside_at = review, "", None
        row.save()


def put_aside(delivery: Delivery, by: Any, *, aside: bool) -> None:
    """Takes a delivery out of the way, or brings it back; it stays where it was put."""
    found = Delivery.objects.visible_to(by).filter(pk=delivery.pk, review=None)
    if not found.update(put_aside_at=timezone.now() if aside else None):
        raise Http404
