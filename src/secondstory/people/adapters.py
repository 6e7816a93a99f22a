"""How allauth's sign-in fits ours: nobody signs up without an invitation."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is by invitation or by the first-person code, never open."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - closed for everybody
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Who the identity provider vouches for is of the organisation."""
