"""Telling every process that something changed."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from secondstory.live.models import Change

KEPT = timedelta(minutes=5)


def tell(topic: str) -> None:
    """Says that `kind:id` changed. Called inside the change's own transaction, so it is heard only if it stands."""
    Change(topic=topic).save(force_insert=True)


def forget_old() -> bool:
    """Drops what every process has long heard."""
    Change.objects.for_system("sweep of heard changes").filter(at__lt=timezone.now() - KEPT).delete()
    return False
