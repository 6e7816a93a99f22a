"""Questions about words that are being typed. What is sent here is read, answered and forgotten."""

from __future__ import annotations

import json
import time
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from secondstory.sealing.keys import KeyMissing
from secondstory.texts import let_stand_changes
from secondstory.texts.asking import Paragraph, asked, let_stand, place_of
from secondstory.texts.rules import Purse, storable

MOST_PARAGRAPHS = 200
MOST_LETTERS = 60_000
MOST_BYTES = 6 * MOST_LETTERS
KEY_LENGTH = 32
FIELDS = {"prose", "question"}
# Somebody who types is answered a few times a second; opening a long text costs one large answer.
PURSE = Purse(holds=600_000, a_second=30_000)
PRICE_OF_ASKING = 2_000


class Unreadable(Exception):
    """What was sent is no question of ours."""


@login_required
@never_cache
@require_POST
def questions(request: HttpRequest) -> HttpResponse:
    """The findings of each paragraph that was sent."""
    if len(request.body) > MOST_BYTES:
        return _refused(413, _("That is more than is read at once."))
    try:
        given = _given(request)
        paragraphs = _paragraphs(given)
        field = _text(given, "field")
    except Unreadable:
        return _refused(400, _("The request holds no paragraphs."))
    letters = sum(len(each.words) + len(each.before) for each in paragraphs)
    if letters > MOST_LETTERS or len(paragraphs) > MOST_PARAGRAPHS:
        return _refused(413, _("That is more than is read at once."))
    if not PURSE.pays(str(request.user.pk), PRICE_OF_ASKING + letters, time.monotonic()):
        return _refused(429, _("That was a lot at once. It goes on in a moment."))
    place = place_of(request.user, _id(given, "text"), _id(given, "about"))
    found = asked(paragraphs, field if field in FIELDS else "prose", place.names, let_stand(request.user, place))
    return JsonResponse({"paragraphs": found})


@login_required
@never_cache
@require_http_methods(["PUT", "DELETE"])
def standing(request: HttpRequest) -> HttpResponse:
    """PUT lets wording stand for a reason; DELETE has it asked about again."""
    try:
        given = _given(request)
        key, reason = _id(given, "key"), storable(_text(given, "reason")).strip()
        text, about = _id(given, "text"), _id(given, "about")
    except Unreadable:
        return _refused(400, _("The request does not say what may stand."))
    if len(key) != KEY_LENGTH or (request.method == "PUT" and not reason):
        return _refused(400, _("Say in a few words why it may stand."))
    place = place_of(request.user, text, about)
    try:
        if request.method == "PUT":
            let_stand_changes.let_stand(place, key, reason, request.user)
        else:
            let_stand_changes.ask_again(place, key, request.user)
    except KeyMissing:
        return _refused(423, _("This cannot be kept: the key it is sealed with is missing."))
    return HttpResponse(status=204)


def _refused(status: int, why: str) -> JsonResponse:
    return JsonResponse({"detail": why}, status=status)


def _given(request: HttpRequest) -> dict[str, Any]:
    try:
        given = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(given, dict):
        raise Unreadable
    return given


def _paragraphs(given: dict[str, Any]) -> list[Paragraph]:
    sent = given.get("paragraphs")
    if not isinstance(sent, list) or not all(isinstance(each, dict) for each in sent):
        raise Unreadable
    return [Paragraph(_text(each, "words"), _text(each, "before")) for each in sent]


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise Unreadable
    return value


def _id(given: dict[str, Any], name: str) -> str:
    return storable(_text(given, name))
