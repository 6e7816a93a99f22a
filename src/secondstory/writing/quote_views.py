"""Choosing a passage that may be quoted, and reading a section's words before they are saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secondstory.reviews.frame import Workshop, review_here, workshop
from secondstory.reviews.rules import Refused
from secondstory.stories.models import Part
from secondstory.stories.reading import told
from secondstory.stories.rules import forms_within, passages_of
from secondstory.texts.rules import storable
from secondstory.writing import quoting_changes
from secondstory.writing.models import Section
from secondstory.writing.quotes import placed, quotes_for, with_words
from secondstory.writing.telling import html_of


@dataclass(frozen=True, slots=True)
class Quotable:
    """A part with its passages; none when its words cannot be opened."""

    part: Part
    author: str
    passages: list[str]
    shut: bool = False

    @property
    def forms(self) -> list[tuple[str, str]]:
        """How it may be signed: as the author allows first, then saying less."""
        allowed = reversed(forms_within(self.part.quote_as))
        return [(form, str(Part.QuoteAs(form).label)) for form in allowed]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pick(request: HttpRequest, review_id: str, section_id: str) -> HttpResponse:
    """The passages that this person may quote; POST puts one into the section."""
    here = workshop(request, review_id, "write")
    section = get_object_or_404(Section.objects.visible_to(request.user).filter(review=here.review), pk=section_id)
    wrong = _put(request, here, section) if request.method == "POST" else None
    if wrong == "":
        messages.success(request, _("The quote stands at the end of this section."))
        return redirect(reverse("write", args=[review_id]) + f"#s-{section.key}")
    context = {"section": section, "parts": _quotable(request, here), "wrong": wrong, "typed": request.POST}
    return render(request, "writing/pick.html", here.context | context, status=422 if wrong else 200)


def _put(request: HttpRequest, here: Workshop, section: Section) -> str:
    part_id, words = request.POST.get("part", ""), request.POST.get("only", "") or request.POST.get("passage", "")
    part = get_object_or_404(Part.objects.visible_to(request.user).filter(review=here.review), pk=part_id)
    form = request.POST.get("form", "")
    try:
        quoting_changes.put_quote(section.pk, part_id=part.pk, words=storable(words), by=request.user, form=form)
    except Refused as refusal:
        return str(refusal)
    return ""


def _quotable(request: HttpRequest, here: Workshop) -> list[Quotable]:
    rows = Part.objects.visible_to(request.user).filter(review=here.review, audience=Part.Audience.QUOTABLE)
    parts = sorted(told(rows.select_related("text")), key=lambda each: each.part.author_id)
    names = here.context["names"]
    found = [
        Quotable(each.part, names.get(each.part.author_id, ""), passages_of(each.words), each.shut) for each in parts
    ]
    return [each for each in found if each.passages or each.shut]


@login_required
@require_POST
def preview(request: HttpRequest, review_id: str) -> HttpResponse:
    """A section's Markdown as it will be read, with its quotes. Nothing of it is kept."""
    review = workshop(request, review_id, "write").review
    body = storable(request.POST.get("body", ""))
    return HttpResponse(html_of(with_words(body, quotes_for(review, request.user, [body])), below=0))


@login_required
@never_cache
@require_safe
def quotes(request: HttpRequest, review_id: str, section_id: str) -> HttpResponse:
    """The quotes of one section as its writers read them; the write-up asks for them by themselves."""
    if getattr(request, "htmx", None):
        context: dict[str, Any] = {"review": review_here(request.user, review_id)}
    else:
        context = workshop(request, review_id, "write").context
    rows = Section.objects.visible_to(request.user).filter(review=review_id).select_related("text")
    section = get_object_or_404(rows, pk=section_id)
    found = quotes_for(review_id, request.user, [section.text.body])
    context |= {"section": section, "placed": placed(section.text.body, found)}
    template = "writing/_placed.html" if getattr(request, "htmx", None) else "writing/placed.html"
    return render(request, template, context)
