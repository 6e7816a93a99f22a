from __future__ import annotations

from django.urls import path

from secondstory.reviews import guest_views, list_views, people_views, settings_views, views

urlpatterns = [
    path("reviews/", list_views.reviews, name="reviews"),
    path("reviews/new", views.new, name="review_new"),
    path("reviews/<str:review_id>/", views.overview, name="review"),
    path("reviews/<str:review_id>/facts", views.facts, name="review_facts"),
    path("reviews/<str:review_id>/times", views.times, name="review_times"),
    path("reviews/<str:review_id>/missing", views.lacking, name="review_missing"),
    path("reviews/<str:review_id>/history", views.history, name="review_history"),
    path("reviews/<str:review_id>/stage", views.stage, name="review_stage"),
    path("reviews/<str:review_id>/deletion", views.deletion, name="review_deletion"),
    path("reviews/<str:review_id>/people", people_views.people, name="review_people"),
    path("reviews/<str:review_id>/people/add", people_views.add, name="review_person_add"),
    path("reviews/<str:review_id>/people/answer", people_views.answer, name="review_answer"),
    path("reviews/<str:review_id>/people/leave", people_views.leave, name="review_leave"),
    path("reviews/<str:review_id>/people/<str:part_id>", people_views.change, name="review_person"),
    path("reviews/<str:review_id>/guests", people_views.invite, name="review_guests"),
    path("reviews/<str:review_id>/guests/<str:link_id>/revoke", people_views.revoke, name="review_guest_revoke"),
    path("guests/<str:token>/", guest_views.guest, name="guest"),
    path("guests/<str:token>/code", guest_views.code, name="guest_code"),
    path("settings/severities", settings_views.severities, name="severities"),
    path("settings/severities/<int:number>", settings_views.severity, name="severity"),
    path("settings/services", settings_views.services, name="services"),
    path("settings/services/<int:number>", settings_views.service, name="service"),
]
