"""The timeline as a Markdown table, out and in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from secondstory.reviews.frame import Workshop, workshop
from secondstory.timeline import changes, tables, wording
from secondstory.timeline.forms import TableForm
from secondstory.timeline.models import Moment
from secondstory.timeline.reading import zone_of


@login_required
@require_http_methods(["GET", "POST"])
def table(request: HttpRequest, review_id: str) -> HttpResponse:
    """Shows the timeline as a table to copy; a table sent back adds the rows that are not there yet."""
    shop = workshop(request, review_id, "timeline")
    form = TableForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _taken_in(request, shop, form)
    return _page(request, shop, form)


def _taken_in(request: HttpRequest, shop: Workshop, form: TableForm) -> HttpResponse:
    zone = zone_of(shop.review)
    found = tables.read(form.cleaned_data["table"], zone, shop.review.happened_at.astimezone(zone).date())
    for number, code in found.unread:
        form.add_error("table", _("Line %(number)s: %(what)s") % {"number": number, "what": wording.problem(code)})
    if not found.rows and not found.unread:
        form.add_error("table", _("There is no table with a Time and an Event column in this text."))
    if form.errors:
        return _page(request, shop, form, status=422)
    added = len(changes.import_rows(shop.review, request.user, found.rows))
    said = ngettext("One moment brought in.", "%(count)s moments brought in.", added) % {"count": added}
    messages.success(request, said if added else _("Every row of this table is in the timeline already."))
    return redirect("timeline", shop.review.pk)


def _page(request: HttpRequest, shop: Workshop, form: TableForm, status: int = 200) -> HttpResponse:
    moments = Moment.objects.visible_to(request.user).standing().filter(review=shop.review).select_related("lane")
    markdown = tables.table([moment.row for moment in moments], zone_of(shop.review))
    context = {"markdown": markdown, "form": form}
    return render(request, "timeline/table.html", shop.context | context, status=status)
