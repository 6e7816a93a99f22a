"""What every request needs before a view sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.http import ConditionalGetMiddleware
from django.utils import timezone, translation


def in_their_own_time_and_language(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Shows times in the viewer's zone and words in the viewer's language."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return answer(request)
        with timezone.override(_zone(request.user.time_zone)), translation.override(request.user.locale):
            return answer(request)

    return respond


def with_etags_for_the_api(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Lets a program ask whether something changed. Pages carry a nonce each and would never match."""
    conditional = ConditionalGetMiddleware(answer)

    def respond(request: HttpRequest) -> HttpResponseBase:
        return cast("HttpResponseBase", (conditional if request.path.startswith("/api/") else answer)(request))

    return respond


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


class CsrfWithoutReferrer(CsrfViewMiddleware):
    """Django's check, for pages that send no referrer.

    Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with a form, so what they say in Sec-Fetch-Site
    takes its place. They say it over HTTPS and to localhost; the form's token is asked for in every case.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.headers.get("Origin") != "null":
            return super()._origin_verified(request)  # type: ignore[no-any-return,misc]
        said = request.headers.get("Sec-Fetch-Site", "" if request.is_secure() else "same-origin")
        return said == "same-origin"
