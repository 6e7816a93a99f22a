"""What is too large is refused at the door: by the length it declares, before it arrives; else as it passes the limit.

Django takes the whole body in before it looks at a request, so this stands in front of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Pictures, deliveries and texts are held to limits of their own below this.
MOST_ELSEWHERE = 32_000_000
TAKES_IMPORTS = re.compile(r"/reviews/[^/]+/evidence/new/?|/api/reviews/[^/]+/evidence/imports/?")


class Door:
    """An ASGI application in front of another."""

    def __init__(self, inside: Callable[..., Awaitable[None]]) -> None:
        self.inside = inside

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        most = most_for(scope["path"])
        if (declared := _declared(scope)) >= most:
            await _refuse(scope, send, declared, most)
            return
        passing = _Passing(receive, send, most)
        await self.inside(scope, passing.receive, passing.send)
        if passing.too_large and not passing.answered:
            await _refuse(scope, send, passing.arrived, most)


class _Passing:
    """Counts a body while it arrives; past the limit the application hears that the sender went away."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._most = receive, send, most
        self.arrived = 0
        self.answered = False

    @property
    def too_large(self) -> bool:
        return self.arrived >= self._most

    async def receive(self) -> Message:
        message = await self._receive()
        self.arrived += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.too_large else message

    async def send(self, message: Message) -> None:
        self.answered = True
        await self._send(message)


def most_for(path: str) -> int:
    """How many bytes a body sent to this address stays under."""
    return settings.IMPORT_LIMIT if TAKES_IMPORTS.fullmatch(path) else min(MOST_ELSEWHERE, settings.IMPORT_LIMIT)


def _declared(scope: Message) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(lengths[0]) if lengths and lengths[0].isdigit() else 0


async def _refuse(scope: Message, send: Send, size: int, most: int) -> None:
    body, kind = _words(scope, size, most)
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"content-security-policy", b"default-src 'none'; style-src 'self'"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        # The rest of the body is not waited for.
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _words(scope: Message, size: int, most: int) -> tuple[bytes, str]:
    title = _("That is more than is taken at once")
    detail = _(
        "What was sent to %(where)s has %(size)s bytes or more; fewer than %(most)s are taken at once. "
        "Nothing of it was kept. Split it, or export a shorter time, and send it again."
    ) % {"where": scope["path"], "size": f"{size:,}", "most": f"{most:,}"}
    wanted = dict(scope["headers"]).get(b"accept", b"").lower()
    if b"html" in wanted and b"json" not in wanted:
        return render_to_string("413.html", {"title": title, "detail": detail}).encode(), "text/html; charset=utf-8"
    told = {"type": "about:blank", "title": title, "status": 413, "detail": detail}
    return json.dumps(told).encode(), "application/problem+json"
