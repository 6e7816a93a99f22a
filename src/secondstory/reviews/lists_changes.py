"""Keeping the lists of severities and services."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from secondstory.people.models import is_member
from secondstory.reviews.models import Service, Severity
from secondstory.reviews.rules import Refused


def save_severity(row: Severity | None, *, by: Any, name: str, meaning: str = "", position: int = 0) -> Severity:
    """Adds or changes a step of the scale."""
    found = row or Severity()
    _save(found, by, name=name, meaning=meaning, position=position)
    return found


def save_service(row: Service | None, *, by: Any, name: str, patterns: list[str]) -> Service:
    """Adds or changes a service."""
    found = row or Service()
    _save(found, by, name=name, patterns=patterns)
    return found


def remove(row: Severity | Service, *, by: Any) -> None:
    """Takes it off the list; reviews that had it simply no longer do."""
    _administrators_only(by)
    row.delete()


def _save(row: Any, by: Any, **fields: Any) -> None:
    _administrators_only(by)
    with transaction.atomic():
        others = type(row).objects.for_system("whether the name is taken").exclude(pk=row.pk)
        if others.filter(name__iexact=fields["name"]).exists():
            raise Refused(_("“%(name)s” is in the list already.") % {"name": fields["name"]})
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()


def _administrators_only(person: Any) -> None:
    if not (is_member(person) and person.is_administrator):
        raise Http404
