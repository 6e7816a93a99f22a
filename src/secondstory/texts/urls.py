from __future__ import annotations

from django.urls import path

from secondstory.texts import views

urlpatterns = [
    path("texts/preview", views.preview, name="text_preview"),
    path("texts/<str:text_id>", views.text, name="text"),
]
