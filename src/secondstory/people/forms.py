"""Forms of sign-in and profile."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from secondstory.people.models import ApiToken, Person, Team
from secondstory.people.rules import TOKEN_LASTS_AT_MOST, handles_in, zones


class NewPasswordForm(forms.Form):
    """A name and a password that is long enough."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("A password"),
        help_text=_("Ten characters or more; a few words in a row are easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class SetupForm(NewPasswordForm):
    """The first person of an installation."""

    code = forms.CharField(
        label=_("The one-time code"),
        help_text=_("Printed where Second Story was started."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
    email = forms.EmailField(label=_("Your e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    field_order = ("code", "name", "email", "password")

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).replace(" ", "").strip()


class ProfileForm(forms.Form):
    """What a person says about themselves."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    handles = forms.CharField(
        label=_("Your handles in chat and code"),
        required=False,
        help_text=_(
            "One on each line. They let a review put your role label in place of your handle before it is published."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(label=_("Light or dark"), choices=Person.Theme.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones()]  # type: ignore[attr-defined]

    def clean_handles(self) -> list[str]:
        return handles_in(self.cleaned_data["handles"])


class InviteForm(forms.Form):
    """Whom to ask into the organisation."""

    emails = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One on each line. Each gets a letter with a link that works once, for seven days."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    as_administrator = forms.BooleanField(
        label=_("They also look after this installation"),
        help_text=_("People, sign-in, integrations, backups. It opens no review."),
        required=False,
    )

    def clean_emails(self) -> list[str]:
        field = forms.EmailField()
        return [field.clean(address).lower() for address in handles_in(self.cleaned_data["emails"])]


class TokenForm(forms.Form):
    """A key for the API."""

    name = forms.CharField(label=_("What it is for"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=ApiToken.Scope.choices,
        initial=[ApiToken.Scope.READ_PUBLISHED],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(label=_("Days it works"), initial=90, min_value=1, max_value=TOKEN_LASTS_AT_MOST.days)


class NameForm(forms.Form):
    """A new team or role label."""

    name = forms.CharField(label=_("Name"), max_length=60)


class MembersForm(forms.Form):
    """Who is in a team."""

    name = forms.CharField(label=_("Name"), max_length=80)
    members = forms.ModelMultipleChoiceField(
        label=_("Members"), queryset=Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, viewer: Any, team: Team | None = None, **kwargs: Any) -> None:
        if team:
            kwargs["initial"] = {"name": team.name, "members": team.members.values_list("pk", flat=True)}
        super().__init__(*args, **kwargs)
        members = Person.objects.visible_to(viewer).filter(is_active=True, is_guest=False)
        self.fields["members"].queryset = members  # type: ignore[attr-defined]
