"""Replay: a page with a frame of its own, in which nothing of later stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from secondstory.replay import wording
from secondstory.replay.asking import exact_time_given, lane_here, time_given, written
from secondstory.replay.reading import Seen, Stand, seen, seen_accounts, stand_of
from secondstory.replay.rules import Account
from secondstory.replay.stepping import STEPS, beginning, step
from secondstory.reviews.frame import workshop
from secondstory.timeline.models import Lane


@login_required
@require_GET
def choose(request: HttpRequest, review_id: str) -> HttpResponse:
    """The lanes one can stand in. This page belongs to the workshop; those behind it do not."""
    shop = workshop(request, review_id, "replay")
    lanes = Lane.objects.visible_to(request.user).filter(review=shop.review)
    return render(request, "replay/choose.html", shop.context | {"lanes": lanes})


@login_required
@require_GET
def replay(request: HttpRequest, review_id: str, lane_id: str) -> HttpResponse:
    """What a lane could see at a time; `to` moves on from there, and tells where only by going."""
    lane = lane_here(request.user, review_id, lane_id)
    stand = stand_of(lane, request.user)
    given = request.GET.get("at", "")
    at, way = time_given(given), request.GET.get("to", "")
    if not given:
        return _at(lane, beginning(stand, lane.review.happened_at))
    if at is None:
        return _page(request, lane, {"wrong": given[:40]}, status=422)
    if way in STEPS:
        there = step(stand, request.user, at, way)
        if there and time_given(written(there)):
            return _at(lane, there)
    if request.GET.get("part") == "accounts":
        return _page(
            request, lane, _told(seen_accounts(stand, at)) | {"at": written(at)}, template="replay/_accounts.html"
        )
    before = exact_time_given(request.GET.get("before", ""))
    return _page(request, lane, _shown(request, stand, at, before) | {"nothing": wording.NOTHING.get(way, "")})


def _at(lane: Lane, at: datetime) -> HttpResponse:
    return _kept_nowhere(redirect(f"{_address(lane)}?{urlencode({'at': written(at)})}"))


def _address(lane: Lane) -> str:
    return reverse("replay_lane", args=[lane.review_id, lane.pk])


def _shown(request: HttpRequest, stand: Stand, at: datetime, before: datetime | None) -> dict[str, Any]:
    found = seen(stand, request.user, at, before)
    return _told(found.accounts) | {
        "seen": found,
        "lines": [(line, wording.INSTEAD[line.wording]) for line in found.lines],
        "at": written(at),
        "local": f"{timezone.localtime(at):%Y-%m-%dT%H:%M:%S}",
        "earlier": _earlier(found),
        "before": before,
        "steps": wording.STEPS,
        "questions": wording.QUESTIONS,
    }


def _told(accounts: list[Account]) -> dict[str, Any]:
    return {"accounts": [(account, wording.KINDS[account.kind]) for account in accounts]}


def _earlier(found: Seen) -> str:
    return urlencode({"at": written(found.at), "before": written(found.earlier)}) if found.earlier else ""


def _page(
    request: HttpRequest, lane: Lane, context: dict[str, Any], status: int = 200, template: str = "replay/frame.html"
) -> HttpResponse:
    return _kept_nowhere(render(request, template, context | {"lane": lane}, status=status))


def _kept_nowhere(answer: HttpResponse) -> HttpResponse:
    """A page of an earlier time must not be answered with one of later that a cache had at hand."""
    answer["Cache-Control"] = "private, no-store"
    return answer
