"""What one told, also in reviews one has left: to read, to narrow, to take along, to withdraw."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secondstory.reviews.rules import Refused
from secondstory.stories import audience_changes, changes, interview_changes
from secondstory.stories.models import Interview, Story
from secondstory.stories.offers_left import left, left_with
from secondstory.stories.quote_changes import withdraw_quote
from secondstory.stories.reading import (
    Told,
    access_log,
    as_markdown,
    noted,
    opened,
    own_parts,
    own_quotes,
    title_of,
    titles,
    told,
)


@login_required
@never_cache
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """All of one's own stories, and notes of conversations with one."""
    stories = list(Story.objects.visible_to(request.user))
    talks = list(Interview.objects.visible_to(request.user).filter(interviewee_id=request.user.pk))
    told_in = {each.review_id for each in stories} | {each.review_id for each in talks}
    called = titles(told_in, request.user)
    left_behind = _("A review you left")
    context = {
        "stories": [(each, called.get(each.review_id) or left_behind) for each in stories],
        "talks": [(each, called.get(each.review_id) or left_behind) for each in talks],
    }
    return render(request, "stories/mine.html", context)


@login_required
@never_cache
@require_safe
def words(request: HttpRequest, story_id: str) -> HttpResponse:
    """One's own words as Markdown."""
    found = _own(request, story_id)
    title = title_of(found.review_id, request.user)
    return _file(as_markdown(title, ((each.part.get_name_display(), each.words) for each in _parts(request, found))))


@login_required
@never_cache
@require_safe
def access(request: HttpRequest, story_id: str) -> HttpResponse:
    """Who had access to which part, and since when."""
    found = _own(request, story_id)
    title, log = title_of(found.review_id, request.user), access_log(found, request.user)
    return render(request, "stories/access.html", {"story": found, "title": title, "log": log})


@login_required
@require_POST
def alone(request: HttpRequest, story_id: str) -> HttpResponse:
    """Shares nothing of it any more; the words stay."""
    found = _own(request, story_id)
    try:
        audience_changes.keep_alone(found.pk, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Only you can read it from now on."))
    return redirect("my_stories")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, story_id: str) -> HttpResponse:
    """Says exactly what goes; POST really deletes it."""
    found = _own(request, story_id)
    if request.method == "POST":
        return _withdrawn(request, found)
    parts = _parts(request, found)
    context = {
        "story": found,
        "title": title_of(found.review_id, request.user),
        "rows": [each for each in parts if each.part.text.version],
        "left": left([each.part for each in parts], request.user),
    }
    return render(request, "stories/withdraw.html", context)


@login_required
@never_cache
@require_safe
def quotes(request: HttpRequest, story_id: str) -> HttpResponse:
    """The quotes from one's account that stand in the review."""
    found = _own(request, story_id)
    rows = [(row, *opened(row.words)) for row in own_quotes(found, request.user)]
    title = title_of(found.review_id, request.user)
    return render(request, "stories/quotes.html", {"story": found, "title": title, "quotes": rows})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quote(request: HttpRequest, story_id: str, quote_id: str) -> HttpResponse:
    """Says where one quote stands; POST takes it back there."""
    found = _own(request, story_id)
    rows = own_quotes(found, request.user).filter(pk=quote_id)
    row = get_object_or_404(rows)
    if request.method == "POST":
        withdraw_quote(row.pk, by=request.user)
        messages.success(request, _("Taken back. It says “withdrawn by its author” wherever it stood."))
        return redirect("story_quotes", found.pk)
    said, shut = opened(row.words)
    context = {"story": found, "quote": row, "words": said, "shut": shut, "left": left_with(rows, request.user)}
    return render(request, "stories/quote.html", context | {"title": title_of(found.review_id, request.user)})


@login_required
@never_cache
@require_safe
def talk_words(request: HttpRequest, interview_id: str) -> HttpResponse:
    """Notes of a conversation with one, as Markdown."""
    found = _talk(request, interview_id)
    said = ((each.note.get_name_display(), each.words) for each in noted(found, request.user))
    return _file(as_markdown(title_of(found.review_id, request.user), said))


@login_required
@require_POST
def talk_withdraw(request: HttpRequest, interview_id: str) -> HttpResponse:
    """Deletes the notes of a conversation with one, for both."""
    interview_changes.withdraw(_talk(request, interview_id).pk, by=request.user)
    messages.success(request, _("The notes are deleted, for both of you."))
    return redirect("my_stories")


def _withdrawn(request: HttpRequest, found: Story) -> HttpResponse:
    try:
        changes.withdraw(found.pk, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("my_stories")
    messages.success(request, _("Your account is deleted. Nothing of it is kept."))
    return redirect("home")


def _own(request: HttpRequest, story_id: str) -> Story:
    return get_object_or_404(Story.objects.visible_to(request.user), pk=story_id)


def _talk(request: HttpRequest, interview_id: str) -> Interview:
    talks = Interview.objects.visible_to(request.user).filter(interviewee_id=request.user.pk)
    return get_object_or_404(talks, pk=interview_id)


def _parts(request: HttpRequest, found: Story) -> list[Told]:
    return told(own_parts(found.review_id, request.user))


def _file(text: str) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="my-account.md"'
    return answer
