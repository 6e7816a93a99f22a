"""News for the slices above; it carries ids."""

from __future__ import annotations

from django.dispatch import Signal

# Sent inside the change's own transaction with `review_id`, `evidence_ids` and `quotes`: with `quotes`, because somebody
# asked for it, whatever quotes these lines lets go of their words; evidence past its time leaves the written review as it is.
evidence_struck = Signal()
# Sent inside the change's own transaction with `review_id`: an import or a delivery is in.
evidence_added = Signal()
