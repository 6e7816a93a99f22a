"""Pages for who looks after the installation: people, teams, role labels. None of them shows a review."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from secondstory.people import changes
from secondstory.people.forms import InviteForm, MembersForm, NameForm
from secondstory.people.models import Invitation, Person, RoleLabel, Team, is_member
from secondstory.people.rules import Taken

View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """For everybody else the page is absent."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person: Any = request.user
        if not (is_member(person) and person.is_administrator):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@administrators_only
def settings_home(request: HttpRequest) -> HttpResponse:
    """Everything an administrator looks after."""
    return render(request, "people/settings.html")


@administrators_only
def people(request: HttpRequest) -> HttpResponse:
    """Who signs in, who is invited, and inviting more."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _invite(request, form)
        return redirect("people")
    members = Person.objects.visible_to(request.user).filter(is_guest=False)
    invitations = Invitation.objects.visible_to(request.user).open().order_by("-created_at")
    return render(request, "people/people.html", {"form": form, "people": members, "invitations": invitations})


def _invite(request: HttpRequest, form: InviteForm) -> None:
    by: Any = request.user
    for email in form.cleaned_data["emails"]:
        try:
            changes.invite(by=by, email=email, as_administrator=form.cleaned_data["as_administrator"])
        except Taken:
            messages.warning(request, _("%(email)s signs in here already.") % {"email": email})
        else:
            messages.success(request, _("%(email)s is invited.") % {"email": email})


@administrators_only
@require_POST
def revoke_invitation(request: HttpRequest, invitation_id: str) -> HttpResponse:
    """End an invitation."""
    by: Any = request.user
    changes.revoke_invitation(by=by, invitation_id=invitation_id)
    messages.success(request, _("The invitation no longer works."))
    return redirect("people")


@administrators_only
@require_POST
def change_person(request: HttpRequest, person_id: str) -> HttpResponse:
    """Make an administrator, or keep from signing in; oneself only by the hand of another."""
    person = get_object_or_404(Person.objects.visible_to(request.user).filter(is_guest=False), pk=person_id)
    if person.pk == request.user.pk:
        messages.warning(request, _("Somebody else has to change this for you."))
    elif "administrator" in request.POST:
        changes.make_administrator(person, yes=request.POST["administrator"] == "yes")
    elif "active" in request.POST:
        changes.set_active(person, active=request.POST["active"] == "yes")
    return redirect("people")


@administrators_only
def role_labels(request: HttpRequest) -> HttpResponse:
    """What people are called in everything published."""
    by: Any = request.user
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changes.add_role_label(by=by, name=form.cleaned_data["name"])
        except Taken:
            form.add_error("name", _("This label is in the list already."))
        else:
            return redirect("role_labels")
    return render(request, "people/role_labels.html", {"form": form, "labels": RoleLabel.objects.visible_to(by)})


@administrators_only
@require_POST
def remove_role_label(request: HttpRequest, label_id: int) -> HttpResponse:
    """Take a label out of the list."""
    by: Any = request.user
    changes.remove_role_label(by=by, label_id=label_id)
    return redirect("role_labels")


@administrators_only
def teams(request: HttpRequest, team_id: int | None = None) -> HttpResponse:
    """The teams; one of them, or a new one, in the form."""
    by: Any = request.user
    team = get_object_or_404(Team.objects.visible_to(by), pk=team_id) if team_id else None
    form = MembersForm(request.POST or None, viewer=by, team=team)
    if request.method == "POST" and form.is_valid():
        try:
            changes.save_team(by=by, team=team, **form.cleaned_data)
        except Taken:
            form.add_error("name", _("There is a team of this name already."))
        else:
            return redirect("teams")
    known = Team.objects.visible_to(by).prefetch_related("members")
    return render(request, "people/teams.html", {"form": form, "teams": known, "team": team})


@administrators_only
@require_POST
def remove_team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Remove a team."""
    by: Any = request.user
    changes.remove_team(by=by, team_id=team_id)
    return redirect("teams")
