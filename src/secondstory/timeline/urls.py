from __future__ import annotations

from django.urls import path

from secondstory.timeline import (
    agreement_views,
    drawing_views,
    lane_views,
    learned_views,
    note_views,
    place_views,
    table_views,
    triage_views,
    views,
)

IN = "reviews/<str:review_id>"

urlpatterns = [
    path(f"{IN}/timeline", views.timeline, name="timeline"),
    path(f"{IN}/timeline/new", views.moment_new, name="moment_new"),
    path(f"{IN}/timeline/table", table_views.table, name="timeline_table"),
    path(f"{IN}/timeline/lanes", drawing_views.lanes_drawn, name="lanes_drawn"),
    path(f"{IN}/timeline/lanes.json", drawing_views.lanes_data, name="lanes_data"),
    path(f"{IN}/timeline/lanes/evidence", drawing_views.lanes_evidence, name="lanes_evidence"),
    path(f"{IN}/timeline/notes", note_views.begin, name="note_begin"),
    path(f"{IN}/timeline/notes/<str:note_id>/remove", note_views.remove, name="note_remove"),
    path(f"{IN}/timeline/<str:moment_id>", views.moment_edit, name="moment_edit"),
    path(f"{IN}/timeline/<str:moment_id>/remove", views.moment_remove, name="moment_remove"),
    path(f"{IN}/timeline/<str:moment_id>/put-back", views.moment_put_back, name="moment_put_back"),
    path(f"{IN}/timeline/<str:moment_id>/pivot", views.moment_pivot, name="moment_pivot"),
    path(f"{IN}/timeline/<str:moment_id>/history", views.moment_history, name="moment_history"),
    path(f"{IN}/timeline/<str:moment_id>/around", triage_views.around, name="moment_around"),
    path(f"{IN}/timeline/<str:moment_id>/evidence/<int:number>/remove", views.moment_uncite, name="moment_uncite"),
    path(f"{IN}/timeline/<str:moment_id>/learned", learned_views.learned, name="moment_learned"),
    path(f"{IN}/timeline/<str:moment_id>/learned/<str:learned_id>", learned_views.remove, name="learned_remove"),
    path(f"{IN}/timeline/<str:moment_id>/differs", agreement_views.mark, name="moment_differs"),
    path(f"{IN}/agreement", agreement_views.agreement, name="agreement"),
    path(f"{IN}/agreement/<str:difference_id>", agreement_views.difference, name="difference"),
    path(f"{IN}/lanes", lane_views.lanes, name="lanes"),
    path(f"{IN}/lanes/<str:lane_id>", lane_views.lane, name="lane"),
    path(f"{IN}/lanes/<str:lane_id>/places", place_views.places, name="lane_places"),
    path(f"{IN}/triage", triage_views.triage, name="triage"),
    path(f"{IN}/triage/accept", triage_views.accept, name="triage_accept"),
    path(f"{IN}/triage/edit", triage_views.edit, name="triage_edit"),
    path(f"{IN}/triage/dismiss", triage_views.dismiss, name="triage_dismiss"),
    path(f"{IN}/triage/moments/<str:moment_id>", triage_views.edit_moment, name="triage_moment"),
    path(f"{IN}/triage/cite", triage_views.cite, name="triage_cite"),
    path(f"{IN}/triage/undo", triage_views.undo, name="triage_undo"),
]
