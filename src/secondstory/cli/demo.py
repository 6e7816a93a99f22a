"""A throw-away copy with a told example."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import webbrowser

from secondstory.access.tokens import hash_of, new_token
from secondstory.cli.ready import get_ready, out

SECONDS_UNTIL_BROWSER = 1.5


def run(port: int, *, browser: bool) -> None:
    """Make the data folder, tell the example, serve it, and throw it away at the end."""
    token = new_token()
    folder = tempfile.mkdtemp(prefix="secondstory-demo-")
    os.environ |= {
        "SECONDSTORY_DATA": folder,
        "SECONDSTORY_DEMO": "1",
        "SECONDSTORY_DEMO_TOKEN_HASH": hash_of(token),
        "SECONDSTORY_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "PORT": str(port),
    }
    os.environ.pop("DATABASE_URL", None)
    try:
        _serve(port, token, browser=browser)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _serve(port: int, token: str, *, browser: bool) -> None:
    get_ready()
    from django.conf import settings

    from secondstory.cli.serve import web_and_worker
    from secondstory.demo.telling import tell_the_example

    with out.status("Telling the example …"):
        tell_the_example()
    address = f"{settings.ORIGIN}/demo/enter/{token}"
    out.print(f"The demo is ready. Open this once:\n\n  {address}\n", soft_wrap=True)
    if browser:
        threading.Timer(SECONDS_UNTIL_BROWSER, webbrowser.open, [address]).start()
    web_and_worker("127.0.0.1", port)
