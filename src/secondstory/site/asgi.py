"""HTTP through Django, sockets through Channels."""

from __future__ import annotations

import gc
import os
import warnings

import django
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings
from django.urls import path

from secondstory.site.door import Door

# Styles and pictures are small files that WhiteNoise hands over whole; that they come from a plain iterator is no news.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "secondstory.site.settings")
django.setup(set_prefix=False)

from secondstory.live.consumers import PersonSocket  # noqa: E402 - the apps must be ready first
from secondstory.site.handler import StayingThreads  # noqa: E402 - as above
from secondstory.site.plans import keep_plans  # noqa: E402 - as above
from secondstory.texts.asking import warm  # noqa: E402 - as above

application = ProtocolTypeRouter(
    {
        "http": Door(StayingThreads()),
        "websocket": OriginValidator(
            AuthMiddlewareStack(URLRouter([path("live", PersonSocket.as_asgi())])),  # type: ignore[list-item,arg-type]
            [settings.ORIGIN],
        ),
    }
)

keep_plans()
warm()

# What was loaded stays for the life of the process: collecting garbage need not walk through it during a request.
# A page makes some ten thousand objects, nearly all in no circle: looking for circles seventy times a page is a tenth
# of its time.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 25, 25)
