"""The way to an identity provider and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.saml import views as saml
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from secondstory.people.adapters import OpenIDAdapter, nonce_of

Step = Callable[[HttpRequest], HttpResponse]


def openid_login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the OpenID Connect provider."""
    step = OAuth2LoginView.adapter_view(OpenIDAdapter(request, provider_id))
    return _outward(request, provider_id, lambda asked: _with_nonce(step(asked)))


def _with_nonce(answer: HttpResponse) -> HttpResponse:
    """The library sends none."""
    address, _mark, query = answer.headers.get("Location", "").partition("?")
    asked = dict(parse_qsl(query))
    if "state" in asked:
        answer.headers["Location"] = f"{address}?{urlencode(asked | {'nonce': nonce_of(asked['state'])})}"
    return answer


def openid_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from it."""
    return _tried(request, provider_id, OAuth2CallbackView.adapter_view(OpenIDAdapter(request, provider_id)))


def saml_login(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Go to the SAML provider."""
    return _outward(request, "saml", lambda asked: saml.login(asked, organization_slug=organization_slug))


def saml_finish(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Come back from it."""
    return _tried(request, "saml", lambda asked: saml.finish_acs(asked, organization_slug=organization_slug))


def _tried(request: HttpRequest, provider_id: str, step: Step) -> HttpResponse:
    try:
        return step(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OSError, ValueError) as error:
        # The provider cannot be reached, or what it answers is not what the protocol says.
        if isinstance(error, HTTPError):
            error.close()
        provider: Any = get_adapter().get_provider(request, provider_id)
        answer: HttpResponse = render_authentication_error(request, provider)
        return answer


def _outward(request: HttpRequest, provider_id: str, step: Step) -> HttpResponse:
    """Leave by a page of ours: the content policy lets no form of ours end at another site."""
    answer = _tried(request, provider_id, step)
    address = answer.headers.get("Location", "")
    if urlsplit(address).netloc in {"", request.get_host()}:
        return answer
    return render(request, "people/on_the_way.html", {"address": address})
