"""News for the slices above; ids alone."""

from __future__ import annotations

from django.dispatch import Signal

# Sent inside the change's own transaction with `part_id`: fewer people hold this part than before, or fewer ways to quote it.
narrowed = Signal()
# Sent inside the change's own transaction with `part_id`, while the row is still there: it goes for good.
withdrawn = Signal()
