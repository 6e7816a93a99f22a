"""What every request needs before a view sees it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from secondstory.reviews.rules import zone_named
from secondstory.sealing.keys import KeyMissing

log = logging.getLogger("secondstory.site")

FOR_GUESTS = {"/account/login/", "/account/logout/", "/account/inactive/"}


def in_their_own_time_and_language(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Shows times in the viewer's zone and words in the viewer's language."""

    def respond(request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return answer(request)
        with timezone.override(zone_named(request.user.time_zone)), translation.override(request.user.locale):
            return answer(request)

    return respond


def guests_have_no_account(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """A guest comes in by a link: no password, passkey, address or identity provider is theirs to set."""

    def respond(request: HttpRequest) -> HttpResponse:
        asked, person = request.path, request.user
        if person.is_authenticated and person.is_guest and asked.startswith("/account/") and asked not in FOR_GUESTS:
            raise Http404
        return answer(request)

    return respond


def without_nul(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """PostgreSQL takes no NUL: nothing has one in its address, and nobody types one into a form.

    What programs send is left to whoever reads it: their bodies may be large, or signed.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or any("\0" in value for value in _values(request.GET)):
            raise Http404
        by_program = request.path.startswith(("/api/", "/hooks/"))
        if request.method == "POST" and not by_program and any("\0" in value for value in _values(request.POST)):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]
        return answer(request)

    return respond


def _values(form: QueryDict) -> Iterator[str]:
    return (value for _name, values in form.lists() for value in values)


def _without_nul(form: QueryDict) -> QueryDict:
    kept = form.copy()
    for name, values in form.lists():
        kept.setlist(name, [value.replace("\0", "") for value in values])
    return kept


def with_etags_for_the_api(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Lets a program ask whether something changed. Pages carry a nonce each and would never match."""
    conditional = ConditionalGetMiddleware(answer)

    def respond(request: HttpRequest) -> HttpResponseBase:
        return cast("HttpResponseBase", (conditional if request.path.startswith("/api/") else answer)(request))

    return respond


class WordsThatDoNotOpen:
    """What is sealed and does not open is no fault of whoever asks: they are told so, and nothing of it is touched."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answers in place of a view that met them; pages that show several texts say it of each by themselves."""
        if not isinstance(error, KeyMissing):
            return None
        # Neither the text nor who asked for it: a line for whoever looks after the keys.
        log.warning("sealed words do not open: %s", type(error).__name__)
        if request.method == "PUT" or request.path.startswith("/api/"):
            detail = _("These words cannot be opened or stored now. Nothing was changed.")
            return JsonResponse({"detail": detail}, status=503)
        return render(request, "shut.html", status=503)


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
