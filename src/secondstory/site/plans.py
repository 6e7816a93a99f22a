"""What pages ask PostgreSQL again and again is planned once per connection.

Only in the web process: an import begins with empty tables, and a plan kept from then is wrong a second later. A web
connection is given back after a minute and its plans with it.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

KEPT: dict[str, Any] = {"server_side_binding": True, "prepare_threshold": 3}


def keep_plans() -> None:
    """From the next connection of this process on."""
    for connection in connections.all():
        if connection.vendor == "postgresql":
            connection.close()
            connection.settings_dict["OPTIONS"] |= KEPT
