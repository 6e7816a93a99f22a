from __future__ import annotations

from django.urls import path

from secondstory.actions import passage_views, views

urlpatterns = [
    path("reviews/<str:review_id>/actions/from/<str:told_id>", passage_views.propose, name="action_from"),
    path("reviews/<str:review_id>/actions/<str:action_id>/passage", passage_views.passage, name="action_passage"),
    path("reviews/<str:review_id>/actions", views.add, name="action_add"),
    path("reviews/<str:review_id>/actions/<str:action_id>", views.edit, name="action_edit"),
]
