"""How allauth's sign-in fits ours: nobody signs up without an invitation, and letters say little."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is by invitation or by the first-person code, never open."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - closed for everybody
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whom the organisation's identity provider vouches for is of the organisation."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - the provider decides
        return True

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Take the person's name from whatever the provider calls it."""
        person = super().populate_user(request, sociallogin, data)
        parts = [data.get("first_name"), data.get("last_name")]
        person.name = data.get("name") or " ".join(part for part in parts if part) or (person.email or "").split("@")[0]
        person.email = (person.email or "").lower()
        return person
