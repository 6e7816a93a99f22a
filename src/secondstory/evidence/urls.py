from __future__ import annotations

from django.urls import path

from secondstory.evidence import hook_views, importing_views, views

urlpatterns = [
    path("reviews/<str:review_id>/evidence", views.evidence, name="evidence"),
    path("reviews/<str:review_id>/evidence/new", importing_views.new, name="evidence_new"),
    path("reviews/<str:review_id>/evidence/choose", importing_views.choose, name="evidence_choose"),
    path("reviews/<str:review_id>/evidence/imports", importing_views.imports, name="evidence_imports"),
    path(
        "reviews/<str:review_id>/evidence/imports/<str:import_id>", importing_views.one_import, name="evidence_import"
    ),
    path("reviews/<str:review_id>/evidence/imports/<str:import_id>/drop", importing_views.drop, name="evidence_drop"),
    path("reviews/<str:review_id>/evidence/<int:number>", views.line, name="evidence_line"),
    path("reviews/<str:review_id>/evidence/<int:number>/strike", views.strike, name="evidence_strike"),
    path("reviews/<str:review_id>/images", views.images, name="evidence_images"),
    path("reviews/<str:review_id>/images/<int:number>", views.image, name="evidence_image"),
    path("hooks", hook_views.hooks, name="hooks"),
    path("hooks/new", hook_views.new, name="hook_new"),
    path("hooks/<str:hook_id>", hook_views.receive, name="hook"),
    path("hooks/<str:hook_id>/revoke", hook_views.revoke, name="hook_revoke"),
    path("inbox", hook_views.inbox, name="inbox"),
    path("inbox/<str:delivery_id>/attach", hook_views.attach, name="inbox_attach"),
    path("inbox/<str:delivery_id>/aside", hook_views.aside, name="inbox_aside"),
]
