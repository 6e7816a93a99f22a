from __future__ import annotations

from django.urls import path

from secondstory.actions import views

urlpatterns = [
    path("reviews/<str:review_id>/actions", views.add, name="action_add"),
    path("reviews/<str:review_id>/actions/<str:action_id>", views.edit, name="action_edit"),
]
