"""What has left the building, told to the author of the quoted words before they narrow or withdraw."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from secondstory.stories.models import QuoteRows
from secondstory.stories.offers_left import Left
from secondstory.writing.departures import Departure


def left_with(quotes: QuoteRows, author: Any) -> list[Left]:
    """Versions that hold these quotes, and formats they were taken along in, each once; never by whom."""
    rows = Departure.objects.visible_to(author).filter(quote__in=quotes)
    found: dict[tuple[str, str, int], Departure] = {}
    for row in rows:
        before = found.setdefault((row.review_id, row.what, row.number), row)
        before.last_at = max(before.last_at, row.last_at)
    return [_version(row) if row.what == Departure.What.VERSION else _file(row) for row in found.values()]


def _version(row: Departure) -> Left:
    what = _("Version %(number)s of the review, read by: %(who)s, since %(since)s") % {
        "number": row.number,
        "who": row.get_audience_display(),
        "since": f"{row.first_at:%Y-%m-%d}",
    }
    return Left(what, reverse("version", args=[row.review_id, row.number]))


def _file(row: Departure) -> Left:
    what = _("Taken along as %(format)s, first on %(first)s, last on %(last)s") % {
        "format": row.get_what_display(),
        "first": f"{row.first_at:%Y-%m-%d}",
        "last": f"{row.last_at:%Y-%m-%d}",
    }
    return Left(what, reverse("versions", args=[row.review_id]), _("Files taken along are out of reach."))
