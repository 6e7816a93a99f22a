from __future__ import annotations

from django.urls import path

from secondstory.texts import asking_views, views

urlpatterns = [
    path("texts/preview", views.preview, name="text_preview"),
    path("texts/questions", asking_views.questions, name="text_questions"),
    path("texts/standing", asking_views.standing, name="text_standing"),
    path("texts/<str:text_id>", views.text, name="text"),
]
