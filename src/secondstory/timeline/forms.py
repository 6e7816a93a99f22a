"""The forms of the timeline. Times are typed in the viewer's own zone, which the form names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from secondstory.timeline import wording
from secondstory.timeline.models import Lane, Moment
from secondstory.timeline.place_reading import Place
from secondstory.timeline.rules import EXACT, LONGEST_HOW, LONGEST_NAME, Row, problem_of_window, problems, tidied

TYPED = "%Y-%m-%dT%H:%M:%S"
EXAMPLE = format_lazy(
    "| Time | Event |\n| --- | --- |\n| 2026-03-09 14:05 UTC | {what} |", what=_("The first alert fires")
)


def _time(label: Any, *, required: bool = True) -> forms.DateTimeField:
    clock = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format=TYPED)
    return forms.DateTimeField(label=label, widget=clock, required=required)


def _words(label: Any, rows: int, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        widget=forms.Textarea(attrs={"rows": rows, "data-asks-under": "timeline"}),
        required=required,
        strip=True,
    )


class MomentForm(forms.Form):
    """One row of the timeline."""

    when = forms.ChoiceField(label=_("How exact"), choices=Moment.When.choices, initial=EXACT)
    at = _time(_("Time"))
    until = _time(_("And (only for “between”)"), required=False)
    what = _words(_("What happened"), 3, required=True)
    information = _words(_("Information available"), 2)
    decision = _words(_("Decision or action taken"), 2)
    lane = forms.CharField(
        label=_("Lane"), max_length=LONGEST_NAME, required=False, help_text=_("A role, a team or a system.")
    )
    perspective = forms.CharField(
        label=_("Whose perspective"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Who saw it so, by role."),
    )
    pivot = forms.BooleanField(
        label=_("Pivot point"), required=False, help_text=_("Here it could have gone another way.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    row: Row

    def __init__(self, *args: Any, lanes: list[str] | None = None, **kwargs: Any) -> None:
        # Several of these forms can be open on one page, so each has ids of its own.
        super().__init__(*args, **kwargs)
        self.lanes = lanes or []
        for name in ("lane", "perspective"):
            self.fields[name].widget.attrs["list"] = f"{self.prefix or 'moment'}-lanes"

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if isinstance(given.get("at"), datetime) and "until" in given:
            self._judge(given)
        return given

    def _judge(self, given: dict[str, Any]) -> None:
        names = (name for name in Row.__dataclass_fields__ if name in given)
        self.row = tidied(Row(**({"what": ""} | {name: given[name] for name in names})))
        for name, code in problems(self.row):
            if name not in self.errors:
                self.add_error(name, wording.problem(code))


def filled(row: Row, version: int | None = None, **kwargs: Any) -> MomentForm:
    """The form as it opens on a row."""
    fields = {name: getattr(row, name) for name in Row.__dataclass_fields__}
    return MomentForm(initial=fields | {"version": version}, **kwargs)


class LearnedForm(forms.Form):
    """When a lane learned of a moment."""

    lane = forms.CharField(
        label=_("Who learned of it"),
        max_length=LONGEST_NAME,
        help_text=_("A lane: a role, a team or a system. A new name makes a new lane."),
        widget=forms.TextInput(attrs={"list": "learned-lanes"}),
    )
    at = _time(_("Learned at"))
    how = forms.CharField(
        label=_("How"),
        max_length=LONGEST_HOW,
        required=False,
        help_text=_("A call, a page, a colleague. Leave it open if nobody knows any more."),
    )


class WordsForm(forms.Form):
    """How it was for somebody, in their own words."""

    words = _words(_("How it was for you"), 5, required=True)


class LaneForm(forms.Form):
    """A lane's name and sort."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    kind = forms.ChoiceField(label=_("Kind"), choices=Lane.Kind.choices, initial=Lane.Kind.ROLE)


class PlaceForm(forms.Form):
    """Whether, from when and until when a lane could read a place."""

    COULD = (
        ("between", _("For some of the time")),
        ("always", _("At any time")),
        ("never", _("At no time")),
    )
    place = forms.ChoiceField(label=_("Place"))
    could = forms.ChoiceField(label=_("This lane could read it"), choices=COULD, initial="between")
    since = _time(_("From"), required=False)
    until = _time(_("Until"), required=False)

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(place.name, place.name) for place in places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("could") == "between" and not self.errors:
            self._judge(given["since"], given["until"])
        return given

    def _judge(self, since: datetime | None, until: datetime | None) -> None:
        if code := problem_of_window(since, until):
            self.add_error("until" if until else "since", wording.problem(code))


class TableForm(forms.Form):
    """A Markdown table to bring in."""

    table = forms.CharField(
        label=_("Table in Markdown"),
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "placeholder": EXAMPLE}),
    )
