"""Notes of a one-to-one, on a page of the two who had it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from secondstory.reviews.frame import workshop
from secondstory.reviews.rules import Refused
from secondstory.stories import interview_changes
from secondstory.stories.models import Interview
from secondstory.stories.reading import noted
from secondstory.texts.rules import LONGEST


@login_required
@require_POST
def begin(request: HttpRequest, review_id: str) -> HttpResponse:
    """Begins the notes of a conversation; the other one is told and reads along from the first word."""
    here = workshop(request, review_id, "stories")
    try:
        found = interview_changes.begin_interview(here.review, request.POST.get("person", ""), by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("stories_people", here.review.pk)
    return redirect("interview", here.review.pk, found.pk)


@login_required
@never_cache
@require_safe
def interview(request: HttpRequest, review_id: str, interview_id: str) -> HttpResponse:
    """The notes, by the same parts and questions as a story."""
    here = workshop(request, review_id, "story")
    rows = Interview.objects.visible_to(request.user).filter(review=here.review)
    found = get_object_or_404(rows, pk=interview_id)
    names = here.context["names"]
    context = {
        "interview": found,
        "notes": noted(found, request.user),
        "mine": found.interviewee_id == request.user.pk,
        "interviewee": names.get(found.interviewee_id, ""),
        "interviewer": names.get(found.interviewer_id, ""),
        "limit": LONGEST,
    }
    return render(request, "stories/interview.html", here.context | context)


@login_required
@require_POST
def confirm(request: HttpRequest, review_id: str, interview_id: str) -> HttpResponse:
    """The interviewee makes the notes the draft of their own account."""
    here = workshop(request, review_id, "story")
    interview_changes.confirm(interview_id, by=request.user)
    messages.success(
        request,
        _("The notes are the draft of your own account now, and yours alone. You can make moments of what they say."),
    )
    return redirect("story", here.review.pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, review_id: str, interview_id: str) -> HttpResponse:
    """Deletes the notes for both."""
    here = workshop(request, review_id, "story")
    interview_changes.withdraw(interview_id, by=request.user)
    messages.success(request, _("The notes are deleted, for both of you."))
    return redirect("review", here.review.pk)
