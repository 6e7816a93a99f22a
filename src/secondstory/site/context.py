"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The viewer's choice of light or dark, and whether this is the demo."""
    theme = getattr(request.user, "theme", "system") if hasattr(request, "user") else "system"
    return {"theme": theme, "demo": settings.DEMO, "origin": settings.ORIGIN}
