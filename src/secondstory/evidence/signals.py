"""News for the slices above; it carries ids."""

from __future__ import annotations

from django.dispatch import Signal

# Sent inside the change's own transaction with `review_id` and `evidence_ids`: whatever quotes these lines lets go of them.
evidence_struck = Signal()
# Sent inside the change's own transaction with `review_id`: lines were added.
evidence_added = Signal()
