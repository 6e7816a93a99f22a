"""Requests answered by threads that stay."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

THREADS = 16
READS = frozenset({"GET", "HEAD", "OPTIONS"})


class StayingThreads(ASGIHandler):
    """Django gives every request under ASGI a new thread, and so a new database connection that knows no table yet.

    That is a third of what a page takes. These threads keep theirs, and the whole chain of middleware runs in one of
    them instead of crossing over to the event loop and back. Who reads, if only a style sheet, waits for no writer:
    on SQLite one stuck writer holds up all others.
    """

    def __init__(self) -> None:
        self.load_middleware(is_async=False)  # what Django does here with is_async=True
        self._readers = ThreadPoolExecutor(THREADS, thread_name_prefix="read")
        self._writers = ThreadPoolExecutor(THREADS, thread_name_prefix="write")

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        loop = asyncio.get_running_loop()
        threads = self._readers if request.method in READS else self._writers
        return await loop.run_in_executor(threads, copy_context().run, self._answer, request)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        close_old_connections()
        try:
            return self.get_response(request)
        finally:
            close_old_connections()
