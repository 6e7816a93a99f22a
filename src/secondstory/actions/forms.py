"""An action as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from secondstory.actions.changes import Words
from secondstory.actions.models import Action


class ActionForm(forms.Form):
    """One row. Owner and team are checked against the review in the change itself."""

    wording = forms.CharField(label=_("What will be done"), error_messages={"required": _("Say what will be done.")})
    owner = forms.CharField(required=False)
    due = forms.DateField(required=False, error_messages={"invalid": _("“Due” is a date such as 2026-04-30.")})
    state = forms.ChoiceField(choices=Action.State.choices, required=False)
    success_metric = forms.CharField(required=False)
    declined_because = forms.CharField(required=False)

    def words(self) -> Words:
        """What was typed. The owner field holds "person:ID" or "team:ID"."""
        data: dict[str, Any] = self.cleaned_data
        kind, _colon, id_ = data["owner"].partition(":")
        return Words(
            wording=data["wording"],
            state=data["state"] or Action.State.PROPOSED,
            owner=id_ if kind == "person" else "",
            team=int(id_) if kind == "team" and id_.isdigit() else None,
            due=data["due"],
            success_metric=data["success_metric"],
            declined_because=data["declined_because"],
        )

    def what_is_wrong(self) -> str:
        """All complaints in one line."""
        return " ".join(str(each) for errors in self.errors.values() for each in errors)
