"""Every address of ours, found by asking the site itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern


@dataclass(frozen=True, slots=True)
class Route:
    """An address with holes, and the names of what fills them."""

    path: str
    holes: tuple[str, ...]
    # The slice whose view answers there.
    slice: str = ""

    def filled(self, values: dict[str, Any]) -> str:
        path = self.path
        for hole in self.holes:
            path = path.replace(f"<{hole}>", str(values[hole]))
        return "/" + path


def routes() -> list[Route]:
    """All of them except those of the sign-in library, which know no review."""
    return sorted(set(_walk(get_resolver().url_patterns, "")), key=lambda route: route.path)


def _walk(patterns: list[Any], before: str) -> Iterator[Route]:
    for each in patterns:
        if not isinstance(each.pattern, RoutePattern):
            continue
        path = before + str(each.pattern._route)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, path)
        elif isinstance(each, URLPattern) and not path.startswith("account/"):
            yield _route(path, tuple(each.pattern.converters), _slice(each.callback))


def _slice(view: Any) -> str:
    """An answer of the API is asked of the function behind it: the library's wrapper holds it."""
    held = [each.cell_contents for each in getattr(view, "__closure__", None) or ()]
    operations = [each.operations[0] for each in held if hasattr(each, "operations")]
    module = getattr(operations[0].view_func if operations else view, "__module__", "")
    return module.split(".")[1] if module.startswith("secondstory.") else module.split(".")[0]


def _route(path: str, holes: tuple[str, ...], slice_: str) -> Route:
    for kind in ("str", "int", "path", "slug", "uuid"):
        path = path.replace(f"<{kind}:", "<")
    return Route(path, holes, slice_)
