"""Every address of the site."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from secondstory.site.api import api

urlpatterns = [
    path("", include("secondstory.home.urls")),
    path("", include("secondstory.people.urls")),
    path("", include("secondstory.reviews.urls")),
    path("", include("secondstory.evidence.urls")),
    path("", include("secondstory.timeline.urls")),
    path("", include("secondstory.stories.urls")),
    path("", include("secondstory.writing.urls")),
    path("", include("secondstory.actions.urls")),
    path("", include("secondstory.replay.urls")),
    path("", include("secondstory.texts.urls")),
    path("api/", api.urls),
    path("account/", include("allauth.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("secondstory.demo.urls")))
