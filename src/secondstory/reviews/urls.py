from __future__ import annotations

from django.urls import path

from secondstory.reviews import views

urlpatterns = [
    path("reviews/<str:review_id>/", views.overview, name="review"),
]
