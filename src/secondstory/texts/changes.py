"""Saving a text: one version after the other, and never over somebody else's words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from secondstory.texts.models import Snapshot, Text
from secondstory.texts.offers import holder_of
from secondstory.texts.rules import LONGEST, TooLong

SITTING = timedelta(minutes=5)


class Conflict(Exception):
    """Somebody saved in between; carries the text as it now stands."""

    def __init__(self, text: Text) -> None:
        super().__init__("saved by somebody else in between")
        self.text = text


def begin(kind: str, body: str = "", by: Any = None) -> Text:
    """A new text of a kind; whoever calls this has checked that it may be."""
    text = Text(kind=kind, changed_by=by, version=1 if body else 0)
    text.body = body
    text.save(force_insert=True)
    if body:
        _keep_snapshot(text, by)
    return text


def save(text_id: str, body: str, version: int, by: Any) -> Text:
    """Stores `body` over `version`; raises Conflict when another version stands there, TooLong over the limit."""
    if len(body) > LONGEST:
        raise TooLong
    with transaction.atomic():
        text = Text.objects.for_system("the row to write, checked below").select_for_update().filter(pk=text_id).first()
        if text is None or not Text.objects.visible_to(by).writable_by(by).filter(pk=text_id).exists():
            raise Http404
        if body == text.body:
            return text
        if text.version != version:
            raise Conflict(text)
        text.body, text.version, text.changed_by, text.changed_at = body, version + 1, by, timezone.now()
        text.save()
        _keep_snapshot(text, by)
    _tell_holder(text)
    return text


def _keep_snapshot(text: Text, by: Any) -> None:
    if not holder_of(text.kind).keeps_history:
        return
    last = Snapshot.objects.for_system("the last sitting").filter(text=text).first()
    if last and by and last.by_id == by.pk and timezone.now() - last.at < SITTING:
        last.stored, last.version, last.at = text.stored, text.version, timezone.now()
        last.save()
    else:
        Snapshot(text=text, version=text.version, stored=text.stored, by=by).save(force_insert=True)


def _tell_holder(text: Text) -> None:
    if saved := holder_of(text.kind).saved:
        saved(text.pk)
