"""A sealed stamp over a guest's link: which review it opens, to which address, by which token."""

from __future__ import annotations

import json
from typing import Any

from secondstory.sealing.offers import Sealed, sealed_to
from secondstory.sealing.seal import fits, sealed


def stamp_of(link: Any) -> str:
    """The stamp for the link as it stands."""
    return sealed(_said(link), _place(link))


def is_stamped(link: Any) -> bool:
    """Whether this program made the link as it stands."""
    return fits(link.stamp, _said(link), _place(link))


def sealed_here(rows: Any) -> Sealed:
    """The stamps, for changing and checking keys."""
    return Sealed("guest links", rows, "stamp", sealed_to("stamp", _place))


def _said(link: Any) -> str:
    return json.dumps([link.review_id, link.email, link.token_hash])


def _place(link: Any) -> str:
    return f"guest-link:{link.pk}"
