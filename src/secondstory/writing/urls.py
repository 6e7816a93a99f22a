from __future__ import annotations

from django.urls import path

from secondstory.writing import (
    chain_views,
    export_views,
    publishing_views,
    quote_views,
    reading_views,
    template_views,
    views,
)

IN = "reviews/<str:review_id>"

urlpatterns = [
    path(f"{IN}/write", views.write, name="write"),
    path(f"{IN}/write/begin", views.begin, name="write_begin"),
    path(f"{IN}/sections/<str:section_id>", views.section, name="section"),
    path(f"{IN}/sections/<str:section_id>/history", views.history, name="section_history"),
    path(f"{IN}/sections/<str:section_id>/quote", quote_views.pick, name="quote_pick"),
    path(f"{IN}/sections/<str:section_id>/quotes", quote_views.quotes, name="section_quotes"),
    path(f"{IN}/write/preview", quote_views.preview, name="write_preview"),
    path(f"{IN}/factors", views.factor_add, name="factor_add"),
    path(f"{IN}/factors/<str:factor_id>", views.factor_edit, name="factor_edit"),
    path(f"{IN}/chains", chain_views.add, name="chain_add"),
    path(f"{IN}/chains/<str:chain_id>", chain_views.chain, name="chain"),
    path(f"{IN}/chains/<str:chain_id>/history", chain_views.history, name="chain_history"),
    path(f"{IN}/publish", publishing_views.publish, name="publish"),
    path(f"{IN}/publish/ask", publishing_views.ask, name="publish_ask"),
    path(f"{IN}/publish/read-through", publishing_views.once_more, name="publish_read_through"),
    path(f"{IN}/publish/names", publishing_views.name_choice, name="publish_name"),
    path(f"{IN}/publish/<int:publication_id>/answer", publishing_views.answer, name="publish_answer"),
    path(f"{IN}/publish/<int:publication_id>/withdraw", publishing_views.withdraw, name="publish_withdraw"),
    path(f"{IN}/read", reading_views.read, name="read"),
    path(f"{IN}/versions", reading_views.versions, name="versions"),
    path(f"{IN}/versions/<int:number>", reading_views.version, name="version"),
    path(f"{IN}/versions/<int:number>/from/<int:earlier>", reading_views.compare, name="versions_compare"),
    path(f"{IN}/draft/<str:format_>", export_views.draft, name="export_draft"),
    path("p/<str:version_id>", reading_views.public, name="public"),
    path("p/<str:version_id>/images/<int:number>", reading_views.picture, name="version_picture"),
    path("p/<str:version_id>/as/<str:format_>", export_views.version, name="export_version"),
    path("outlines", template_views.outlines, name="outlines"),
    path("outlines/<str:kind>", template_views.outline, name="outline"),
]
