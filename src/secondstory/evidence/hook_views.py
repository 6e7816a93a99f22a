"""Receiving deliveries, the inbox of those that no review has taken, and the addresses themselves."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import RequestDataTooBig
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from secondstory.evidence import hook_changes as changes
from secondstory.evidence.forms import AttachForm, HookForm
from secondstory.evidence.models import Delivery, Hook, services_of
from secondstory.people.models import is_member

A_PAGE = 50


def _problem(status: int, title: str, detail: str) -> JsonResponse:
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JsonResponse(told, status=status, content_type="application/problem+json")


@csrf_exempt
@require_POST
def receive(request: HttpRequest, hook_id: str) -> HttpResponse:
    """A delivery. Without a good signature the answer is the same whether or not there is such an address."""
    try:
        body = request.body
    except RequestDataTooBig:
        most = f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,}"
        return _problem(413, "Too large", f"At most {most} bytes are taken in one delivery.")
    answer, detail = changes.deliver(hook_id, request.headers, body)
    if answer == changes.Answer.REFUSED:
        return _problem(401, "Not accepted", "There is no such address, or the signature or token does not fit it.")
    if answer == changes.Answer.KNOWN:
        return _problem(409, "Already received", "These exact bytes were delivered before. Nothing was added.")
    return JsonResponse({"status": answer.value, "detail": detail}, status=202)


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Deliveries that no review has taken."""
    if not is_member(request.user):
        raise Http404
    aside = "aside" in request.GET
    rows = Delivery.objects.visible_to(request.user).filter(review=None, put_aside_at__isnull=not aside)
    page = Paginator(rows.select_related("hook").defer("payload"), A_PAGE).get_page(request.GET.get("page"))
    # Drawn beside every delivery, read once.
    reviews = list(AttachForm(person=request.user).fields["review"].choices)[1:]  # type: ignore[attr-defined]
    context = {"page": page, "reviews": reviews, "aside": aside, "query": "&aside=1" if aside else ""}
    return render(request, "evidence/inbox.html", context)


def _delivery(request: HttpRequest, delivery_id: str) -> Delivery:
    return get_object_or_404(Delivery.objects.visible_to(request.user), pk=delivery_id, review=None)


@login_required
@require_POST
def attach(request: HttpRequest, delivery_id: str) -> HttpResponseRedirect:
    """Brings a delivery into a review."""
    delivery = _delivery(request, delivery_id)
    form = AttachForm(request.POST, person=request.user)
    if not form.is_valid():
        messages.error(request, _("Choose the review it belongs to."))
        return redirect("inbox")
    review = form.cleaned_data["review"]
    changes.attach(delivery, review, request.user)
    messages.success(request, _("It is part of “%(title)s” now.") % {"title": review.title})
    return redirect("inbox")


@login_required
@require_POST
def aside(request: HttpRequest, delivery_id: str) -> HttpResponseRedirect:
    """Puts a delivery out of the way, or back."""
    back = "back" in request.POST
    changes.put_aside(_delivery(request, delivery_id), request.user, aside=not back)
    return redirect("inbox")


def _administrator(request: HttpRequest) -> None:
    if not (is_member(request.user) and getattr(request.user, "is_administrator", False)):
        raise Http404


@login_required
@require_safe
def hooks(request: HttpRequest) -> HttpResponse:
    """The addresses products deliver to."""
    _administrator(request)
    rows = list(Hook.objects.visible_to(request.user).order_by("revoked_at", "name"))
    names = services_of(rows)
    shown = [(hook, names.get(hook.pk, [])) for hook in rows]
    return render(request, "evidence/hooks.html", {"hooks": shown, "origin": settings.ORIGIN})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Makes an address. Its secret is on the page that answers, and on no other."""
    _administrator(request)
    form = HookForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        hook, secret = changes.make_hook(
            request.user, given["name"], given["product"], given["secret"], given["services"]
        )
        address = settings.ORIGIN + reverse("hook", args=[hook.pk])
        return render(request, "evidence/hook_made.html", {"hook": hook, "secret": secret, "address": address})
    return render(request, "evidence/hook_new.html", {"form": form}, status=400 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, hook_id: str) -> HttpResponseRedirect:
    """Ends an address."""
    _administrator(request)
    changes.revoke_hook(request.user, get_object_or_404(Hook.objects.visible_to(request.user), pk=hook_id))
    return redirect("hooks")
