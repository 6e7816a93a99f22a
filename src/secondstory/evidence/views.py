"""Reading evidence: the list, one line in its context, striking, pictures."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secondstory.evidence import changes, import_changes, pictures
from secondstory.evidence.forms import KIND_TITLES, FilterForm, StrikeForm
from secondstory.evidence.importers.record import Kind, Reach, Refused
from secondstory.evidence.models import Evidence, Import
from secondstory.evidence.reading import around, lines, places_of
from secondstory.evidence.telling import as_told_to
from secondstory.evidence.wording import ICONS, REACH_WORDS
from secondstory.reviews.frame import review_here, workshop
from secondstory.reviews.models import Review


@login_required
@require_safe
def evidence(request: HttpRequest, review_id: str) -> HttpResponse:
    """A page of everything brought in, filtered."""
    shop = workshop(request, review_id, "evidence")
    form = FilterForm(request.GET, places=places_of(shop.review, request.user))
    form.is_valid()
    given = {name: value for name, value in form.cleaned_data.items() if value}
    shown = lines(shop.review, request.user, given, request.GET.get("from", ""))
    context = {
        "form": form,
        "lines": [_line(row) for row in shown.rows],
        "shown": shown,
        "lines_at": reverse("evidence", args=[shop.review.pk]),
        "filtered": bool(given),
        "earlier": _page_address(request, shown.earlier),
        "later": _page_address(request, shown.later),
        "may_import": import_changes.may_import(shop.review, request.user),
        "running": list(_running(request, shop.review)),
    }
    template = "evidence/_lines.html" if request.htmx.target == "lines" else "evidence/list.html"  # type: ignore[attr-defined]
    return render(request, template, shop.context | context)


def _running(request: HttpRequest, review: Review) -> Any:
    return Import.objects.visible_to(request.user).filter(review=review, state=Import.State.RUNNING)[:5]


def _page_address(request: HttpRequest, cursor: str) -> str:
    kept = [(name, value) for name, value in request.GET.items() if name != "from" and value]
    return f"?{urlencode([*kept, ('from', cursor)])}" if cursor else ""


def _line(row: Evidence) -> dict[str, Any]:
    return {
        "row": row,
        "kind": KIND_TITLES[Kind(row.kind)],
        "icon": ICONS[Kind(row.kind)],
        "is_log": row.kind in {Kind.LOG, Kind.COMMIT},
        "context": _("Line %(number)s in its context") % {"number": row.number},
    }


@login_required
@require_safe
def line(request: HttpRequest, review_id: str, number: int) -> HttpResponse:
    """One line with what stands before and after it."""
    shop = workshop(request, review_id, "evidence")
    row = _row(request, shop.review, number)
    return _shown(request, shop.context, row, StrikeForm())


def _row(request: HttpRequest, review: Review, number: int) -> Evidence:
    rows = Evidence.objects.visible_to(request.user).filter(review=review).select_related("source", "review")
    found: Evidence = get_object_or_404(rows, number=number)
    return found


def _shown(request: HttpRequest, context: dict[str, Any], row: Evidence, form: StrikeForm) -> HttpResponse:
    before, after = around(row, request.user)
    may_strike = not row.struck_at and changes.may_strike(row, request.user)
    as_told_to(request.user, row.review, [row])
    here = _line(row)
    more = {
        "here": here,
        "lines": [*map(_line, before), here, *map(_line, after)],
        # A link out of a payload could be anything; only the web is offered.
        "address": row.link if row.link.startswith(("https://", "http://")) else "",
        "reach": REACH_WORDS[Reach(row.reach)],
        "may_strike": may_strike,
        "form": form,
        "lines_at": reverse("evidence", args=[row.review_id]),
    }
    return render(request, "evidence/line.html", context | more, status=400 if form.errors else 200)


@login_required
@require_POST
def strike(request: HttpRequest, review_id: str, number: int) -> HttpResponse:
    """Strikes a line, with its reason."""
    shop = workshop(request, review_id, "evidence")
    row = _row(request, shop.review, number)
    if row.struck_at or not changes.may_strike(row, request.user):
        raise Http404
    form = StrikeForm(request.POST)
    if not form.is_valid():
        return _shown(request, shop.context, row, form)
    changes.strike(row, request.user, form.cleaned_data["reason"])
    return redirect("evidence_line", shop.review.pk, number)


@login_required
@require_http_methods(["POST"])
def images(request: HttpRequest, review_id: str) -> HttpResponse:
    """Takes a picture for a text; answers the Markdown that shows it."""
    shop = workshop(request, review_id, "evidence")
    file = request.FILES.get("image")
    if file is None:
        return JsonResponse({"detail": _("There is no picture in this request.")}, status=400)
    name = (file.name or "picture")[:120]
    if (file.size or 0) > pictures.LARGEST_BYTES:
        too_large = _("%(name)s is larger than the %(most)s MB a picture may have. Make it smaller.")
        told = {"name": name, "most": pictures.LARGEST_BYTES // 1_000_000}
        return JsonResponse({"detail": too_large % told}, status=413)
    try:
        row = changes.keep_image(shop.review, request.user, file.read(), name)
    except Refused as refused:
        return JsonResponse({"detail": _sentences(refused)}, status=400)
    address = reverse("evidence_image", args=[shop.review.pk, row.number])
    words = name.rpartition(".")[0].replace("[", "(").replace("]", ")") or name
    return JsonResponse({"markdown": f"![{words}]({address})", "address": address}, status=201)


def _sentences(refused: Refused) -> str:
    return f"{refused.what}. {refused.do[:1].upper()}{refused.do[1:]}".strip(" .") + "."


@login_required
@require_safe
def image(request: HttpRequest, review_id: str, number: int) -> FileResponse:
    """A picture, to those who take part and nobody else."""
    review = review_here(request.user, review_id)
    row = get_object_or_404(Evidence.objects.visible_to(request.user).exclude(image=""), review=review, number=number)
    if not default_storage.exists(row.image):
        raise Http404
    answer = FileResponse(default_storage.open(row.image), content_type=pictures.kind_of(row.image))
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
