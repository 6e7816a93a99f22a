from __future__ import annotations

from django.urls import path

from secondstory.demo import views

urlpatterns = [
    path("demo/enter/<str:token>", views.enter, name="demo_enter"),
    path("demo/as", views.switch, name="demo_switch"),
]
