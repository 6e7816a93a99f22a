"""What an answer told, and whether it was for who asked."""

from __future__ import annotations

import logging
import os
import re
from typing import Any

from django.conf import settings
from tests.privacy.routes import Route, routes
from tests.privacy.world import AUDIENCES, World

from secondstory.site.logs import Discreet, Line

# While one slice is worked on, its addresses alone.
ONLY = os.environ.get("SECONDSTORY_WALK_ONLY", "")
ROUTES = [route for route in routes() if ONLY in {"", route.slice}]
VERBS = ("post", "put", "patch", "delete")
NAMES = re.compile(r"\b(Ana|Bo|Cleo|Dov|Eve|Sue)\b")
FORMATS = ("markdown", "html", "json")


def everything_told(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace") + str(dict(answer.headers))


def wrongly(told: str, who: str) -> set[str]:
    return {word for word, audience in AUDIENCES.items() if word in told and who not in audience}


def rightly(told: str, who: str) -> set[str]:
    return {word for word, audience in AUDIENCES.items() if word in told and who in audience}


def steady(answer: Any) -> str:
    """What was told, without what is random in every answer."""
    return re.sub(
        r'(csrf-token|csp-nonce)" content="[^"]*"|csrfmiddlewaretoken" value="[^"]*"|nonce-[^\' ]+|csrftoken=[^;]+',
        "",
        everything_told(answer),
    )


def forms(route: Route) -> tuple[str, ...]:
    """Every format in which an address can be had."""
    return FORMATS if "format_" in route.holes else ("",)


def addresses(route: Route, world: World, form: str) -> list[str]:
    """Everywhere a route leads in the two reviews that are full of words."""
    return list(dict.fromkeys(route.filled(place | {"format_": form}) for place in world.places()))


class Kept(logging.Handler):
    """Log lines as they would be written on a server."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.addFilter(Discreet())
        self.setFormatter(Line(settings.LOGGING["formatters"]["line"]["format"]))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("django.db"):
            self.lines.append(self.format(record))
