"""The stamp over a guest's link: which review it opens, to which address, by which token."""

from __future__ import annotations

import json
from typing import Any

from secondstory.sealing.stamps import Stamp


def _said(link: Any) -> str:
    return json.dumps([link.review_id, link.email, link.token_hash])


LINK = Stamp("stamp", _said, lambda link: f"guest-link:{link.pk}")
# A migration asks for it by name.
stamp_of = LINK.of
