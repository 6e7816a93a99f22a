"""Asking whether a review may be published, and answering."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from secondstory.people.models import is_member
from secondstory.reviews.frame import Workshop, called, role_labels, workshop
from secondstory.reviews.models import Audience
from secondstory.reviews.rules import Refused
from secondstory.writing import publishing_changes
from secondstory.writing.beside import beside
from secondstory.writing.composing import draft, frozen
from secondstory.writing.document import Document
from secondstory.writing.models import Answer, Publication
from secondstory.writing.naming import IMAGE, KEEP, PERSON, naming
from secondstory.writing.quotes import as_read, filled, found_in, quotes_in
from secondstory.writing.read_through import Asked, read_through
from secondstory.writing.rules import is_settled, may_publish
from secondstory.writing.shown import shown
from secondstory.writing.standing import sections_of, standing
from secondstory.writing.wording import REASONS


@login_required
@never_cache
@require_safe
def publish(request: HttpRequest, review_id: str) -> HttpResponse:
    """What is missing, whom it names, who may read it; or, once asked, what it will say and who answered."""
    here = workshop(request, review_id, "publish")
    sections: list[Any] = list(sections_of(here.review, request.user))
    rows = Publication.objects.visible_to(request.user).waiting().filter(review=here.review)
    waiting = rows.first() if sections and sections[0].asked_until else None
    context = _waiting(request, here, waiting) if waiting else _preparing(request, here)
    part = request.GET.get("part") == "document"
    if part:
        context |= {"document": context["preview"]}
    return render(request, "writing/_document_live.html" if part else "writing/publish.html", here.context | context)


def _preparing(request: HttpRequest, here: Workshop) -> dict[str, Any]:
    sections = sections_of(here.review, request.user)
    states = standing(sections)
    open_ = [each for each in states if not is_settled(each)]
    rows = beside(here.review, request.user)
    document = draft(here.review, request.user, sections, rows)
    quotes = found_in(document, here.review, request.user)
    names = naming(here.review, request.user, document, rows.choices, quotes)
    if not is_member(request.user):
        names = names.without_names()
    review_id = here.review.pk
    return {
        "quoted": review_id if quotes else "",
        "required": [each for each in open_ if each.required],
        "optional": [each for each in open_ if not each.required],
        "may": may_publish(states) and not names.undecided,
        "names": names,
        "doubts": [(each, REASONS.get(each.why, ""), _options(each.people, names.names)) for each in names.doubts],
        "audiences": Audience.choices,
        "person_prefix": PERSON,
        "image_prefix": IMAGE,
        "keep": KEEP,
        "preview": shown(
            filled(frozen(document, names.names, quotes), quotes),
            lambda number: f"/reviews/{review_id}/images/{number}",
        ),
    }


@login_required
@never_cache
@require_safe
def once_more(request: HttpRequest, review_id: str) -> HttpResponse:
    """A last quiet look at the wording, for whoever publishes; with script the publishing page fetches it for itself."""
    here = workshop(request, review_id, "publish")
    if not here.facilitates:
        raise Http404
    template = "writing/_read_through_folded.html" if request.htmx else "writing/read_through.html"  # type: ignore[attr-defined]
    return render(request, template, here.context | {"asked": _asked(here, request.user)})


def _asked(here: Workshop, person: Any) -> list[Asked]:
    sections = sections_of(here.review, person)
    document = draft(here.review, person, sections, beside(here.review, person))
    return read_through(here.review, person, document, sections, role_labels(person, here.parts))


def _options(people: tuple[str, ...], names: Any) -> list[tuple[str, str]]:
    """What a doubtful word may be replaced by: each label it could stand for, or nobody in particular."""
    labels = dict.fromkeys((f"replace:{person}", names.label_of(person)) for person in people)
    unlike = {label: choice for choice, label in labels}
    return [(choice, label) for label, choice in unlike.items()] + (
        [] if "someone" in unlike else [("replace:", "someone")]
    )


def _waiting(request: HttpRequest, here: Workshop, waiting: Publication) -> dict[str, Any]:
    names = called(here.review, request.user)
    answers = list(Answer.objects.visible_to(request.user).filter(publication=waiting))
    mine = next((each for each in answers if each.person_id == request.user.pk), None)
    review_id = here.review.pk
    asked = as_read(Document.from_json(waiting.document), review_id, request.user)
    return {
        "waiting": waiting,
        "quoted": review_id if quotes_in(Document.from_json(waiting.document)) else "",
        "audience": Audience(waiting.audience).label,
        "mine": mine,
        "objections": [(names.get(each.person_id, ""), each) for each in answers if not each.agrees],
        "agreed": sorted(names[each.person_id] for each in answers if each.agrees and each.person_id in names),
        "preview": shown(asked, lambda number: f"/reviews/{review_id}/images/{number}"),
    }


@login_required
@require_POST
def ask(request: HttpRequest, review_id: str) -> HttpResponse:
    """Asks all who take part."""
    here = workshop(request, review_id, "publish")
    try:
        publication = publishing_changes.ask(here.review, by=request.user, audience=request.POST.get("audience", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("publish", review_id)
    publication.refresh_from_db(from_queryset=Publication.objects.visible_to(request.user))
    return _after(request, publication)


def _after(request: HttpRequest, publication: Publication) -> HttpResponse:
    if publication.done_at:
        messages.success(request, _("Published."))
        return redirect("read", publication.review_id)
    messages.success(request, _("Kept. It is published when everybody agrees, or when the time is over."))
    return redirect("publish", publication.review_id)


@login_required
@require_POST
def name_choice(request: HttpRequest, review_id: str) -> HttpResponse:
    """What somebody is called, or whether a doubtful word is a name."""
    here = workshop(request, review_id, "publish")
    about, choice = request.POST.get("about", ""), request.POST.get("choice", "")
    try:
        publishing_changes.choose_name(here.review, by=request.user, about=about, choice=choice)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(reverse("publish", args=[review_id]) + "#names")


@login_required
@require_POST
def answer(request: HttpRequest, review_id: str, publication_id: int) -> HttpResponse:
    """Agrees or objects."""
    workshop(request, review_id, "publish")
    try:
        publication = publishing_changes.answer(
            publication_id, by=request.user, agrees="agree" in request.POST, words=request.POST.get("words", "")
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("publish", review_id)
    publication.refresh_from_db(from_queryset=Publication.objects.visible_to(request.user))
    return _after(request, publication)


@login_required
@require_POST
def withdraw(request: HttpRequest, review_id: str, publication_id: int) -> HttpResponse:
    """Takes the question back."""
    workshop(request, review_id, "publish")
    publishing_changes.withdraw(publication_id, by=request.user)
    messages.success(request, _("Taken back. Change what you like and ask again."))
    return redirect("publish", review_id)
