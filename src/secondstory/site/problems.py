"""Errors of the API as RFC 9457 problems, with no more in them than what, where and what to do."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as BadRequest


def problem(status: int, title: str, detail: str = "", **more: Any) -> JsonResponse:
    """One problem document."""
    body = {"type": "about:blank", "title": title, "status": status} | ({"detail": detail} if detail else {}) | more
    return JsonResponse(body, status=status, content_type="application/problem+json")


def answer_with_problems(api: NinjaAPI) -> None:
    """Register an answer for every kind of error."""

    @api.exception_handler(Http404)
    def absent(request: HttpRequest, error: Http404) -> HttpResponse:  # noqa: ARG001
        return problem(404, _("There is nothing here."))

    @api.exception_handler(PermissionDenied)
    def refused(request: HttpRequest, error: PermissionDenied) -> HttpResponse:  # noqa: ARG001
        return problem(403, _("This is not yours to change."))

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001
        return problem(401, _("Sign in or send a token that is valid."))

    @api.exception_handler(BadRequest)
    def malformed(request: HttpRequest, error: BadRequest) -> HttpResponse:  # noqa: ARG001
        where = [{"where": ".".join(map(str, each["loc"])), "what": each["msg"]} for each in error.errors]
        return problem(422, _("Some of what was sent does not fit."), errors=where)

    @api.exception_handler(ValidationError)
    def unfit(request: HttpRequest, error: ValidationError) -> HttpResponse:  # noqa: ARG001
        return problem(422, _("Some of what was sent does not fit."), " ".join(error.messages))

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:  # noqa: ARG001
        return problem(error.status_code, str(error))
