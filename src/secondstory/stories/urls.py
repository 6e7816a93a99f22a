from __future__ import annotations

from django.urls import path

from secondstory.stories import (
    audience_views,
    beside_views,
    interview_views,
    mine_views,
    moment_views,
    stories_views,
    views,
)

IN = "reviews/<str:review_id>"
PART = f"{IN}/story/parts/<str:told_id>"
BESIDE = f"{IN}/perspectives/<str:perspective_id>"

urlpatterns = [
    path(f"{IN}/story", views.story, name="story"),
    path(f"{IN}/story/begin", views.begin, name="story_begin"),
    path(f"{IN}/story/aside", views.set_aside, name="story_aside"),
    path(f"{IN}/story/beside", views.beside, name="story_beside"),
    path(f"{PART}/audience", audience_views.audience, name="story_audience"),
    path(f"{PART}/renew", audience_views.renew, name="story_renew"),
    path(f"{PART}/moment", moment_views.make, name="story_moment"),
    path(f"{PART}/beside", beside_views.lay, name="story_lay"),
    path(f"{IN}/stories", stories_views.stories, name="stories"),
    path(f"{IN}/stories/confided", stories_views.confided, name="stories_confided"),
    path(f"{IN}/stories/people", stories_views.people, name="stories_people"),
    path(f"{IN}/moments/<str:moment_id>/accounts", beside_views.accounts, name="accounts"),
    path(f"{BESIDE}/answer", beside_views.answer, name="perspective_answer"),
    path(f"{BESIDE}/contrast", beside_views.contrast, name="perspective_contrast"),
    path(f"{BESIDE}/otherwise", beside_views.otherwise, name="perspective_otherwise"),
    path(f"{IN}/interviews", interview_views.begin, name="interview_begin"),
    path(f"{IN}/interviews/<str:interview_id>", interview_views.interview, name="interview"),
    path(f"{IN}/interviews/<str:interview_id>/confirm", interview_views.confirm, name="interview_confirm"),
    path(f"{IN}/interviews/<str:interview_id>/withdraw", interview_views.withdraw, name="interview_withdraw"),
    path("stories", mine_views.mine, name="my_stories"),
    path("stories/<str:story_id>/words.md", mine_views.words, name="story_words"),
    path("stories/<str:story_id>/access", mine_views.access, name="story_access"),
    path("stories/<str:story_id>/alone", mine_views.alone, name="story_alone"),
    path("stories/<str:story_id>/quotes", mine_views.quotes, name="story_quotes"),
    path("stories/<str:story_id>/quotes/<str:quote_id>", mine_views.quote, name="story_quote"),
    path("stories/<str:story_id>/withdraw", mine_views.withdraw, name="story_withdraw"),
    path("conversations/<str:interview_id>/words.md", mine_views.talk_words, name="talk_words"),
    path("conversations/<str:interview_id>/withdraw", mine_views.talk_withdraw, name="talk_withdraw"),
]
