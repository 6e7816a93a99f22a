"""The switch of persons in the demo's top bar."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from secondstory.people.models import Person


def people_to_be(request: HttpRequest) -> dict[str, Any]:
    """The demo's persons, for whoever has entered it."""
    if not request.user.is_authenticated:
        return {}
    return {"demo_people": Person.objects.get_queryset().filter(is_active=True).order_by("name")}
