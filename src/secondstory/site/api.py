"""The API: every slice's router under one frame."""

from __future__ import annotations

from ninja import NinjaAPI

api = NinjaAPI(title="Second Story", version="1", urls_namespace="api")
