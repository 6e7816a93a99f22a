"""The write-up: every section on one page, with what stands in it and what it still needs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secondstory.reviews.frame import called, workshop
from secondstory.reviews.models import Review
from secondstory.reviews.rules import Refused
from secondstory.stories.quoting import ids_in
from secondstory.texts.models import Snapshot
from secondstory.texts.rules import LONGEST
from secondstory.writing import changes
from secondstory.writing.chain_views import chains_context
from secondstory.writing.composing import timeline_of
from secondstory.writing.models import Factor, Section, SectionChange
from secondstory.writing.offers import shown as shown_by_others
from secondstory.writing.outlines import DEFAULTS
from secondstory.writing.quotes import quotes_for, with_words
from secondstory.writing.rules import Outline, is_settled
from secondstory.writing.shown import days_of
from secondstory.writing.standing import sections_of, standing
from secondstory.writing.stepping import steps_of

# Below their text stand rows of this slice; what stands below others is offered by higher ones.
OWN_ROWS = {"timeline", "factors"}


@login_required
@never_cache
@require_safe
def write(request: HttpRequest, review_id: str) -> HttpResponse:
    """All sections on one page."""
    here = workshop(request, review_id, "write")
    return render(request, "writing/write.html", here.context | _page(request, here.review))


def _page(request: HttpRequest, review: Review) -> dict[str, Any]:
    sections = sections_of(review, request.user)
    questions = _questions(review, sections)
    extra = shown_by_others(request, review)
    shown: list[dict[str, Any]] = [
        {
            "section": each,
            "away": each.state == Section.State.NOT_APPLICABLE,
            "required": each.required,
            "questions": questions.get(each.key, ()),
            "settled": is_settled(known),
            "ends_in_person": known.ends_in_person,
            "rows_below": each.key in OWN_ROWS or each.key in extra,
            "extra": extra.get(each.key, ""),
            "quotes": bool(ids_in(each.text.body)),
        }
        for each, known in zip(sections, standing(sections), strict=True)
    ]
    timeline = timeline_of(review, request.user, with_sources=False)
    return {
        "sections": [each for each in shown if each["section"].state != Section.State.REMOVED],
        "removed": [each for each in sections if each.state == Section.State.REMOVED],
        "untouched": not any(each.text.version for each in sections),
        "days": days_of(timeline),
        "image_url": f"/reviews/{review.pk}/images",
        "limit": LONGEST,
        **_factors(request, review),
        **chains_context(review, request.user),
    }


def _questions(review: Review, sections: list[Any]) -> dict[str, tuple[str, ...]]:
    own = sections[0].outline if sections else None
    outline = [Outline.from_json(each) for each in own] if own else DEFAULTS[review.kind]
    return {each.key: each.questions for each in outline}


def _factors(request: HttpRequest, review: Review) -> dict[str, Any]:
    rows = list(Factor.objects.visible_to(request.user).filter(review=review))
    groups = [(group, [each for each in rows if each.group == group.value]) for group in Factor.Group]
    return {"review": review, "groups": groups, "group_choices": Factor.Group.choices}


@login_required
@require_POST
def begin(request: HttpRequest, review_id: str) -> HttpResponse:
    """First words from accepted moments, where nobody has written yet."""
    review = workshop(request, review_id, "write").review
    begun = changes.begin_write_up(review, by=request.user)
    if begun:
        messages.success(request, _("Begun: %(titles)s. Change them as you like.") % {"titles": ", ".join(begun)})
    else:
        messages.info(request, _("Nothing was changed: there are no moments yet, or somebody has written already."))
    return redirect("write", review.pk)


@login_required
@require_POST
def section(request: HttpRequest, review_id: str, section_id: str) -> HttpResponse:
    """Marks a section not applicable, removes it from this review, or brings it back."""
    review = workshop(request, review_id, "write").review
    found = get_object_or_404(Section.objects.visible_to(request.user).filter(review=review), pk=section_id)
    try:
        changes.mark(
            found.pk, by=request.user, state=request.POST.get("state", ""), reason=request.POST.get("reason", "")
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(reverse("write", args=[review.pk]) + f"#s-{found.key}")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: HttpRequest, review_id: str, section_id: str) -> HttpResponse:
    """Who wrote what and when; POST puts an earlier text back."""
    here = workshop(request, review_id, "write")
    rows = Section.objects.visible_to(request.user).filter(review=here.review).select_related("text")
    found = get_object_or_404(rows, pk=section_id)
    if request.method == "POST":
        given = request.POST.get("version", "")
        changes.restore(found.pk, by=request.user, snapshot_version=int(given) if given.isdigit() else 0)
        messages.success(request, _("Put back. What stood here before is in the history too."))
        return redirect(reverse("write", args=[here.review.pk]) + f"#s-{found.key}")
    snapshots = list(Snapshot.objects.visible_to(request.user).filter(text=found.text).select_related("by"))
    marks = SectionChange.objects.visible_to(request.user).filter(section=found)
    quotes = quotes_for(here.review, request.user, (each.stored for each in snapshots))
    names = called(here.review, request.user)
    steps = steps_of(snapshots, list(marks), names, lambda body: with_words(body, quotes))
    section = {"title": found.title, "back": f"s-{found.key}"}
    part = request.GET.get("part") == "document"
    template = "writing/_steps.html" if part else "writing/history.html"
    quoted = here.review.pk if quotes else ""
    return render(request, template, here.context | {"section": section, "steps": steps, "quoted": quoted})


@login_required
@require_POST
def factor_add(request: HttpRequest, review_id: str) -> HttpResponse:
    """A new contributing factor."""
    review = workshop(request, review_id, "write").review
    group, words = request.POST.get("group", ""), request.POST.get("words", "")
    wrong = _tried(lambda: changes.add_factor(review, by=request.user, group=group, words=words))
    return _factors_again(request, review, wrong)


@login_required
@require_POST
def factor_edit(request: HttpRequest, review_id: str, factor_id: str) -> HttpResponse:
    """Other words, another group, or gone."""
    review = workshop(request, review_id, "write").review
    found = get_object_or_404(Factor.objects.visible_to(request.user).filter(review=review), pk=factor_id)
    if "remove" in request.POST:
        wrong = _tried(lambda: changes.remove_factor(found.pk, by=request.user))
    else:
        group, words = request.POST.get("group", ""), request.POST.get("words", "")
        wrong = _tried(lambda: changes.edit_factor(found.pk, by=request.user, group=group, words=words))
    return _factors_again(request, review, wrong)


def _tried(change: Any) -> str:
    try:
        change()
    except Refused as refusal:
        return str(refusal)
    return ""


def _factors_again(request: HttpRequest, review: Review, wrong: str) -> HttpResponse:
    context = _factors(request, review) | {"wrong": wrong, "typed": request.POST if wrong else None}
    status = 422 if wrong else 200
    if getattr(request, "htmx", None):
        return render(request, "writing/_factors.html", context, status=status)
    if wrong:
        # What was typed is shown again: a page without script would lose it otherwise.
        return render(
            request, "writing/factors.html", workshop(request, review.pk, "write").context | context, status=422
        )
    return redirect(reverse("write", args=[review.pk]) + "#s-factors")
