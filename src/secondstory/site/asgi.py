"""HTTP through Django, sockets through Channels."""

from __future__ import annotations

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path

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
