"""The ways in, and what a person says about themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from secondstory.people import changes
from secondstory.people.forms import NewPasswordForm, ProfileForm, SetupForm, TokenForm
from secondstory.people.models import ApiToken, Person, SignInChange, is_member, sealed_until


def setup(request: HttpRequest) -> HttpResponse:
    """The first visit: whoever holds the printed code becomes the first person."""
    if changes.somebody_signs_in():
        raise Http404
    form = SetupForm(request.POST or None)
    if request.method == "POST":
        if not ratelimit.consume(request, action="setup"):
            return ratelimit.respond_429(request)  # type: ignore[no-any-return]
        if form.is_valid() and (person := _first_person(form)):
            return _signed_in(request, person)
    return render(request, "people/setup.html", {"form": form})


def _first_person(form: SetupForm) -> Person | None:
    try:
        return changes.become_first_person(**form.cleaned_data)
    except changes.WrongCode:
        form.add_error(
            "code", _("This is not the code that was printed. Starting Second Story again prints a new one.")
        )
        return None


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a form; only sending it uses the invitation up."""
    invited = changes.open_invitation(token)
    if invited is None:
        return render(request, "people/invitation_over.html", status=404)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _signed_in(request, changes.accept_invitation(token=token, **form.cleaned_data))
    return render(request, "people/invitation.html", {"form": form, "email": invited.email})


def _signed_in(request: HttpRequest, person: Person) -> HttpResponse:
    answer: HttpResponse = perform_login(request, person, email_verification="none")
    return answer


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name, handles, zone, language, light or dark; and the keys one has."""
    person: Any = request.user
    current = {name: getattr(person, name) for name in ("name", "time_zone", "locale", "theme")}
    form = ProfileForm(request.POST or None, initial=current | {"handles": "\n".join(person.handles)})
    if not is_member(person):
        del form.fields["handles"]
    if request.method == "POST" and form.is_valid():
        changes.change_profile(person, **form.cleaned_data)
        messages.success(request, _("Saved."))
        answer = redirect("profile")
        answer.delete_cookie("theme")
        return answer
    return render(request, "people/profile.html", {"form": form})


@login_required
def sign_ins(request: HttpRequest) -> HttpResponse:
    """What was changed about one's own way in, and by whom."""
    person: Any = request.user
    changed = SignInChange.objects.visible_to(person).select_related("by")
    return render(request, "people/sign_ins.html", {"changes": changed, "closed": sealed_until(person)})


@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """Keys for the API: the key itself is shown once."""
    if not is_member(request.user):
        raise Http404
    form = TokenForm(request.POST or None)
    shown = ""
    if request.method == "POST" and form.is_valid():
        person: Any = request.user
        shown = changes.make_token(owner=person, **form.cleaned_data)
        form = TokenForm()
    known = ApiToken.objects.visible_to(request.user).filter(revoked_at=None).order_by("-created_at")
    words = dict(ApiToken.Scope.choices)
    rows = [(each, [words.get(scope, scope) for scope in each.scopes]) for each in known]
    return render(request, "people/tokens.html", {"form": form, "tokens": rows, "shown": shown})


@login_required
@require_POST
def revoke_token(request: HttpRequest, token_id: str) -> HttpResponse:
    """End a key."""
    person: Any = request.user
    changes.revoke_token(by=person, token_id=token_id)
    messages.success(request, _("This key no longer works."))
    return redirect("tokens")
