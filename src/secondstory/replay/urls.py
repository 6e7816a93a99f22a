from __future__ import annotations

from django.urls import path

from secondstory.replay import views

urlpatterns = [
    path("reviews/<str:review_id>/replay", views.choose, name="replay"),
    path("reviews/<str:review_id>/replay/<str:lane_id>", views.replay, name="replay_lane"),
]
