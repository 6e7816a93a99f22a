"""News for the slices above; it carries ids."""

from __future__ import annotations

from django.dispatch import Signal

# Sent inside the change's own transaction with `review_id`: it is new, or has become another kind of review.
kind_chosen = Signal()
# Sent inside the change's own transaction with `review_id`.
review_closed = Signal()
# Sent inside the change's own transaction with `review_id` and `person_id`.
person_left = Signal()
