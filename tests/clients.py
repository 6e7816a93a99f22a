"""Clients of the product as people use it."""

from __future__ import annotations

from typing import Any

from django.test import Client


def client_of(person: Any, **options: Any) -> Client:
    """A client signed in as a person; nobody gets a client without a session. Options are those of the client."""
    client = Client(**options)
    if person.is_authenticated:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client
