"""The API: every slice's router under one frame."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from ninja import NinjaAPI
from ninja.security import SessionAuth

from secondstory import __version__
from secondstory.people.bearer import Bearer
from secondstory.site.problems import answer_with_problems

SLICES = ("people", "reviews", "evidence", "timeline", "stories", "writing", "actions", "replay", "texts")

api = NinjaAPI(
    title="Second Story",
    version=__version__,
    description="Everything the pages do, for your own tools. A token sees what its owner sees, and no more than its scopes.",
    auth=[Bearer(), SessionAuth()],
    docs_url=None,
    urls_namespace="api",
)
answer_with_problems(api)
for slice_ in SLICES:
    if find_spec(f"secondstory.{slice_}.api"):
        api.add_router("", import_module(f"secondstory.{slice_}.api").router)
