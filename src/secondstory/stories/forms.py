"""What is typed about a passage."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from secondstory.stories.beside_changes import LONGEST_HOW


class OtherwiseForm(forms.Form):
    """When and how something was later found otherwise."""

    at = forms.DateTimeField(
        label=_("when it was learned"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    how = forms.CharField(label=_("how it was learned"), max_length=LONGEST_HOW)
