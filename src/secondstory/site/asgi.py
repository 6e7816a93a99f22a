"""HTTP through Django, sockets through Channels."""

from __future__ import annotations

import gc
import os
import warnings

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path

# Styles and pictures are small files that WhiteNoise hands over whole; that they come from a plain iterator is no news.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "secondstory.site.settings")
http = get_asgi_application()

from secondstory.live.consumers import PersonSocket  # noqa: E402 - the apps must be ready first

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": OriginValidator(
            AuthMiddlewareStack(URLRouter([path("live", PersonSocket.as_asgi())])),  # type: ignore[list-item,arg-type]
            [settings.ORIGIN],
        ),
    }
)

# What was loaded stays for the life of the process: collecting garbage need not walk through it during a request.
gc.collect()
gc.freeze()
