"""How allauth's sign-in fits ours: nobody signs up without an invitation, and letters say little."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import get_request_param
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from secondstory.access.ids import new_id
from secondstory.access.tokens import hash_of
from secondstory.notify.changes import write_letter
from secondstory.people.letters import letter
from secondstory.people.stamps import SECRETS_PLACE
from secondstory.sealing.seal import opened, sealed


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up is by invitation or by the first-person code, never open. Letters go through the one outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - closed for everybody
        return False

    def pre_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse | None:
        """A guest comes in by their link alone: a password or a passkey of theirs would open on every browser."""
        refused: HttpResponse | None = super().pre_login(request, user, **how)
        if refused is None and user.is_guest:
            clear_login(request)
            messages.error(request, _("Guests come in by the link they were sent. Ask for a new one if it is used up."))
            return redirect("account_login")
        return refused

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        subject, words = letter(template_prefix, context)
        write_letter(once=f"{template_prefix}:{new_id()}", address=email, subject=subject, words=words)


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What an authenticator app and recovery codes are made from is sealed: a dump of the database signs in nobody."""

    def encrypt(self, text: str) -> str:
        return sealed(text, SECRETS_PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        return opened(encrypted_text, SECRETS_PLACE)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - the library names it so
        return _("Passkey %(number)s") % {"number": user.authenticator_set.filter(type=type).count() + 1}


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Whom the organisation's identity provider vouches for, with a verified address, is of the organisation."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - the provider decides
        return any(address.verified for address in sociallogin.email_addresses)

    def authenticate_by_email(self, sociallogin: Any) -> tuple[Any, str] | None:
        """Connect a verified address to whoever signs in with it, not to whoever merely asked to have it."""
        found: tuple[Any, str] | None = super().authenticate_by_email(sociallogin)
        return found if found and found[0].email == found[1].lower() else None

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Take the person's name from whatever the provider calls it."""
        person = super().populate_user(request, sociallogin, data)
        parts = [data.get("first_name"), data.get("last_name")]
        name = data.get("name") or " ".join(part for part in parts if part) or (person.email or "").split("@")[0]
        person.name = name[:120]
        person.email = (person.email or "").lower()
        return person


def nonce_of(state: str) -> str:
    """What an identity token must repeat: it hangs on the state, which is one browser's, once, and nobody's guess."""
    return hash_of(f"nonce:{state}")


class OpenIDAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Stricter than asked for: every identity token's signature counts, and what else is said is of the same person."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        # The library trusts a token it fetched itself without looking at the signature; plain HTTP deserves no trust.
        self.did_fetch_access_token = False
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no identity token")
        try:
            login = super().complete_login(request, app, token, **kwargs)
        except (KeyError, ValueError, TypeError) as error:
            raise OAuth2Error("not an identity token") from error
        said = login.account.extra_data
        # The state was found in this browser's session before: the token answers the question that was asked there.
        if said["id_token"].get("nonce") != nonce_of(get_request_param(request, "state") or ""):
            raise OAuth2Error("an identity token for another question")
        if "userinfo" in said and said["userinfo"].get("sub") != said["id_token"].get("sub"):
            raise OAuth2Error("user info of somebody else")
        return login
